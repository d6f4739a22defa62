"""Why a day is unusual, and how far a share may be off."""

from __future__ import annotations

import random
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Sentiment
from allears.domain.shift import LabelMove
from allears.domain.trends import ComplaintsOf, Split
from app.dashboard.figures.causes import Cause, cause_of, days_needed
from app.dashboard.figures.likely import FEWEST_JUDGED, corrected, error, net, share
from app.dashboard.figures.usual import Day, usual_range

MONDAY = date(2026, 11, 16)
WEEKS = tuple(MONDAY - timedelta(weeks=back) for back in range(1, 9))
NEGATIVE, NEUTRAL, POSITIVE = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE


def a_day(complaints: int, usually: int) -> Day:
    return Day(MONDAY, complaints, usual_range([usually] * 8), complete=True, weeks=WEEKS)


def of(split: Split, key: str | None, usually: int, on_the_day: int) -> list[ComplaintsOf]:
    return [ComplaintsOf(MONDAY, split, key, on_the_day), *(ComplaintsOf(week, split, key, usually) for week in WEEKS)]


def causes(day: Day, *parts: list[ComplaintsOf]) -> Cause | None:
    return cause_of(day, [each for part in parts for each in part])


class TestCauses:
    def test_the_topic_that_rose_is_named_and_not_the_channel_by_which_most_come_anyway(self):
        cause = causes(
            a_day(61, 21),
            of(Split.TOPIC, "billing", 3, 41),
            of(Split.TOPIC, "delivery", 18, 20),
            of(Split.CHANNEL, "email", 19, 57),
            of(Split.SOURCE, "support", 21, 61),
        )
        assert cause is not None
        assert (cause.split, cause.key, cause.complaints, cause.beyond, cause.beyond_in_all) == (Split.TOPIC, "billing", 41, 38, 40)

    def test_a_source_that_broke_explains_a_day_that_is_too_quiet(self):
        cause = causes(
            a_day(10, 30), of(Split.SOURCE, "web", 18, 0), of(Split.SOURCE, "support", 12, 10), of(Split.TOPIC, "billing", 15, 5)
        )
        assert cause is not None
        assert (cause.split, cause.key, cause.complaints, cause.beyond) == (Split.SOURCE, "web", 0, -18)

    def test_where_everything_rose_alike_nothing_is_blamed(self):
        topics = [of(Split.TOPIC, f"topic {number}", 4, 8) for number in range(10)]
        assert causes(a_day(80, 40), *topics) is None

    def test_a_key_within_its_own_usual_range_is_no_cause(self):
        assert causes(a_day(61, 21), of(Split.TOPIC, "billing", 18, 20)) is None

    def test_a_topic_never_seen_before_can_be_the_cause(self):
        cause = cause_of(a_day(61, 21), [ComplaintsOf(MONDAY, Split.TOPIC, "recall", 39)])
        assert cause is not None
        assert (cause.key, cause.usual.middle) == ("recall", 0)

    def test_a_usual_day_needs_no_explanation(self):
        assert causes(a_day(22, 21), of(Split.TOPIC, "billing", 3, 22)) is None
        assert cause_of(Day(MONDAY, 99, None, complete=True), []) is None

    def test_a_day_is_read_with_the_weeks_that_tell_what_is_usual(self):
        assert days_needed([a_day(61, 21)]) == sorted([MONDAY, *WEEKS])
        assert days_needed([]) == []


class TestLikely:
    @pytest.mark.parametrize(("part", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (81, 263, 0.2553, 0.3662)])
    def test_a_share_has_wilsons_interval(self, part: int, of: int, low: float, high: float):
        """The last is the worked example of Newcombe, Statistics in Medicine 17 (1998), 857-872, table I; the others are exact."""
        interval = share(part, of)
        assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))

    @given(st.integers(1, 5000), st.data())
    def test_an_interval_holds_its_value_and_stays_in_bounds(self, of: int, data: st.DataObject):
        part = data.draw(st.integers(0, of))
        other = data.draw(st.integers(0, of - part))
        assert 0 <= share(part, of).low <= part / of + 1e-12
        assert part / of - 1e-12 <= share(part, of).high <= 1
        assert -1 <= net(part, other, of).low < net(part, other, of).high <= 1

    def test_few_judged_messages_say_nothing_of_errors(self):
        assert error([LabelMove(NEGATIVE, NEUTRAL, FEWEST_JUDGED - 1)], lambda each: float(each is NEGATIVE)) is None
        counted = share(30, 100)
        assert corrected(counted, None, 0.0, 1.0) == counted

    def test_a_model_that_calls_too_much_negative_moves_the_band_down_and_widens_it(self):
        moves = [LabelMove(NEGATIVE, NEGATIVE, 60), LabelMove(NEGATIVE, NEUTRAL, 20), LabelMove(POSITIVE, POSITIVE, 120)]
        counted = share(400, 1000)
        band = corrected(counted, error(moves, lambda each: float(each is NEGATIVE)), 0.0, 1.0)
        assert band.middle == counted.middle
        assert band.high - band.low > counted.high - counted.low
        assert (band.low + band.high) / 2 == pytest.approx(0.3, abs=0.01)

    def test_a_model_never_seen_to_err_is_not_taken_to_be_perfect(self):
        known = error([LabelMove(NEGATIVE, NEGATIVE, 50), LabelMove(POSITIVE, POSITIVE, 50)], lambda each: float(each is NEGATIVE))
        assert known is not None
        assert known.low < 0 < known.high

    @pytest.mark.parametrize("judged", [60, 300])
    def test_the_band_holds_the_true_share_nineteen_times_in_twenty(self, judged: int):
        """Chance seeded: days of 200 messages, a model that misses a tenth of what is negative and wrongs a twentieth of what is not."""
        chance, truth, days, held = random.Random(11), 0.35, 400, 0

        def one() -> tuple[bool, bool]:
            negative = chance.random() < truth
            return negative, (chance.random() < 0.9) if negative else (chance.random() < 0.05)

        for _ in range(days):
            drawn = [one() for _ in range(judged)]
            moves = [
                LabelMove(NEGATIVE if said else NEUTRAL, NEGATIVE if true else NEUTRAL, sum(each == (true, said) for each in drawn))
                for true in (False, True)
                for said in (False, True)
            ]
            said = sum(one()[1] for _ in range(200))
            band = corrected(share(said, 200), error(moves, lambda each: float(each is NEGATIVE)), 0.0, 1.0)
            held += band.low <= truth <= band.high
        assert held / days == pytest.approx(0.95, abs=3 * sqrt(0.95 * 0.05 / days))
