"""Which pieces of the base's vocabulary a model keeps: what customers write must not fall apart."""

from models.training.pieces import Piece, kept_pieces, tokenizer_of

SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
TEXTS = (*SPECIAL, "▁", "▁the", "re", "fund", "▁a", "▁jak", "▁slovo", "▁слово", "▁7", "▁refund", "😡", "▁❤", "👎")
PIECES = [Piece(text, -float(row), row) for row, text in enumerate(TEXTS)]


def kept(ranks: dict[str, int], *needed: str) -> list[str]:
    return [each.text for each in kept_pieces(PIECES, ranks, needed)]


def test_of_each_script_the_commonest_stay():
    assert kept({"LATIN": 9, "": 5})[:9] == [*SPECIAL, "▁", "▁the", "re", "fund", "▁a"]
    assert "▁слово" in kept({"CYRILLIC": 100})
    assert "▁слово" not in kept({"LATIN": 100, "": 100})
    assert "▁7" not in kept({"LATIN": 100})


def test_what_the_needed_texts_are_made_of_stays_whatever_its_rank():
    assert "▁refund" not in kept({"LATIN": 9, "": 5})
    pieces = kept_pieces(PIECES, {"LATIN": 9, "": 5}, ["the refund"])
    assert tokenizer_of(pieces).encode("a refund", add_special_tokens=False).tokens == ["▁a", "▁refund"]


def test_every_emoji_stays_and_younger_ones_have_the_embedding_of_their_like():
    pieces = kept_pieces(PIECES, {"": 5})
    rows = {each.text: each.row for each in pieces}
    assert {"😡", "▁❤", "👎"} <= set(rows)
    assert rows["🤬"] == rows["😡"]
    assert rows["💩"] == rows["👎"]
    tokenizer = tokenizer_of(pieces)
    assert tokenizer.token_to_id("<unk>") not in tokenizer.encode("😡🤬👎", add_special_tokens=False).ids


def test_the_marks_keep_their_places():
    assert kept({})[:4] == list(SPECIAL)
