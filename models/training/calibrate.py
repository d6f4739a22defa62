"""Fit temperature, bias and thresholds on the dev split, with the int8 model as it will be at work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from allears.domain.feedback import Sentiment
from models.corpus import Message
from models.encoder.calibration import Calibration
from models.encoder.heads import KIND, KINDS, SENTIMENT, SENTIMENTS, SIGNALS
from models.encoder.pooling import Shares, chances_of_signals, shares_of
from models.encoder.sentences import sentences, telling
from models.encoder.session import Session

if TYPE_CHECKING:
    from numpy.typing import NDArray

_TIES = 0.05  # how strongly a bias is held at 0
_THRESHOLDS = np.arange(0.35, 0.96, 0.05)  # lower ones are heard where there is nothing: the dev split has few near misses
_DISAGREEMENTS = np.arange(0.5, 1.01, 0.025)


def calibrate(session: Session, messages: Sequence[Message]) -> Calibration:
    """The calibration that fits these messages best."""
    read = [shares_of(tokens) for tokens in session.read([message.text for message in messages])]
    whole = np.array([each.whole for each in read])
    sentiments = [SENTIMENTS.index(message.sentiment) for message in messages]
    temperature, bias = _fit(whole[:, SENTIMENT], sentiments)
    kind_temperature, kind_bias = _fit(whole[:, KIND], [KINDS.index(message.kind) for message in messages])
    fitted = Calibration(temperature, bias, kind_temperature, kind_bias, _thresholds(read, messages))
    return replace(fitted, disagreement=_disagreement(fitted, whole, read, messages, sentiments))


def _fit(logits: NDArray[np.float32], labels: Sequence[int]) -> tuple[float, tuple[float, ...]]:
    """Temperature and bias of least cross entropy (Guo et al., 2017).

    Nothing is sharpened: the dev split is more like what was trained on than a customer's mail will be.
    """
    given, truth = torch.from_numpy(logits), torch.tensor(labels)
    log_temperature = torch.zeros(1, requires_grad=True)
    bias = torch.zeros(logits.shape[1], requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature, bias], max_iter=200)

    def loss() -> torch.Tensor:
        optimizer.zero_grad()
        value = functional.cross_entropy((given + bias) / log_temperature.exp(), truth) + _TIES * bias.square().mean()
        value.backward()
        return value

    optimizer.step(loss)
    return max(1.0, float(log_temperature.detach().exp())), tuple(bias.detach().tolist())


def _thresholds(read: Sequence[Shares], messages: Sequence[Message]) -> tuple[float, ...]:
    heard = np.array([_signals(shares, message.text) for shares, message in zip(read, messages, strict=True)])
    carried = np.array([[signal in (message.signals or ()) for signal in SIGNALS] for message in messages])
    return tuple(_threshold(heard[:, at], carried[:, at]) for at in range(len(SIGNALS)))


def _threshold(chances: NDArray[np.floating], truth: NDArray[np.bool_]) -> float:
    return _best(_THRESHOLDS, lambda level: _f1(chances >= level, truth))


def _signals(shares: Shares, text: str) -> NDArray[np.float32]:
    stands = sentences(text) or [(0, len(text))]
    return chances_of_signals(shares.whole, shares.pooled(stands)[telling(text, stands)])


def _disagreement(
    fitted: Calibration, whole: NDArray[np.float32], read: Sequence[Shares], messages: Sequence[Message], labels: Sequence[int]
) -> float:
    """From which sureness on two sentences that disagree make a text mixed."""
    mixed, negative, positive = map(SENTIMENTS.index, (Sentiment.MIXED, Sentiment.NEGATIVE, Sentiment.POSITIVE))
    likeliest = fitted.sentiment(whole[:, SENTIMENT]).argmax(axis=1)
    sides = np.zeros(len(read))
    for index, (shares, message) in enumerate(zip(read, messages, strict=True)):
        stands = sentences(message.text)
        if len(stands) > 1:
            most = fitted.sentiment(shares.pooled(stands)[:, SENTIMENT]).max(axis=0)
            sides[index] = min(most[negative], most[positive])
    truth = np.array(labels)
    return _best(_DISAGREEMENTS, lambda level: _macro_f1(np.where(sides >= level, mixed, likeliest), truth))


def _best(values: NDArray[np.float64], score: Callable[[float], float]) -> float:
    """The value of the highest score; of equals the one in their middle."""
    scores = [score(float(value)) for value in values]
    best = [value for value, each in zip(values, scores, strict=True) if each >= max(scores) - 1e-9]
    return round(float(best[len(best) // 2]), 3)


def _f1(guessed: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    whole = int(guessed.sum() + truth.sum())
    return 2 * int((guessed & truth).sum()) / whole if whole else 0.0


def _macro_f1(guessed: NDArray[np.int64], truth: NDArray[np.int64]) -> float:
    return float(np.mean([_f1(guessed == each, truth == each) for each in range(len(SENTIMENTS))]))
