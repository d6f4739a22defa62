"""From logits to probabilities that mean what they say; fitted on the corpus's dev split when the model is made."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from allears.errors import ConfigurationError
from models.encoder.heads import KINDS, SENTIMENTS, SIGNALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

FILE = "calibration.json"


@dataclass(frozen=True, slots=True)
class Calibration:
    """For each head, logits are divided by the temperature after the bias was added.

    A signal counts from its threshold on; a text is mixed where two of its sentences are as sure of opposite sides as `disagreement`.
    """

    sentiment_temperature: float = 1.0
    sentiment_bias: tuple[float, ...] = (0.0,) * len(SENTIMENTS)
    kind_temperature: float = 1.0
    kind_bias: tuple[float, ...] = (0.0,) * len(KINDS)
    signal_thresholds: tuple[float, ...] = (0.5,) * len(SIGNALS)
    disagreement: float = 0.8

    def sentiment(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of SENTIMENTS, of the shape of the logits."""
        return _softmax((logits + np.array(self.sentiment_bias, np.float32)) / self.sentiment_temperature)

    def kind(self, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        """Probabilities of KINDS, of the shape of the logits."""
        return _softmax((logits + np.array(self.kind_bias, np.float32)) / self.kind_temperature)

    def write(self, folder: Path) -> None:
        """Keep it in a model's folder."""
        (folder / FILE).write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def read(folder: Path) -> Calibration:
    """A model folder's calibration. Raises ConfigurationError where it can't be read."""
    try:
        known: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
        values: dict[str, Any] = {name: tuple(each) if isinstance(each, list) else each for name, each in known.items()}
        return Calibration(**values)
    except (OSError, ValueError, TypeError) as error:
        raise ConfigurationError(f"model.name: {folder / FILE} cannot be read: {error}") from error


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    exponents = np.exp(logits - logits.max(axis=-1, keepdims=True))
    probabilities: NDArray[np.float32] = exponents / exponents.sum(axis=-1, keepdims=True)
    return probabilities
