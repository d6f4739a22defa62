"""What corrections teach: later predictions lean the other way, a little after a few corrections and more after many."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Kind, Prediction, Sentiment
from allears.domain.shift import NO_SHIFT, LabelMove, Shift, shift_of, with_shift
from tests.builders import said

NEGATIVE, NEUTRAL, POSITIVE, MIXED = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE, Sentiment.MIXED
CLOSE = said(p_negative=0.45, p_neutral=0.40, p_positive=0.15, confidence=0.45, score=-0.3)


def moves(corrected: int, of: int = 200) -> list[LabelMove]:
    return [LabelMove(NEGATIVE, NEUTRAL, corrected), LabelMove(NEGATIVE, NEGATIVE, of - corrected), LabelMove(NEUTRAL, NEUTRAL, of)]


def test_without_corrections_nothing_shifts():
    assert shift_of(moves(0)) == shift_of([]) == NO_SHIFT
    assert with_shift(CLOSE, NO_SHIFT) is CLOSE


def test_many_corrections_turn_a_close_call():
    turned = with_shift(CLOSE, shift_of(moves(60)))
    assert turned.sentiment is NEUTRAL
    assert turned.confidence == turned.p_neutral > turned.p_negative
    assert turned.score == pytest.approx(turned.p_positive - turned.p_negative, abs=1e-4)
    assert (turned.kind, turned.urgency, turned.language) == (CLOSE.kind, CLOSE.urgency, CLOSE.language)


def test_but_not_a_plain_word():
    assert with_shift(said(), shift_of(moves(60))).sentiment is NEGATIVE


def test_a_handful_of_corrections_moves_little():
    handful = shift_of([LabelMove(NEGATIVE, NEUTRAL, 5)])
    assert abs(handful.negative) < 0.1
    assert with_shift(CLOSE, handful).p_negative == pytest.approx(CLOSE.p_negative, abs=0.05)


def test_the_shift_is_what_was_true_against_what_was_said():
    shift = shift_of([LabelMove(NEGATIVE, NEUTRAL, 50), LabelMove(NEGATIVE, NEGATIVE, 50), LabelMove(MIXED, POSITIVE, 50)])
    assert shift.negative == pytest.approx(-0.405, abs=1e-3)  # log(100 / 150)
    assert shift.neutral == pytest.approx(0.693, abs=1e-3)  # log(100 / 50)
    assert shift.positive == pytest.approx(0.693, abs=1e-3)


def test_what_the_lot_drew_stands_for_all_where_hardly_anything_was_corrected():
    drawn = [LabelMove(NEGATIVE, NEUTRAL, 100, 100), LabelMove(NEGATIVE, NEGATIVE, 100_000, 200), LabelMove(NEUTRAL, NEUTRAL, 50_000, 100)]
    shift = shift_of(drawn)
    assert shift.negative == pytest.approx(-0.336, abs=1e-3)  # log(250 / 350)
    assert shift.neutral == pytest.approx(0.511, abs=1e-3)  # log(250 / 150)
    unseen = shift_of([replace(move, drawn=0) for move in drawn])
    assert abs(unseen.negative) < 0.01


def test_a_handful_drawn_moves_little_and_takes_nothing_from_what_was_corrected():
    assert abs(shift_of([LabelMove(NEGATIVE, NEUTRAL, 5, 5), LabelMove(NEGATIVE, NEGATIVE, 1_000, 25)]).negative) < 0.1
    right = [replace(move, drawn=10) if move.true is move.said else move for move in moves(60)]
    assert shift_of(right) == shift_of(moves(60))


def test_mixed_words_stay_mixed():
    mixed = replace(CLOSE, sentiment=MIXED, confidence=0.7)
    shifted = with_shift(mixed, shift_of(moves(150)))
    assert (shifted.sentiment, shifted.confidence) == (MIXED, 0.7)
    assert shifted.p_negative < CLOSE.p_negative


def test_a_label_that_is_not_the_likeliest_of_the_three_stays_while_none_overtakes_another():
    """A model that knows `mixed` as a fourth may call neutral what is likelier negative among the three."""
    odd = said(Kind.OTHER, NEUTRAL, p_negative=0.45, p_neutral=0.40, p_positive=0.15)
    assert with_shift(odd, Shift(negative=0.01)).sentiment is NEUTRAL


@given(
    st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda each: sum(each) > 0.01),
    st.lists(
        st.builds(LabelMove, st.sampled_from(Sentiment), st.sampled_from(Sentiment), st.integers(0, 10_000)),
        max_size=16,
    ),
)
def test_the_probabilities_go_on_summing_to_one(parts: list[float], counted: list[LabelMove]):
    negative, neutral, positive = (part / sum(parts) for part in parts)
    shifted = with_shift(replace(said(), p_negative=negative, p_neutral=neutral, p_positive=positive), shift_of(counted))
    assert abs(shifted.p_negative + shifted.p_neutral + shifted.p_positive - 1) < 1e-9
    assert -1 <= shifted.score <= 1
    assert isinstance(shifted, Prediction)
