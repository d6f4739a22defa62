"""The network at work: texts in, what it says of every token out. Batched by length, all cores, no padding waste."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from allears.errors import ConfigurationError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

WEIGHTS = Path("onnx") / "model_quantized.onnx"
TOKENIZER = "tokenizer.json"

_ROOM = 254  # tokens of a window, without the marks at both ends
_WINDOWS_PER_TEXT = 16
_TOKENS_PER_BATCH = 1_024
# What fills all windows of a text with room to spare; keeps one absurd text from stalling a batch.
READ_CHARS = 30_000
_BEGIN, _PAD, _END, _UNKNOWN = range(4)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the network says of one text.

    `logits` has shape (tokens, heads.WIDTH); `starts` and `ends` are the tokens' characters in the text; `embedding` is a unit vector;
    `unread` is the share of the letters that the vocabulary does not know.
    """

    logits: NDArray[np.float32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    embedding: NDArray[np.float32]
    unread: float


@dataclass(frozen=True, slots=True)
class _Encoded:
    ids: list[int]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    unread: float


_Part: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float32]]"
"""Token logits and embedding of one window."""


class Session:
    """A loaded network. One session serves all threads; each batch runs on one core."""

    def __init__(self, folder: Path, weights: Path = WEIGHTS) -> None:
        import onnxruntime  # noqa: PLC0415  # need not be loaded to print help
        from tokenizers import Tokenizer  # noqa: PLC0415  # the same

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
            self._session = onnxruntime.InferenceSession(str(folder / weights), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # both libraries raise their own kinds, and bare Exception
            raise ConfigurationError(f"model.name: the model in {folder} cannot be loaded: {str(error).splitlines()[0]}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    def read(self, texts: Sequence[str]) -> list[Tokens]:
        """What the network says of each text, in order. Odd text never raises."""
        said = dict(self.stream(texts))
        return [said[index] for index in range(len(texts))]

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, Tokens]]:
        """What the network says of each text with its index, as soon as it is known: the caller works on it while the network goes on."""
        encoded = self._encode(texts)
        windows = [(owner, window) for owner, each in enumerate(encoded) for window in _windows(each.ids)]
        groups = list(batches([len(window) for _, window in windows]))
        parts: dict[int, dict[int, _Part]] = {owner: {} for owner in range(len(texts))}
        wanted = Counter(owner for owner, _ in windows)
        with ThreadPoolExecutor(self._workers) as pool:
            for group, results in zip(
                groups, pool.map(self._run, [[windows[index][1] for index in group] for group in groups]), strict=True
            ):
                for index, result in zip(group, results, strict=True):
                    owner = windows[index][0]
                    parts[owner][index] = result
                    if len(parts[owner]) == wanted[owner]:
                        yield owner, _joined(encoded[owner], [part for _, part in sorted(parts.pop(owner).items())])

    def _encode(self, texts: Sequence[str]) -> list[_Encoded]:
        clean = [text[:READ_CHARS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [
            _encoded(text, each) for text, each in zip(clean, self._tokenizer.encode_batch(clean, add_special_tokens=False), strict=True)
        ]

    def _run(self, windows: Sequence[list[int]]) -> list[_Part]:
        """Token logits, without the marks at both ends, and embedding of each window of one batch."""
        longest = max(map(len, windows)) + 2
        ids = np.full((len(windows), longest), _PAD, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window) + 2] = [_BEGIN, *window, _END]
            mask[row, : len(window) + 2] = 1
        logits, embeddings = self._session.run(None, {"input_ids": ids, "attention_mask": mask})
        return [(logits[row, 1 : len(window) + 1], embeddings[row]) for row, window in enumerate(windows)]


def _encoded(text: str, encoding: object) -> _Encoded:
    ids: list[int] = encoding.ids  # type: ignore[attr-defined]  # tokenizers is untyped
    offsets = np.array(encoding.offsets, dtype=np.int32).reshape(-1, 2)  # type: ignore[attr-defined]  # the same
    unknown = [text[start:end] for each, (start, end) in zip(ids, offsets, strict=True) if each == _UNKNOWN] if _UNKNOWN in ids else []
    ids, offsets = _head_and_tail(ids, offsets)
    strange = sum(letter.isalpha() for part in unknown for letter in part)
    letters = sum(map(str.isalpha, text)) if strange else 1
    return _Encoded(ids, offsets[:, 0], offsets[:, 1], strange / max(letters, 1))


def _windows(ids: list[int]) -> list[list[int]]:
    """Token ids in windows the network can hold; at least one, even for no text."""
    return [ids[start : start + _ROOM] for start in range(0, max(len(ids), 1), _ROOM)]


def _head_and_tail(ids: list[int], offsets: NDArray[np.int32]) -> tuple[list[int], NDArray[np.int32]]:
    """Of an overlong text, what fills its windows from both ends: what a customer wants stands at the start or at the end."""
    half = _WINDOWS_PER_TEXT * _ROOM // 2
    if len(ids) <= 2 * half:
        return ids, offsets
    return ids[:half] + ids[-half:], np.concatenate([offsets[:half], offsets[-half:]])


def _joined(encoded: _Encoded, parts: list[_Part]) -> Tokens:
    """One text's windows as one; its embedding is their mean, each weighing by its tokens."""
    if len(parts) == 1:
        return Tokens(parts[0][0], encoded.starts, encoded.ends, parts[0][1], encoded.unread)
    logits = np.concatenate([each for each, _ in parts])
    mean = np.average([each for _, each in parts], axis=0, weights=[len(each) for each, _ in parts])
    return Tokens(logits, encoded.starts, encoded.ends, mean / np.linalg.norm(mean), encoded.unread)


def batches(lengths: Sequence[int], tokens: int = _TOKENS_PER_BATCH) -> Iterator[list[int]]:
    """Indices grouped so that windows of like length run together and no padded batch holds more than `tokens`; the longest first."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * (lengths[batch[0]] + 2) > tokens:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
