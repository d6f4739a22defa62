"""What masking finds and leaves: marked messages in seven languages, hostile text, and what holds of any text."""

from __future__ import annotations

import re
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from allears.masking import Span, What, found, mask

SPECIMENS = Path(__file__).parents[1] / "specimens" / "masking.txt"
MARK = re.compile(r"<(\w+)\|([^>]*)>")
LANGUAGES = {"en", "de", "fr", "es", "it", "pt", "nl"}
FLOORS = {
    What.EMAIL: (1.0, 1.0),
    What.CARD: (1.0, 1.0),
    What.IBAN: (1.0, 1.0),
    What.PHONE: (0.95, 0.95),
    What.NUMBER: (0.95, 0.95),
    What.ADDRESS: (0.93, 0.93),
    What.NAME: (0.93, 0.9),
}
"""Least precision and recall of exact spans."""


def marked(line: str) -> tuple[str, str, list[Span]]:
    """Language, text and marked spans of a line of the specimens."""
    language, words = line.split("\t")
    words = words.replace("⏎", "\n")
    spans, text, last = [], "", 0
    for mark in MARK.finditer(words):
        text += words[last : mark.start()]
        spans.append(Span(len(text), len(text) + len(mark[2]), What(mark[1])))
        text += mark[2]
        last = mark.end()
    return language, text + words[last:], spans


def specimens() -> list[tuple[str, str, list[Span]]]:
    return [marked(line) for line in SPECIMENS.read_text("utf-8").splitlines() if not line.startswith("#")]


def test_the_specimens_cover_every_language_and_hold_messages_without_personal_data():
    cases = specimens()
    assert len(cases) >= 200
    assert {language for language, _, _ in cases} == LANGUAGES
    assert sum(not spans for _, _, spans in cases) >= 50


@pytest.mark.parametrize("what", What)
def test_precision_and_recall_of_exact_spans(what: What):
    right, wrong, missed = Counter[What](), Counter[What](), Counter[What]()
    for _, text, wanted in specimens():
        got = found(text)
        right.update(span.what for span in got if span in wanted)
        wrong.update(span.what for span in got if span not in wanted)
        missed.update(span.what for span in wanted if span not in got)
    precision = right[what] / (right[what] + wrong[what])
    recall = right[what] / (right[what] + missed[what])
    print(f"{what}: {right[what]} found, precision {precision:.3f}, recall {recall:.3f}")
    least_precision, least_recall = FLOORS[what]
    assert precision >= least_precision
    assert recall >= least_recall


def test_what_is_found_is_named_in_its_place():
    text = "Dear Mr Patterson, my order no. 4471902 went to 14 Marchmont Road, Edinburgh EH9 1HY. jo@x.example, 020 7946 0018"
    assert mask(text) == "Dear Mr [name], my order no. [number] went to [address]. [email], [phone]"


def test_prices_dates_times_sizes_and_flights_stay():
    text = "ordered on the 3rd, £49.90, size 42, 250 ml, flight LX 318 at 10:30 on 12/11/2025, 1.299,00 EUR in 2023"
    assert mask(text) == text


def test_the_author_is_found_by_any_part_of_the_name():
    text = "Sarah here. Mrs Whitfield again! WHITFIELD, sarah whitfield. a whitfield in lower case"
    assert mask(text, names=["Sarah Whitfield"]) == "[name] here. Mrs [name] again! [name], [name]. a whitfield in lower case"


def test_a_handle_is_found_in_any_case():
    assert mask("it's me, U/Kettle_and_Crow", names=["u/kettle_and_crow"]) == "it's me, [name]"


def test_our_own_people_stay():
    text = "Hi Ada, please tell Mr Hall.\nThanks,\nAda Lovelace"
    assert mask(text, keep=["Ada Brook", "Ben Hall"]) == "Hi Ada, please tell Mr Hall.\nThanks,\n[name]"


def test_a_card_with_a_wrong_check_digit_is_none():
    assert found("4111 1111 1111 1112") == []


def test_a_card_keeps_its_neighbours():
    assert mask("table 12 4111 1111 1111 1111 12/26") == "table 12 [card] 12/26"


def test_the_longest_of_overlapping_finds_stays():
    text = "Mr Baker Street, 12 Baker Street, London NW1 6XE"
    assert mask(text).endswith("[address]")


NUL = "\0"
HOSTILE = [
    "a", "@", "a.", "a@", "1", "1 ", "1-", "0171 2345678 ", "+44207946001 ", "00 ", "(", "A", "A ", "A. ", "Anna ", "Mr ", "Mr. Al ",
    "Van de ", "order ", "order no. 12345 ", "12 Aa ", "1 rue de la ", "Via Roma ", "\n", "Hi A\n", "thanks,\n", "4111 1111 1111 1111 ",
    "4", "GB82 WEST 1234 5698 7654 32 ", "GB00 ", "https://", "https://x.y/?a=", "12.12.", "1 000 ", "Lindenstraße 1", "Aaaaaaaaa-",
    "12 Aaa Street, ", ", 12345 Abc", "SW1A 1AA ", "#12345", "IBAN ", " ", "\t\n ", "X1-", "D'", "kunden-nummer ist ", "a_-.", "[name] ",
    "my name is ", NUL, "É",
]  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_seconds_not_minutes_and_masks_once_for_all(piece: str):
    text = (piece * 100_000)[:100_000]
    began = time.process_time()
    masked = mask(text, names=["Anna Bell"])
    assert time.process_time() - began < 15
    assert mask(masked, names=["Anna Bell"]) == masked


PLAIN = st.text(st.characters(blacklist_categories=["Lu", "Lt", "N"], blacklist_characters="@"))


@given(PLAIN.filter(lambda text: text == text.lower()))
def test_text_without_digits_capitals_and_at_signs_stays(text: str):
    assert mask(text) == text


WORDS = [piece for _, text, _ in specimens() for piece in re.findall(r"\S+\s*", text)]
PIECES = st.sampled_from([*WORDS, *(f"[{what}]" for what in What), "\n", " ", "-", "/", "."])


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
@example("name [name] ist Anna")
@example("[phone] 1234567 call")
def test_masked_text_masked_again_stays(text: str):
    masked = mask(text, names=["Jo Harper"], keep=["Tom"])
    assert mask(masked, names=["Jo Harper"], keep=["Tom"]) == masked


@given(st.lists(PIECES, max_size=40).map("".join) | st.text())
def test_finds_are_in_order_apart_and_inside_the_text(text: str):
    spans = found(text)
    assert all(0 <= span.start < span.end <= len(text) for span in spans)
    assert all(first.end <= then.start for first, then in pairwise(spans))
