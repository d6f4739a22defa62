"""What the rules read in a text: topics, names of our people, and whether two texts are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allears.domain.feedback import fingerprint, item_id
from allears.domain.naming import named_in
from allears.domain.topics import matches, topic
from tests.builders import a_directory, a_person

TEAM = a_directory(
    a_person("Ada Brook", aliases=("Addie",)),
    a_person("Tom Okafor", aliases=("Big Tom",)),
    a_person("Tom Hall"),
    a_person("Jonas Weber"),
    a_person("Priya Nair"),
    default="Ada Brook",
)
TOPICS = (
    topic("billing", "charged twice, invoice wrong, Rechnung falsch, prélevé deux fois"),
    topic("delivery", "parcel late, courier, Lieferung"),
    topic("repair", "Kaffeemaschine kaputt, Kaffeemühle"),
)


def topics_of(text: str) -> list[str]:
    return [match.topic for match in matches(text, TOPICS)]


class TestTopics:
    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("You charged my card twice.", ["billing"]),
            ("CHARGES came TWICE", ["billing"]),
            ("On m'a preleve deux fois", ["billing"]),
            ("Die Rechnungen sind falsch", ["billing"]),
            ("The courier charged me twice", ["billing", "delivery"]),
            ("You charged me for it.", []),
            ("A good Kaffee", []),
            ("Die Kaffeemühlen", ["repair"]),
            ("", []),
        ],
    )
    def test_words_agree_whatever_their_endings_case_and_accents(self, text: str, found: list[str]):
        assert topics_of(text) == found

    def test_words_of_a_phrase_stand_near_each_other(self):
        near, far = " and" * 30, " word" * 12
        assert topics_of(f"charged{near} twice") == ["billing"]
        assert topics_of(f"charged{far} twice") == []

    def test_the_evidence_is_what_the_customer_wrote(self):
        (match,) = matches("Hello, you CHARGED\nmy card  twice in May.", TOPICS)
        assert (match.evidence, match.score) == ("CHARGED my card twice", 0.8)

    def test_further_phrases_make_it_surer(self):
        one, two = matches("charged twice", TOPICS)[0].score, matches("charged twice, invoice wrong", TOPICS)[0].score
        assert one < two <= 1

    def test_a_topic_of_little_words_matches_nothing(self):
        assert matches("the and for", (topic("odd", "the, and, of it, ,"),)) == ()

    @given(st.text(max_size=300))
    def test_any_text_is_read(self, text: str):
        for match in matches(text, TOPICS):
            assert 0 < match.score <= 1
            assert len(match.evidence) <= 80


class TestNames:
    @pytest.mark.parametrize(
        ("text", "named"),
        [
            ("Ada Brook was kind.", {"Ada Brook"}),
            ("Ada was kind, and Priya's note too.", {"Ada Brook", "Priya Nair"}),
            ("Addie was kind.", {"Ada Brook"}),
            ("Big Tom held the door.", {"Tom Okafor"}),
            ("Tom was kind.", set()),  # two people are called Tom
            ("Hallo Herr Weber, vielen Dank", {"Jonas Weber"}),
            ("Thanks to Ms. Nair. Really.", {"Priya Nair"}),
            ("I own a Weber grill", set()),
            ("The adapter was kind.", set()),
            ("ada is in Canada", set()),
            ("Pria Nair deserves a medal.", {"Priya Nair"}),
            ("Please thank Jonnas for me.", {"Jonas Weber"}),
            ("Mara was kind.", set()),
            ("", set()),
        ],
    )
    def test_who_is_meant(self, text: str, named: set[str]):
        assert set(named_in(text, TEAM, author=None)) == named

    def test_an_author_does_not_praise_themselves(self):
        assert named_in("All good now. Ada", TEAM, author="Ada Lovell") == {}
        assert set(named_in("Ada Brook was kind. Ada", TEAM, author="Ada Lovell")) == {"Ada Brook"}
        assert named_in("Thanks, Pryia", TEAM, author="Pryia Shah") == {}

    def test_a_misspelt_name_counts_only_where_nobody_is_named(self):
        assert set(named_in("Ada and Jonnas were kind.", TEAM, author=None)) == {"Ada Brook"}

    def test_each_comes_with_the_sentence_that_names_them(self):
        named = named_in("Cold coffee. But Ada ran after me! Jonas did not.", TEAM, author=None)
        assert named == {"Ada Brook": "But Ada ran after me!", "Jonas Weber": "Jonas did not."}

    def test_nobody_to_name(self):
        assert named_in("Ada was kind.", a_directory(a_person("Bo Li"), a_person("Bo Wu"), default="Bo Li"), author=None) == {}

    @given(st.text(max_size=300), st.none() | st.text(max_size=30))
    def test_any_text_is_read(self, text: str, author: str | None):
        assert set(named_in(text, TEAM, author=author)) <= {person.name for person in TEAM}


class TestFingerprint:
    def test_layout_case_and_punctuation_do_not_matter(self):
        assert fingerprint("The parcel is late!") == fingerprint("  the PARCEL\r\nis late ...")

    @pytest.mark.parametrize("other", ["The parcel is not late", "The parcel late is", "The parcels is late"])
    def test_words_and_their_order_do(self, other: str):
        assert fingerprint("The parcel is late") != fingerprint(other)

    @pytest.mark.parametrize("text", ["", "great coffee", "so very good", "!!! ???"])
    def test_few_words_tell_nothing(self, text: str):
        assert fingerprint(text) is None

    def test_the_same_letters_in_another_form_are_the_same(self):
        assert fingerprint("Il caffè è già freddo") == fingerprint("Il caffe\u0300 e\u0300 gia\u0300 freddo")

    @given(st.text(alphabet=st.characters(), max_size=200))
    def test_any_text_has_one_or_none(self, text: str):
        assert fingerprint(text) == fingerprint(text.casefold().casefold())


class TestItemIds:
    def test_they_are_the_same_for_ever(self):
        assert item_id("support", "<a@b>") == "0600c42571e01c759111c971"

    def test_source_and_id_do_not_run_together(self):
        assert item_id("ab", "c") != item_id("a", "bc")

    @given(st.text(alphabet=st.characters(categories=["Cs", "L"]), max_size=20))
    def test_what_the_store_keeps_has_the_same_id(self, external_id: str):
        kept = external_id.encode("utf-8", "replace").decode("utf-8")
        assert item_id("support", kept) == item_id("support", external_id)
