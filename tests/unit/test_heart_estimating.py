"""Shares of a week from a few of its messages: the intervals hold what they promise."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.estimating import Estimate, Stratum, estimate, wilson

WEEKS = 2_000
SKEWED = ((0.70, 0.15, 0.10, 0.05), (0.90, 0.75, 0.70, 0.50))
EVEN = ((0.30, 0.30, 0.30, 0.10), (0.85, 0.80, 0.80, 0.50))
RARE = ((0.85, 0.08, 0.05, 0.02), (0.95, 0.70, 0.60, 0.50))
GOOD = ((0.60, 0.25, 0.10, 0.05), (0.97, 0.95, 0.90, 0.80))
KINDS = ((0.45, 0.25, 0.15, 0.05, 0.10), (0.90, 0.95, 0.85, 0.60, 0.70))
Business = tuple[tuple[float, ...], tuple[float, ...]]


def a_week(chance: random.Random, business: Business, messages: int) -> list[tuple[int, int]]:
    """What each message of a week is and what the model says: as often right as the business's second row tells."""
    shares, right = business
    labels = range(len(shares))
    found = []
    for true in chance.choices(labels, shares, k=messages):
        wrong = [label for label in labels if label != true]
        found.append((true, true if chance.random() < right[true] else chance.choice(wrong)))
    return found


def coverage(business: Business, messages: int, drawn: int = 30) -> list[float]:
    """In how many of 2,000 weeks the interval of each label holds its true share."""
    chance = random.Random(7)
    labels = range(len(business[0]))
    held = Counter[int]()
    for number in range(WEEKS):
        if number % 40 == 0:
            week = a_week(chance, business, messages)
            said, true = Counter(s for _, s in week), Counter(t for t, _ in week)
        judged = Counter(chance.sample(week, drawn))
        for label in labels:
            strata = [Stratum(said[s], sum(judged[t, s] for t in labels), judged[label, s]) for s in labels]
            found = estimate(strata)
            assert found is not None
            held[label] += found.low <= true[label] / messages <= found.high
    return [held[label] / WEEKS for label in labels]


@pytest.mark.parametrize("business", [SKEWED, EVEN])
def test_95_of_100_intervals_hold_the_true_share_of_each_label(business: Business):
    assert all(0.93 <= each <= 0.97 for each in coverage(business, 1204)), coverage(business, 1204)


@pytest.mark.parametrize(("business", "messages"), [(RARE, 1204), (KINDS, 1204), (GOOD, 1204), (SKEWED, 120)])
def test_they_never_claim_to_know_more_than_they_do(business: Business, messages: int):
    assert min(coverage(business, messages)) >= 0.93


def test_what_the_model_says_of_all_makes_the_interval_narrower():
    strata = [Stratum(900, 22, 20), Stratum(300, 8, 1)]
    (together,) = [estimate([strata[0].with_(strata[1])])]
    apart = estimate(strata)
    assert apart is not None
    assert together is not None
    assert apart.high - apart.low < together.high - together.low
    assert apart.share == pytest.approx(0.71, abs=0.02)


def test_the_share_weighs_by_all_messages_and_not_by_what_was_drawn():
    found = estimate([Stratum(1000, 10, 10), Stratum(100, 20, 0)])
    assert found is not None
    assert found.share > 0.85


def test_a_label_that_was_not_drawn_adds_doubt_and_no_guess():
    known = estimate([Stratum(500, 30, 15)])
    unknown = estimate([Stratum(500, 30, 15), Stratum(500, 0, 0)])
    assert known is not None
    assert unknown is not None
    assert unknown.share == pytest.approx(known.share)


def test_nothing_is_said_of_what_nobody_read():
    assert estimate([]) is None
    assert estimate([Stratum(100, 0, 0)]) is None


def test_who_reads_all_messages_knows():
    assert estimate([Stratum(10, 10, 4), Stratum(3, 3, 3)]) == Estimate(7 / 13, 7 / 13, 7 / 13)


def test_wilson_as_published():
    low, high = wilson(0.8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=5))
def test_the_interval_lies_in_0_to_1_around_the_share(parts: list[tuple[int, int, int]]):
    found = estimate([Stratum(messages + judged, judged, min(so, judged)) for messages, judged, so in parts])
    if found is not None:
        assert 0 <= found.low <= found.share + 1e-9
        assert found.share - 1e-9 <= found.high <= 1
