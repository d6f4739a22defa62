from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import Evidence, Kind, Sentiment, Status
from allears.domain.records import StoredItem
from app.dashboard.components.marks import Piece, pieces, title_and_text
from tests.builders import NOW, an_item, said, understanding_of


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


def test_an_answers_marks_stand_in_its_text_since_its_title_was_not_read():
    answer = an_item(title="Re: Charged twice", text="Still nothing. Awful.", references=("<first@shop.example>",))
    read = understanding_of(answer, replace(said(Kind.COMPLAINT, Sentiment.NEGATIVE), evidence=(Evidence(15, 20, -0.9),)))
    stored = StoredItem(answer, read, Status.CASE, None, None, None, NOW)
    title, text = title_and_text(stored)
    assert (title, text[1]) == ([Piece("Re: Charged twice")], Piece("Awful", "negative"))


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 90), st.integers(1, 30), st.sampled_from([-0.5, 0.5]), st.booleans())))
def test_nothing_of_the_words_is_lost_or_doubled(text: str, spans: list[tuple[int, int, float, bool]]):
    evidence = [Evidence(start, start + length, share, sentence) for start, length, share, sentence in spans]
    assert "".join(piece.words for piece in pieces(text, evidence, 10)) == text
