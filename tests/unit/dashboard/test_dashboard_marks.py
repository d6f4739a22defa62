from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Evidence
from app.dashboard.components.marks import Piece, pieces


def test_words_are_marked_within_their_sentence():
    text = "Lovely shop. The parcel was smashed."
    evidence = (Evidence(13, 36, -0.9, sentence=True), Evidence(28, 35, -0.6), Evidence(0, 6, 0.8))
    assert pieces(text, evidence, 0) == [
        Piece("Lovely", "positive"),
        Piece(" shop. "),
        Piece("The parcel was ", "negative", sentence=True),
        Piece("smashed", "negative"),
        Piece(".", "negative", sentence=True),
    ]


def test_a_title_takes_its_own_part_of_the_marks():
    evidence = (Evidence(0, 5, -1.0), Evidence(12, 16, -0.5))
    assert pieces("Awful delivery", evidence, 0)[0] == Piece("Awful", "negative")
    assert pieces("late, too", (Evidence(15, 19, -0.5),), 15)[0] == Piece("late", "negative")


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30), st.sampled_from([-0.5, 0.5]), st.booleans())))
def test_nothing_of_the_words_is_lost_or_doubled(text: str, spans: list[tuple[int, int, float, bool]]):
    evidence = [Evidence(start, start + length, share, sentence) for start, length, share, sentence in spans]
    assert "".join(piece.words for piece in pieces(text, evidence, 10)) == text
