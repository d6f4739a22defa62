from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.domain.stars import with_stars


def said(negative=0.2, neutral=0.5, positive=0.3, sentiment=Sentiment.NEUTRAL, kind=Kind.OTHER):
    return Prediction(sentiment, positive - negative, 0.5, negative, neutral, positive, kind, "en", Urgency.NORMAL)


def test_one_star_makes_flat_words_a_complaint():
    together = with_stars(said(), 1)
    assert (together.sentiment, together.kind) == (Sentiment.NEGATIVE, Kind.COMPLAINT)
    assert together.score < 0


def test_five_stars_make_flat_words_praise():
    together = with_stars(said(), 5)
    assert (together.sentiment, together.kind) == (Sentiment.POSITIVE, Kind.PRAISE)


def test_a_question_stays_a_question():
    assert with_stars(said(kind=Kind.QUESTION), 5).kind is Kind.QUESTION


def test_mixed_words_stay_mixed():
    assert with_stars(said(0.5, 0, 0.5, Sentiment.MIXED, Kind.COMPLAINT), 5).sentiment is Sentiment.MIXED


def test_plain_words_outweigh_a_slip_of_the_finger():
    assert with_stars(said(0.99, 0.009, 0.001, Sentiment.NEGATIVE, Kind.COMPLAINT), 5).sentiment is Sentiment.NEGATIVE


def test_no_stars_and_stars_of_another_scale_say_nothing():
    assert with_stars(said(), None) == said()
    assert with_stars(said(), 87) == said()


@given(st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda each: sum(each) > 0.01), st.sampled_from([1, 2, 3, 4, 5]))
def test_the_probabilities_go_on_summing_to_one(parts, stars):
    together = with_stars(said(*(part / sum(parts) for part in parts)), stars)
    assert abs(together.p_negative + together.p_neutral + together.p_positive - 1) < 1e-9
