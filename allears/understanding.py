"""Messages are understood: what they express, what they are about, and whom they praise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from allears.domain.feedback import FeedbackItem, Kind, Prediction, Sentiment, Understanding
from allears.domain.meaning import signs
from allears.domain.naming import named_in
from allears.domain.people import Directory
from allears.domain.shift import NO_SHIFT, Shift, shift_of, with_shift
from allears.domain.stars import with_stars
from allears.domain.topics import Topic
from allears.finding_topics import TopicFinder
from allears.ports import Classifier, Clock, Store

BATCH = 500
CORRECTIONS_COUNT = timedelta(days=180)
"""How long a message counts in the label shift."""


@dataclass(frozen=True)
class Reader:
    """What understanding works with: the classifier, the business's topics, its people, and what corrections taught."""

    classifier: Classifier
    topics: tuple[Topic, ...]
    directory: Directory
    shift: Shift = NO_SHIFT

    @cached_property
    def _finder(self) -> TopicFinder:
        return TopicFinder(self.topics, self.classifier)

    def understand(self, items: Sequence[FeedbackItem]) -> list[Understanding]:
        """One understanding an item, in order."""
        texts = [item.words for item in items]
        words, vectors = self._finder.read(texts)
        unshifted = [with_stars(said, item.rating) for said, item in zip(words, items, strict=True)]
        predictions = [with_shift(said, self.shift) for said in unshifted]
        topics = self._finder.find(texts, vectors, [_is_quoted(item, said) for item, said in zip(items, predictions, strict=True)])
        praised = self._praised(items, predictions)
        meanings = [None] * len(items) if vectors is None else signs(vectors)
        return [
            Understanding(
                item.id,
                said,
                about,
                names,
                self.classifier.version,
                None if said.sentiment is own.sentiment else own.sentiment,
                meaning,
            )
            for item, said, own, about, names, meaning in zip(items, predictions, unshifted, topics, praised, meanings, strict=True)
        ]

    def _praised(self, items: Sequence[FeedbackItem], predictions: Sequence[Prediction]) -> list[tuple[str, ...]]:
        """Who is praised: named in praise, or in a sentence of mixed words that is not negative itself."""
        named = [self._named(item, said) for item, said in zip(items, predictions, strict=True)]
        sentences = [sentence for names in named for sentence in names.values()]
        tones = iter(self.classifier.predict(sentences))
        praised = []
        for said, names in zip(predictions, named, strict=True):
            good = [name for name in names if next(tones).sentiment is not Sentiment.NEGATIVE or said.kind is Kind.PRAISE]
            praised.append(tuple(good))
        return praised

    def _named(self, item: FeedbackItem, said: Prediction) -> dict[str, str]:
        if said.kind is not Kind.PRAISE and said.sentiment not in (Sentiment.POSITIVE, Sentiment.MIXED):
            return {}
        found = named_in(item.words, self.directory, author=item.author)
        if said.kind is Kind.PRAISE and item.source_person in self.directory.people:
            found.setdefault(item.source_person or "", item.text)
        return found


def _is_quoted(item: FeedbackItem, said: Prediction) -> bool:
    """Whether somebody will read why a message is about its topic: what becomes no case is told to nobody."""
    return said.kind not in (Kind.PRAISE, Kind.OTHER) and not item.spam and not item.automated


def learnt_shift(store: Store, classifier: Classifier, clock: Clock) -> Shift:
    """What people's corrections of this model's words teach: read it once a round."""
    return shift_of(store.label_moves(classifier.version, clock.now() - CORRECTIONS_COUNT))


def understand_waiting(store: Store, reader: Reader, progress: Callable[[int], None] = lambda _: None) -> int:
    """Understand every new item, batch by batch, each stored before the next; how many there were."""
    done = 0
    while items := store.items_to_understand(BATCH):
        store.record_understanding(reader.understand(items))
        done += len(items)
        progress(len(items))
    return done
