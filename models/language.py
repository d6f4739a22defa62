"""Which language a text is written in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

UNKNOWN = "und"

# The identifier knows some 130 languages. On a tweet's length the small ones steal texts from their big
# neighbours (Galician from Portuguese, Luxembourgish from German), so only widely written ones take part.
_CANDIDATES = """
    ar bg bn ca cs da de el en es et fa fi fr gu he hi hr hu hy id is it ja ka kk km kn ko lo lt lv mk ml mn mr my
    nl no pa pl ps pt ro ru si sk sl sq sr sv sw ta te th tr uk ur uz vi zh
"""

# Probability below which a guess is no knowledge; one word of a language often stays under it.
_SURE = 0.5

_READ_CHARS = 1_500
_NO_LANGUAGE = re.compile(r"https?://\S+|www\.\S+|[@#]\w+|[\d\W_]+")


def detect(text: str) -> str:
    """ISO 639-1 code of the language of `text`, "und" where it cannot be told (too short, no words). Never raises."""
    words = _NO_LANGUAGE.sub(" ", text[:_READ_CHARS]).strip()
    if not words:
        return UNKNOWN
    code, probability = _identifier().classify(words.lower())
    return str(code) if probability >= _SURE else UNKNOWN


@cache
def _identifier() -> LanguageIdentifier:
    import numpy as np  # noqa: PLC0415  # the same
    from py3langid.langid import (  # noqa: PLC0415  # numpy and the unpacking of its table take most of a second
        MODEL_FILE,
        LanguageIdentifier,
    )

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES.split())
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)  # its rows are read, and it comes column by column
    return identifier
