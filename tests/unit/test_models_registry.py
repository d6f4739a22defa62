import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from allears.domain.feedback import Sentiment
from allears.errors import ConfigurationError
from models.checkpoint import label_map
from models.registry import check, load


@pytest.mark.parametrize(("name", "version"), [("builtin", "allears-"), ("lexicon", "lexicon-")])
def test_what_ships_is_there_without_any_extra(name: str, version: str):
    assert load(name).version.startswith(version)
    assert "ships with AllEars" in check(name)


@pytest.mark.skipif(importlib.util.find_spec("torch") is not None, reason="shows what is said where torch is absent")
def test_a_checkpoint_without_torch_says_what_to_install():
    with pytest.raises(ConfigurationError, match=r"allears\[torch\]"):
        load("org/name")


def test_importing_the_registry_imports_nothing_heavy():
    code = "import sys, models.registry; print([m for m in ('torch', 'transformers', 'numpy', 'pyarrow', 'py3langid') if m in sys.modules])"
    root = Path(__file__).parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)  # our own code
    assert done.stdout.strip() == "[]"


NEG, NEU, POS = Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE


@pytest.mark.parametrize(
    ("labels", "meaning"),
    [
        (["negative", "neutral", "positive"], (NEG, NEU, POS)),
        (["POS", "NEG", "NEU"], (POS, NEG, NEU)),
        (["LABEL_0", "LABEL_1", "LABEL_2"], (NEG, NEU, POS)),
        (["NEGATIVE", "POSITIVE"], (NEG, POS)),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], (NEG, NEG, NEU, POS, POS)),
        (["Very Negative", "Negative", "Neutral", "Positive", "Very Positive"], (NEG, NEG, NEU, POS, POS)),
    ],
)
def test_what_the_labels_of_a_checkpoint_mean(labels: list[str], meaning: tuple[Sentiment, ...]):
    assert label_map(dict(enumerate(labels))).sentiments == meaning


def test_labels_that_are_no_sentiment_are_refused_by_name():
    with pytest.raises(ConfigurationError, match="'joy'"):
        label_map({0: "joy", 1: "anger"})
