"""Any Transformers sequence-classification checkpoint as a classifier.

The checkpoint says the sentiment; kind, urgency and language follow from it and from the lexicon's cues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from allears.domain.feedback import Prediction, Sentiment
from allears.errors import ConfigurationError
from models.checkpoint import LabelMap, configuration, label_map, unreadable
from models.lexicon.judgement import judged
from models.lexicon.reading import read
from models.opinion import Opinion

if TYPE_CHECKING:
    import torch

_LONGEST_WINDOW = 512
_WINDOWS_PER_TEXT = 16
_TOKENS_PER_BATCH = 4_096

# Characters read of one text: what fills all of its windows with room to spare. Keeps one absurd text from stalling a batch.
_READ_CHARS = 60_000

# Two windows disagree when each is this sure of its side.
_SURE = 0.6


class TransformersClassifier:
    """A checkpoint on the best device there is. Long texts are read in windows; windows are batched by length."""

    def __init__(self, model: Any, tokenizer: Any, labels: LabelMap, device: torch.device, version: str) -> None:
        self._model, self._tokenizer, self._labels, self._device = model, tokenizer, labels, device
        positions = getattr(model.config, "max_position_embeddings", None) or _LONGEST_WINDOW
        # RoBERTa counts its positions from 2 on and says so only in this sum.
        offset = 2 if "roberta" in model.config.model_type or model.config.model_type == "camembert" else 0
        self._window = min(_LONGEST_WINDOW, positions - offset, tokenizer.model_max_length)
        self._before, self._after = _special_tokens(tokenizer)
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
            model.config.pad_token_id = tokenizer.pad_token_id
        self.version = version

    @classmethod
    def open(cls, source: str, meant: Mapping[str, str]) -> TransformersClassifier:
        """Load a checkpoint by folder or hub name, downloaded where it is not cached; `meant` as in `label_map`.

        Raises ConfigurationError.
        """
        import torch  # noqa: PLC0415  # an optional extra, and seconds to import
        from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415  # the same

        config = configuration(source)
        labels = label_map(config.id2label, meant)
        if not any("SequenceClassification" in name for name in config.architectures or ()):
            raise ConfigurationError(f"model.name: {source!r} is no sequence-classification checkpoint (it is {config.architectures}).")
        try:
            tokenizer = AutoTokenizer.from_pretrained(source)
            model = AutoModelForSequenceClassification.from_pretrained(source)
        except (OSError, ValueError, ImportError) as error:
            raise unreadable(source, error) from error
        device = torch.device("cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu")
        revision = getattr(config, "_commit_hash", None)
        name = Path(source).name if Path(source).is_dir() else source
        return cls(model.to(device).eval(), tokenizer, labels, device, f"{name}@{revision[:12]}" if revision else name)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order. Odd text never raises."""
        return [self._judge(text, opinions) for text, opinions in zip(texts, self._opinions(texts), strict=True)]

    def _judge(self, text: str, windows: list[tuple[Opinion, int]]) -> Prediction:
        opinion = _average(windows)
        sides = {each.likeliest for each, _ in windows if each.confidence(each.likeliest) >= _SURE}
        mixed = {Sentiment.NEGATIVE, Sentiment.POSITIVE} <= sides
        return judged(read(text), opinion, Sentiment.MIXED if mixed else opinion.likeliest)

    def _opinions(self, texts: Sequence[str]) -> list[list[tuple[Opinion, int]]]:
        """For each text, the model's opinion of each of its windows with the window's length in tokens."""
        windows = [(owner, window) for owner, text in enumerate(texts) for window in self._windows(text)]
        opinions: dict[int, list[tuple[int, Opinion, int]]] = defaultdict(list)
        for batch in _batches([len(window) for _, window in windows]):
            for index, opinion in zip(batch, self._run([windows[index][1] for index in batch]), strict=True):
                owner, window = windows[index]
                opinions[owner].append((index, opinion, len(window)))
        return [
            [(opinion, length) for _, opinion, length in sorted(opinions[owner], key=lambda each: each[0])] for owner in range(len(texts))
        ]

    def _windows(self, text: str) -> list[list[int]]:
        """Token ids of a text in windows the model can hold, special tokens included; at least one, even for no text."""
        clean = text[:_READ_CHARS].encode("utf-8", "replace").decode("utf-8")
        ids = self._tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"]
        room = self._window - len(self._before) - len(self._after)
        starts = list(range(0, max(len(ids), 1), room))
        if len(starts) > _WINDOWS_PER_TEXT:
            half = _WINDOWS_PER_TEXT // 2
            starts = starts[:half] + starts[-half:]
        windows = [self._before + ids[start : start + room] + self._after for start in starts]
        return [window or [self._tokenizer.pad_token_id] for window in windows]

    def _run(self, windows: list[list[int]]) -> list[Opinion]:
        import torch  # noqa: PLC0415  # an optional extra

        padded = self._tokenizer.pad({"input_ids": windows}, return_tensors="pt").to(self._device)
        with torch.inference_mode():
            logits = self._model(input_ids=padded["input_ids"], attention_mask=padded["attention_mask"]).logits
        return [self._opinion(row) for row in torch.softmax(logits.float(), dim=-1).tolist()]

    def _opinion(self, probabilities: list[float]) -> Opinion:
        whole = sum(probabilities)
        share = {
            sentiment: sum(p for p, each in zip(probabilities, self._labels.sentiments, strict=True) if each is sentiment) / whole
            for sentiment in (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE)
        }
        score = sum(p * value for p, value in zip(probabilities, self._labels.values, strict=True)) / whole
        return Opinion(share[Sentiment.NEGATIVE], share[Sentiment.NEUTRAL], share[Sentiment.POSITIVE], score)


def _special_tokens(tokenizer: Any) -> tuple[list[int], list[int]]:
    """What a checkpoint wants before and after a text, seen on a word: not every tokenizer can be asked for it."""
    word = tokenizer("good", add_special_tokens=False)["input_ids"]
    whole = tokenizer("good")["input_ids"]
    start = next(index for index in range(len(whole)) if whole[index : index + len(word)] == word)
    return whole[:start], whole[start + len(word) :]


def _average(windows: list[tuple[Opinion, int]]) -> Opinion:
    """The opinion of a whole text: its windows', each weighing by its length."""
    whole = sum(length for _, length in windows)
    return Opinion(
        negative=sum(each.negative * length for each, length in windows) / whole,
        neutral=sum(each.neutral * length for each, length in windows) / whole,
        positive=sum(each.positive * length for each, length in windows) / whole,
        score=sum(each.score * length for each, length in windows) / whole,
    )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Indices grouped so that windows of like length run together and no padded batch exceeds the token budget."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > _TOKENS_PER_BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
