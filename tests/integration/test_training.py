"""A tiny run of the whole training: shrink, train, interrupt, resume, export, calibrate, and the folder at work."""

import json
import random
from pathlib import Path

import pytest

pytest.importorskip("torch", reason='needs pip install "allears[train]"')
pytest.importorskip("onnxscript", reason='needs pip install "allears[train]"')

import numpy as np
import torch

from allears.domain.feedback import Sentiment
from allears.errors import ConfigurationError
from models.corpus import messages
from models.encoder.session import WEIGHTS, Session
from models.registry import load
from models.training import train as training
from models.training.base import Source, shrink
from models.training.evening import evened
from models.training.export import FLOAT_WEIGHTS, export
from models.training.network import WORDS, Network
from models.training.pieces import Piece
from models.training.recipe import Recipe

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")

GOOD, BAD, ASKS = ("lovely great thanks happy kind", "late broken rude wrong lost", "when where open price how")
FILLING = "the a shop parcel coffee today staff my your order it was is we i"


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three hundred messages whose one telling word decides everything."""
    chance = random.Random(1)
    folder = tmp_path / "corpus"
    folder.mkdir()
    with (folder / "en.jsonl").open("w", encoding="utf-8") as file:
        for number in range(300):
            words, sentiment, kind = [(GOOD, "positive", "praise"), (BAD, "negative", "complaint"), (ASKS, "neutral", "question")][
                number % 3
            ]
            text = " ".join([*chance.sample(FILLING.split(), 4), chance.choice(words.split()), *chance.sample(FILLING.split(), 2)])
            row = {
                "id": f"en-{number}",
                "language": "en",
                "trade": "shop",
                "split": "dev" if number % 5 == 0 else "train",
                "channel": "post",
            }
            signals = ["churn"] if "lost" in text else []
            file.write(json.dumps(row | {"text": text, "sentiment": sentiment, "kind": kind, "signals": signals}) + "\n")
    monkeypatch.setattr(training, "messages", lambda split: messages(folder, split))
    monkeypatch.setattr(training, "FOLDER", folder)
    return folder


def tiny_encoder() -> Source:
    """Random weights of a four-layer encoder over the words above."""
    chance = np.random.default_rng(1)
    words = sorted({*f"{GOOD} {BAD} {ASKS} {FILLING}".split()})
    letters = sorted(set("".join(words)))
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *((f"▁{each}", -3.0) for each in words), ("▁", -6.0)]
    pieces += [(each, -8.0) for each in letters]
    hidden, wide, layers = 48, 96, 4

    def weight(*shape: int) -> np.ndarray:
        return chance.normal(0, 0.05, shape).astype(np.float32)

    weights = {
        "embeddings.word_embeddings.weight": weight(len(pieces), hidden) * 10,
        "embeddings.position_embeddings.weight": weight(512, hidden),
        "embeddings.token_type_embeddings.weight": weight(2, hidden),
    }
    norms = ["embeddings.LayerNorm"]
    for layer in range(layers):
        at = f"encoder.layer.{layer}."
        for name, out, into in (
            ("attention.self.query", hidden, hidden),
            ("attention.self.key", hidden, hidden),
            ("attention.self.value", hidden, hidden),
            ("attention.output.dense", hidden, hidden),
            ("intermediate.dense", wide, hidden),
            ("output.dense", hidden, wide),
        ):
            weights |= {f"{at}{name}.weight": weight(out, into), f"{at}{name}.bias": np.zeros(out, np.float32)}
        norms += [f"{at}attention.output.LayerNorm", f"{at}output.LayerNorm"]
    for name in norms:
        weights |= {f"{name}.weight": np.ones(hidden, np.float32), f"{name}.bias": np.zeros(hidden, np.float32)}
    return Source(weights, [Piece(text, score, row) for row, (text, score) in enumerate(pieces)], layers, 4, 1e-12)


def recipe(*epochs: int) -> Recipe:
    stages = [
        {"name": f"stage {number}", "epochs": each, "corpus": 1, "learning_rate": 2e-3, "joined": 0.2} for number, each in enumerate(epochs)
    ]
    base = {"layers": [0, 2, 3], "scripts": {"LATIN": 10_000, "": 10_000}}
    return Recipe.model_validate(
        {
            "seed": 1,
            "base": base,
            "tokens_per_batch": 256,
            "longest": 64,
            "kind_weight": 1,
            "signal_weight": 1,
            "averaging": 0.9,
            "blended": 0.1,
            "stages": stages,
        }
    )


def test_an_interrupted_run_goes_on_and_the_folder_it_writes_classifies(corpus: Path, tmp_path: Path):
    out, work = tmp_path / "model", tmp_path / "work"
    said: list[str] = []

    def stop_in_stage_1(line: str) -> None:
        said.append(line)
        if line.startswith("stage 1"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        training.train(recipe(6, 6), tiny_encoder(), out, work, public=None, say=stop_in_stage_1)
    assert not (out / "manifest.json").exists()
    again: list[str] = []
    training.train(recipe(6, 6), tiny_encoder(), out, work, public=None, say=again.append)
    assert not any(line.startswith("stage 0") for line in again)

    classifier = load(str(out))
    predictions = classifier.predict(["the parcel was broken today", "staff was lovely", "when is it open", "", "何これ"])
    assert [each.sentiment for each in predictions[:3]] == [Sentiment.NEGATIVE, Sentiment.POSITIVE, Sentiment.NEUTRAL]
    assert [each.kind for each in predictions[:3]] == ["complaint", "praise", "question"]
    assert predictions[4].kind == "question"
    assert "cannot read" in predictions[4].urgency_reasons[0]
    broken = predictions[0].evidence[0]
    assert "the parcel was broken today"[broken.start : broken.end] == "broken"

    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["rows"] == {"corpus": 240}
    assert set(manifest["sha256"]) == {"corpus/en.jsonl"}
    assert manifest["version"] == classifier.version


def test_the_mean_of_two_runs_ships_as_one_model_that_names_both(corpus: Path, tmp_path: Path):
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "model"
    training.train(recipe(6, 4), tiny_encoder(), tmp_path / "of-first", first, public=None, say=lambda _: None)
    with pytest.raises(ConfigurationError, match="holds no finished run"):
        training.train(recipe(6, 5), tiny_encoder(), out, second, public=None, others=[second], say=lambda _: None)
    training.train(recipe(6, 5), tiny_encoder(), out, second, public=None, others=[first], say=lambda _: None)

    runs = [json.loads((work / "manifest.json").read_text()) for work in (second, first)]
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["mean_of"] == runs
    assert manifest["version"] not in {run["version"] for run in runs}
    (said,) = load(str(out)).predict(["the parcel was broken today"])
    assert said.sentiment is Sentiment.NEGATIVE


def test_a_run_goes_on_from_others_also_with_other_words(corpus: Path, tmp_path: Path):
    """The words are the base's in every run, so that what one has learnt holds beside pieces that it did not know."""
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "model"
    training.train(recipe(6, 6), tiny_encoder(), tmp_path / "of-first", first, public=None, say=lambda _: None)
    source = tiny_encoder()
    young = [Piece("☹", -5.0, row) for row, _ in enumerate(source.pieces) if source.pieces[row].text == "▁broken"]
    source.pieces.extend(young)
    training.train(recipe(), source, out, second, public=None, begin=[first], say=lambda _: None)

    before, after = (torch.load(work / "weights.pt", weights_only=True) for work in (first, second))
    assert after[WORDS].shape[0] == before[WORDS].shape[0] + 1
    assert torch.equal(after["heads.weight"], before["heads.weight"])
    (said,) = load(str(out)).predict(["the parcel was ☹ today"])
    assert said.sentiment is Sentiment.NEGATIVE
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["begun_from"] == [json.loads((first / "manifest.json").read_text())]


def test_a_mean_is_each_weight_s_mean_and_of_like_networks_only():
    one, other = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    expected = (one.bias.detach() + other.bias.detach()) / 2
    assert torch.allclose(training.averaged(one, [other.state_dict()]).bias, expected)
    with pytest.raises(ConfigurationError, match="have no mean"):
        training.averaged(one, [torch.nn.Linear(4, 2).state_dict()])


def test_one_huge_dimension_takes_nothing_from_the_others(tmp_path: Path):
    encoder, tokenizer = shrink(source := tiny_encoder(), (0, 2, 3), source.pieces)
    network = Network(encoder, 1, 1).eval()
    torch.nn.init.normal_(network.heads.weight, generator=torch.Generator().manual_seed(1))
    layer = network.encoder.encoder.layer[1]
    with torch.no_grad():
        layer.intermediate.dense.bias[3] = 60.0
        layer.output.dense.weight[:, 3] *= 0.1
    texts = ["the parcel was broken today", "staff was lovely", "when is it open"]

    def off_by(network: Network, folder: Path) -> tuple[float, np.ndarray]:
        export(network, tokenizer, folder)
        rounded, exact = (
            np.concatenate([said.logits for said in each.read(texts)]) for each in (Session(folder), Session(folder, FLOAT_WEIGHTS))
        )
        return float(np.abs(rounded - exact).mean()), exact

    coarse, before = off_by(network, tmp_path / "as it is")
    assert b"/training/" not in (tmp_path / "as it is" / WEIGHTS).read_bytes(), "names files of the machine it was made on"
    fine, after = off_by(evened(network, tokenizer, texts, 64), tmp_path / "evened")
    assert after == pytest.approx(before, abs=1e-4)
    assert fine < coarse / 2
