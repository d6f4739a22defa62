"""Texts with the labels that people gave, ready to be compared with what a model says."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle

from allears.domain.feedback import Kind, Sentiment
from models.corpus import Message

CORPUS = "corpus"
FEATURE = "feature"
LONG_SLICE = "2,000 words"

_LONG_TEXTS = 100
_LONG_WORDS = 2_000
_SEED = 7


@dataclass(frozen=True, slots=True)
class Labelled:
    """Labelled texts. All sequences are as long as `texts`, and in its order.

    `columns` says by name what each text's values of a column are; `kinds` and `signals` stand only where people labelled them.
    `beside` holds further texts by the name of their slice: they make one more value of `feature`, and count nowhere else.
    """

    name: str
    texts: Sequence[str]
    labels: Sequence[Sentiment]
    columns: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    kinds: Sequence[Kind] | None = None
    signals: Sequence[tuple[str, ...]] | None = None
    beside: Mapping[str, Labelled] = field(default_factory=dict)


def of_corpus(messages: Sequence[Message]) -> Labelled:
    """Corpus messages, by language, channel, trade and feature, with long texts beside them."""
    return Labelled(
        name=CORPUS,
        texts=[each.text for each in messages],
        labels=[each.sentiment for each in messages],
        columns={
            "language": [(each.language,) for each in messages],
            "channel": [(each.channel,) for each in messages],
            "trade": [(each.trade,) for each in messages],
            FEATURE: [_features(each) for each in messages],
        },
        kinds=[each.kind for each in messages],
        signals=[each.signals or () for each in messages],
        beside={LONG_SLICE: amid_neutral(messages)},
    )


def amid_neutral(messages: Sequence[Message], texts: int = _LONG_TEXTS, words: int = _LONG_WORDS) -> Labelled:
    """Up to `texts` negative and positive messages, each in the middle of about `words` words of neutral ones in its language.

    The same in every run. Languages without a neutral message are left out.
    """
    chance = random.Random(_SEED)  # noqa: S311  # a sample, no secret
    neutral = {each.language: [other.text for other in messages if _is_neutral_in(each.language, other)] for each in messages}
    clear = [each for each in messages if each.sentiment in {Sentiment.NEGATIVE, Sentiment.POSITIVE} and neutral[each.language]]
    sample = chance.sample(clear, min(texts, len(clear)))
    return Labelled(
        name=LONG_SLICE,
        texts=[_surrounded(each.text, chance.sample(neutral[each.language], len(neutral[each.language])), words) for each in sample],
        labels=[each.sentiment for each in sample],
    )


def _features(message: Message) -> tuple[str, ...]:
    return (*message.features, *(["mixed"] if message.sentiment is Sentiment.MIXED else []))


def _is_neutral_in(language: str, message: Message) -> bool:
    return message.language == language and message.sentiment is Sentiment.NEUTRAL


def _surrounded(text: str, neutral: Sequence[str], words: int) -> str:
    endless = cycle(neutral)
    return "\n".join([*_filling(endless, words // 2), text, *_filling(endless, words - words // 2)])


def _filling(texts: Iterator[str], words: int) -> Iterator[str]:
    while words > 0:
        text = next(texts)
        words -= len(text.split())
        yield text
