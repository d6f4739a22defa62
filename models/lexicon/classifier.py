"""The baseline behind the classifier's port."""

from __future__ import annotations

from collections.abc import Sequence

from allears.domain.feedback import Prediction, Sentiment
from models.lexicon.calibration import opinion_of
from models.lexicon.judgement import judged
from models.lexicon.reading import Reading, read

VERSION = "lexicon-1"

# Both sides of a disagreement must be said this plainly, and the weaker must keep this share of the stronger.
_PLAIN = 1.5
_BALANCE = 0.4


class LexiconClassifier:
    """Word lists and rules; pure Python, seven languages, some thousands of short messages a second."""

    version = VERSION

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order. Never raises."""
        return [_predict(read(text)) for text in texts]


def _predict(reading: Reading) -> Prediction:
    opinion = opinion_of(reading)
    sentiment = Sentiment.MIXED if disagrees(reading) else opinion.likeliest
    return judged(reading, opinion, sentiment)


def disagrees(reading: Reading) -> bool:
    """Whether some sentences plainly praise and others plainly complain, with neither side drowned out."""
    good = sum(max(each.good + each.bad, 0) for each in reading.tones)
    bad = -sum(min(each.good + each.bad, 0) for each in reading.tones)
    return min(good, bad) >= max(_PLAIN, _BALANCE * max(good, bad))
