"""Where messages lie by their meaning: the signs of their embeddings, few bits apart where they mean alike.

A sign a dimension keeps of an embedding's 384 numbers what finding the nearest takes: `benchmarks/likeness.py` measures it beside the
whole numbers. Taking a fixed mean off first made it no better, so none is kept.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BITS = 384
"""Dimensions that count; a longer embedding is cut, a shorter one filled with the sign of nothing."""
APART = 135
"""So few bits apart two messages are alike."""


def signs(vectors: NDArray[np.float32]) -> list[bytes | None]:
    """The signs of each vector of shape (texts, dimensions), 48 bytes; None for one of zeros, whose text could not be read."""
    import numpy as np  # noqa: PLC0415  # only loaded where texts are placed

    placed = np.zeros((len(vectors), BITS), bool)
    width = min(BITS, vectors.shape[1]) if len(vectors) else 0
    placed[:, :width] = vectors[:, :width] > 0
    packed = np.packbits(placed, axis=1)
    return [row.tobytes() if vector.any() else None for row, vector in zip(packed, vectors, strict=True)]


def nearness(apart: int) -> float:
    """How near so many bits apart is: about the cosine of the two embeddings, 1 for the same meaning, 0 for none in common."""
    return math.cos(math.pi * min(apart, BITS // 2) / BITS)
