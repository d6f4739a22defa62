"""The corpus under models/corpus: sound rows, enough of every language, no two alike, split by trade."""

import re
from collections import Counter, defaultdict

import pytest

from allears.domain.feedback import Kind, Sentiment
from models.corpus import Message, messages
from models.encoder.heads import SIGNALS

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
CHANNELS = {"email", "form", "post", "review", "app"}
ALIKE = 0.5
"""Share of five-letter pieces that two messages have in common, from which on they are one."""


@pytest.fixture(scope="module")
def corpus() -> list[Message]:
    return list(messages())


def test_every_row_is_sound(corpus: list[Message]):
    for message in corpus:
        assert message.text.strip() == message.text != "", message.id
        assert message.channel in CHANNELS, message.id
        assert isinstance(message.sentiment, Sentiment), message.id
        assert isinstance(message.kind, Kind), message.id
        assert set(message.signals or ()) <= set(SIGNALS), message.id
        assert message.split == "train" or message.signals is not None, message.id
        assert all(0 <= start < end <= len(message.text) for start, end in message.spans), message.id
        assert message.id.startswith(f"{message.language}-{message.trade}-"), message.id
    assert len({message.id for message in corpus}) == len(corpus)


def test_there_is_enough_of_every_language(corpus: list[Message]):
    of_language = Counter(message.language for message in corpus)
    assert set(of_language) == set(LANGUAGES)
    assert min(of_language.values()) >= 800
    assert len(corpus) >= 8_000
    for split in ("train", "dev", "test"):
        for language in LANGUAGES:
            there = {message.sentiment for message in corpus if message.split == split and message.language == language}
            assert there == set(Sentiment), (split, language)


def test_no_trade_is_in_two_splits(corpus: list[Message]):
    splits: dict[str, set[str]] = defaultdict(set)
    for message in corpus:
        splits[message.trade].add(message.split)
    assert {trade: found for trade, found in splits.items() if len(found) > 1} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_messages_are_alike(corpus: list[Message], language: str):
    """Of one or two words only, people do say the same."""
    told = [message for message in corpus if message.language == language and len(re.findall(r"\w+", message.text)) > 2]
    pieces = [_pieces(message.text) for message in told]
    common = Counter(piece for mine in pieces for piece in mine)
    holders: dict[str, list[int]] = defaultdict(list)
    alike = []
    for index, mine in sorted(enumerate(pieces), key=lambda each: len(each[1])):
        # Two sets that share half of all their pieces share one of the rarer half of each (prefix filtering, Chaudhuri et al., 2006),
        # and neither is twice as large as the other.
        rare = sorted(mine, key=lambda piece: (common[piece], piece))[: len(mine) // 2 + 1]
        others = {other for piece in rare for other in holders[piece] if len(pieces[other]) >= ALIKE * len(mine)}
        alike += [(told[other].id, told[index].id) for other in others if len(mine & pieces[other]) > ALIKE * len(mine | pieces[other])]
        for piece in rare:
            holders[piece].append(index)
    assert alike == []


def _pieces(text: str) -> set[str]:
    words = " ".join(re.findall(r"\w+", text.lower()))
    return {words[at : at + 5] for at in range(max(1, len(words) - 4))}
