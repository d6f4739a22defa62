"""A tiny checkpoint with random weights, made here: what is said is noise, how it is handled is not."""

from pathlib import Path

import pytest

from allears.domain.feedback import Sentiment
from allears.errors import ConfigurationError
from models.registry import check, load

pytest.importorskip("torch", reason="needs the extra allears[torch]")

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "not", "the", "order"]


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    from transformers import (  # noqa: PLC0415  # takes seconds, and only where torch is there
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
    )

    folder = tmp_path / "tiny"
    folder.mkdir()
    (tmp_path / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizer(vocab=str(tmp_path / "vocab.txt"), model_max_length=32).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(WORDS), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=32, id2label={0: "negative", 1: "neutral", 2: "positive"},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_every_text_gets_its_prediction_in_order_whatever_its_batch(checkpoint: Path):
    model = load("tiny", base=checkpoint.parent)
    texts = ["good", "bad order " * 200, "", "\ud800", "not the order"]
    together = model.predict(texts)
    alone = [model.predict([text])[0] for text in texts]
    assert [each.p_negative for each in together] == pytest.approx([each.p_negative for each in alone], abs=1e-5)
    assert all(each.p_negative + each.p_neutral + each.p_positive == pytest.approx(1) for each in together)
    assert all(each.sentiment in Sentiment for each in together)


def test_no_texts_are_no_predictions(checkpoint: Path):
    assert load(str(checkpoint)).predict([]) == []


def test_the_folder_is_described(checkpoint: Path):
    assert "bert, 3 labels; on this machine" in check("tiny", base=checkpoint.parent)


def test_a_folder_without_a_checkpoint_says_so(tmp_path: Path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        check(str(tmp_path))


@pytest.mark.parametrize("name", ["./missing", "a/b/c", ""])
def test_a_path_that_leads_nowhere_says_so(tmp_path: Path, name: str):
    with pytest.raises(ConfigurationError, match="is no folder"):
        load(name, base=tmp_path)
