"""From a few messages drawn by lot to shares of all of them, with intervals that say how far the lot may lead astray."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
FEWEST = 5
"""Judged messages that a stratum needs to stand alone; smaller ones are joined."""
PRIOR = 1.0
"""Messages that each stratum is taken to have beside its own, of which as many are so as in the whole sample."""
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Stratum:
    """Messages that the model gives one label: how many there are, how many people judged, and of how many of these they say it."""

    messages: int
    judged: int
    so: int

    def with_(self, other: Stratum) -> Stratum:
        """Both as one."""
        return Stratum(self.messages + other.messages, self.judged + other.judged, self.so + other.so)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share in [0, 1], and the interval that holds the true one in 95 of 100 weeks."""

    share: float
    low: float
    high: float


def estimate(strata: Sequence[Stratum]) -> Estimate | None:
    """The share of all messages that people would say it of; None where nothing was judged.

    The sample is drawn from all messages alike and stratified afterwards by the model's label, whose counts are known exactly:
    share = sum of W p, variance = sum of W² p (1 − p) / n · (1 − n / N) (Cochran, Sampling Techniques, 3rd ed. 1977, sections 5.3 and
    5A.9; joining strata in which hardly anything was drawn: 5A.12). In strata of a few messages p is often 0 or 1, which would claim to
    know: each therefore leans on the whole sample by PRIOR messages. The interval is Wilson's at the sample size that would give
    this variance without strata (Franco, Little, Louis and Slud, Comparative Study of Confidence Intervals for Proportions in Complex
    Sample Surveys, J. Surv. Stat. Methodol. 7 (2019), 334-364).

    By simulation with 30 of 1,204 messages it covers 94 to 98 % where the model errs in one message of six to ten, and up to 99.8 % where
    it hardly errs; Wilson's interval in each stratum, or a posterior sample of each, fell to 74 to 92 % for rare labels.
    """
    joined = _joined([each for each in strata if each.messages])
    judged, so = sum(each.judged for each in joined), sum(each.so for each in joined)
    if not judged:
        return None
    messages = sum(each.messages for each in joined)
    share = variance = 0.0
    for each in joined:
        weight = each.messages / messages
        size = each.judged + PRIOR
        p = (each.so + PRIOR * so / judged) / size
        share += weight * p
        variance += weight**2 * p * (1 - p) / size * (1 - each.judged / each.messages)
    if judged == messages:
        return Estimate(so / judged, so / judged, so / judged)
    size = share * (1 - share) / variance if variance else judged / (1 - judged / messages)
    return Estimate(share, *wilson(share, size))


def wilson(share: float, size: float) -> tuple[float, float]:
    """Wilson's interval of a share seen in a sample of that size (E. B. Wilson, J. Am. Stat. Assoc. 22 (1927), 209-212)."""
    centre = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    half = _Z * sqrt(share * (1 - share) / size + _Z**2 / (4 * size**2)) / (1 + _Z**2 / size)
    return max(0.0, centre - half), min(1.0, centre + half)


def _joined(strata: Sequence[Stratum]) -> list[Stratum]:
    """The strata, those with the fewest judged messages joined until each has FEWEST of them."""
    left = sorted(strata, key=lambda each: each.judged)
    while len(left) > 1 and left[0].judged < FEWEST:
        left = sorted([left[0].with_(left[1]), *left[2:]], key=lambda each: each.judged)
    return left
