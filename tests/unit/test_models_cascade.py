"""A quick model first, a larger one where the quick one is unsure; and what `allears check` says of one still to be downloaded."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from allears.errors import ConfigurationError
from allears.ports import Embedder
from models.cascade import cascade
from models.checkpoint import label_map
from models.lexicon import LexiconClassifier

ROOT = Path(__file__).parents[2]
SURE = Prediction(
    Sentiment.NEGATIVE, -0.9, 0.95, 0.95, 0.03, 0.02, Kind.COMPLAINT, "en", Urgency.HIGH, ("threatens to leave: never again",)
)
UNSURE = replace(SURE, confidence=0.5, p_negative=0.5, p_neutral=0.4, p_positive=0.1, score=-0.4)


class Told:
    """Gives what it was told to and remembers what it was asked."""

    def __init__(self, version: str, answers: dict[str, Prediction]) -> None:
        self.version, self.answers, self.asked = version, answers, list[str]()

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        self.asked += texts
        return [self.answers[text] for text in texts]


def test_only_what_the_first_is_unsure_of_goes_to_the_second():
    first = Told("quick", {"a": SURE, "b": UNSURE})
    second = Told(
        "large", {"b": replace(SURE, sentiment=Sentiment.POSITIVE, score=0.8, confidence=0.85, kind=Kind.PRAISE, urgency=Urgency.LOW)}
    )
    both = cascade(first, second, 0.6)
    a, b = both.predict(["a", "b"])
    assert second.asked == ["b"]
    assert a == SURE
    assert (b.sentiment, b.score, b.confidence) == (Sentiment.POSITIVE, 0.8, 0.85)
    assert (b.kind, b.urgency) == (Kind.COMPLAINT, Urgency.HIGH)
    assert both.version == "quick, below 0.6 large"


def test_a_cascade_of_what_ships_works():
    both = cascade(LexiconClassifier(), LexiconClassifier(), 1.0)
    assert both.predict(["The parcel is late and nobody answers."]) == LexiconClassifier().predict(
        ["The parcel is late and nobody answers."]
    )
    assert both.predict([]) == []


class Placing(Told):
    """Also places texts."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.array([[len(text), 0] for text in texts], np.float32)

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        return self.predict(texts), self.embed(texts)


def test_where_the_first_places_texts_the_two_do_and_it_reads_each_once():
    first, second = Placing("quick", {"a": SURE, "bb": UNSURE}), Told("large", {"bb": replace(SURE, sentiment=Sentiment.POSITIVE)})
    both = cascade(first, second, 0.6)
    assert isinstance(both, Embedder)
    predictions, vectors = both.predict_and_embed(["a", "bb"])
    assert [each.sentiment for each in predictions] == [Sentiment.NEGATIVE, Sentiment.POSITIVE]
    assert vectors.tolist() == both.embed(["a", "bb"]).tolist() == [[1, 0], [2, 0]]
    assert (first.asked, second.asked) == (["a", "bb"], ["bb"])


@pytest.mark.parametrize("second", [Told("large", {}), Placing("large", {})])
def test_where_it_does_not_the_two_do_not(second: Told):
    assert not isinstance(cascade(Told("quick", {}), second, 0.6), Embedder)


def test_labels_mean_what_the_configuration_says():
    meant = label_map({0: "joy", 1: "anger", 2: "so-so"}, {"Joy": "positive", "anger": "negative", "so-so": "neutral"})
    assert meant.sentiments == (Sentiment.POSITIVE, Sentiment.NEGATIVE, Sentiment.NEUTRAL)
    assert meant.values == (1.0, -1.0, 0.0)
    with pytest.raises(ConfigurationError, match=r"model\.labels: says nothing of 'anger'"):
        label_map({0: "joy", 1: "anger"}, {"joy": "positive"})


class _Hub(BaseHTTPRequestHandler):
    """Knows one model of 250 MB, as the Hugging Face hub would tell it."""

    def do_GET(self) -> None:
        known = self.path.startswith("/api/models/org/large")
        files = [{"rfilename": "config.json", "size": 700}, {"rfilename": "model.safetensors", "size": 250_000_000}]
        body = json.dumps({"id": "org/large", "siblings": files} if known else {"error": "Repository not found"}).encode()
        self.send_response(200 if known else 404)
        if not known:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def described(name: str, hub: str, home: Path) -> str:
    """What `describe` says, or the error it raises, in a process of its own: the hub's address is read once."""
    code = "\n".join(
        [
            "from models.checkpoint import describe",
            f"try: print(describe({name!r}, {{}}))",
            "except Exception as error: print(type(error).__name__, error)",
        ]
    )
    env = {"HF_ENDPOINT": hub, "HF_HOME": str(home), "PATH": "/usr/bin:/bin", "HF_HUB_DISABLE_TELEMETRY": "1", "NO_PROXY": "127.0.0.1"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT, env=env)
    return done.stdout.strip()


def test_check_says_what_would_be_downloaded_and_downloads_nothing(hub: str, tmp_path: Path):
    assert (
        described("org/large", hub, tmp_path)
        == "org/large: not on this machine yet; the first run downloads 250 MB from the Hugging Face hub"
    )
    assert not list(tmp_path.rglob("*.safetensors"))


def test_check_says_that_a_model_is_unknown_or_the_hub_out_of_reach(hub: str, tmp_path: Path):
    unknown = described("org/nothing", hub, tmp_path)
    assert unknown.startswith("ConfigurationError")
    assert "check the name" in unknown
    gone = described("org/large", "http://127.0.0.1:9", tmp_path)
    assert gone.startswith("ConfigurationError")
    assert "cannot be reached" in gone
