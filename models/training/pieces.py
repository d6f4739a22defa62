"""Which pieces of the base's vocabulary the model keeps. Their embeddings are most of such a model, and most are of other languages.

What customers write must not fall apart: a word that is split, or an emoji that is unknown, says little. The embeddings themselves are
the base's in every run, so that a run may go on from one that kept other pieces.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
from tokenizers import models as tokenizer_models

LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl")
_SPECIAL = 4  # <s>, <pad>, </s>, <unk>
_UNKNOWN = 3
_EMOJI = ((0x1F000, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF))

STAND_INS = {
    **dict.fromkeys("🤬🖕", "😡"),
    **dict.fromkeys("🤮🤢🥴", "😖"),
    **dict.fromkeys("💩🚮🗑🪳", "👎"),
    **dict.fromkeys("🥺🥲", "😢"),
    **dict.fromkeys("🥹", "😊"),
    **dict.fromkeys("🤯", "😱"),
    **dict.fromkeys("🥳", "🎉"),
    **dict.fromkeys("🫶🤍🤎🩷🩵", "❤"),
    **dict.fromkeys("🫠", "😅"),
    **dict.fromkeys("🤒🤕🤧", "😷"),
    **dict.fromkeys("🥱", "😴"),
    **dict.fromkeys("🧐", "🤔"),
    **dict.fromkeys("🥵🥶", "😰"),
    "\u200d": "\ufe0f",  # what joins emoji: as little as what makes a sign one
}
"""Emoji that are younger than the base, and the older ones whose embeddings they are given."""


class Piece(NamedTuple):
    """A piece of the vocabulary: its text ("▁" begins a word), log probability, and the row of its embedding in the base."""

    text: str
    score: float
    row: int


def kept_pieces(pieces: Sequence[Piece], ranks: Mapping[str, int], needed: Iterable[str] = ()) -> list[Piece]:
    """Pieces to keep: of each script in `ranks` the commonest, up to the rank given; all that the needed texts are made of; all emoji.

    A piece without letters counts as script "".
    """
    rows = set(range(_SPECIAL)) | _rows_of(pieces, needed)
    kept = [each for each in pieces if each.row in rows or _is_common(each, ranks) or _has_emoji(each.text)]
    known = {each.text: each for each in kept}
    young = (known[old]._replace(text=new) for new, old in STAND_INS.items() if old in known and new not in known)
    return [*kept, *young]


def common_words(count: int) -> list[str]:
    """So many of each language's commonest words, small and capitalised. Source: wordfreq (Speer, 2022)."""
    if not count:
        return []
    from wordfreq import top_n_list  # noqa: PLC0415  # a tiny run needs no words of anybody

    words = chain.from_iterable(top_n_list(language, count) for language in LANGUAGES)
    return [form for word in words for form in (word, word.capitalize())]


def tokenizer_of(pieces: Sequence[Piece]) -> Tokenizer:
    """A Unigram tokenizer over these pieces. Links and handles become one word each, as who is addressed is no opinion."""
    vocabulary = [(each.text, each.score) for each in pieces]
    tokenizer = Tokenizer(tokenizer_models.Unigram(vocabulary, unk_id=_UNKNOWN, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFKC(),
            normalizers.Replace(Regex(r"(?:https?://|www\.)\S+"), "http"),
            normalizers.Replace(Regex(r"(?<![\w.])@\w+"), "@user"),
            normalizers.Replace(Regex(r"\s+"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>"])
    return tokenizer


def _rows_of(pieces: Sequence[Piece], texts: Iterable[str]) -> set[int]:
    whole = tokenizer_of(pieces)
    return {pieces[index].row for each in whole.encode_batch(list(texts), add_special_tokens=False) for index in each.ids}


def _is_common(piece: Piece, ranks: Mapping[str, int]) -> bool:
    scripts = {unicodedata.name(each, "?").split()[0] for each in piece.text if each.isalpha()} or {""}
    return all(piece.row < ranks.get(script, 0) for script in scripts)


def _has_emoji(text: str) -> bool:
    return any(first <= ord(each) <= last for each in text for first, last in _EMOJI)
