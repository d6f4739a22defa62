import sys

import pytest

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from models.evaluation import guess
from models.registry import check, load
from models.vader import opinion_of

NEG, NEU, POS = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE


def test_without_the_package_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "vaderSentiment.vaderSentiment", None)  # what Python does for a package that is not there
    for ask in (load, check):
        with pytest.raises(ConfigurationError, match="pip install vaderSentiment"):
            ask("vader")


@pytest.mark.parametrize(
    ("compound", "sentiment"), [(-1, NEG), (-0.05, NEG), (-0.049, NEU), (0, NEU), (0.049, NEU), (0.05, POS), (0.5, POS), (1, POS)]
)
def test_its_authors_thresholds_decide(compound: float, sentiment: Sentiment):
    opinion = opinion_of(compound)
    assert opinion.likeliest is sentiment
    assert opinion.negative + opinion.neutral + opinion.positive == pytest.approx(1)
    assert opinion.score == compound


def test_texts_in_english_are_read_and_odd_ones_too():
    pytest.importorskip("vaderSentiment", reason="a baseline, needed for comparison only")
    vader = load("vader")
    assert vader.version.startswith("vader-")
    texts = ["Great coffee, lovely people!", "Terrible, never again.", "The shop is on Leith Walk.", "", "\ud800", "\x00"]
    assert [each.sentiment for each in vader.predict(texts)] == [POS, NEG, NEU, NEU, NEU, NEU]


@pytest.mark.parametrize("compound", [0.03, 0.5])
def test_of_two_classes_the_sign_decides(compound: float):
    for opinion, sentiment in ((opinion_of(compound), POS), (opinion_of(-compound), NEG)):
        said = Prediction(NEU, compound, 1, opinion.negative, opinion.neutral, opinion.positive, Kind.OTHER, "en", Urgency.LOW)
        assert guess(said, (NEG, POS))[0] is sentiment
