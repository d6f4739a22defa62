"""Every page with `[dashboard] masked` on."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest
from streamlit.testing.v1 import AppTest

from allears import caring
from allears.domain.access import Acting, Role
from allears.domain.case import CaseId
from allears.domain.feedback import Evidence, ItemId, Sentiment
from allears.ports import Store
from allears.settings import load
from allears.store.acting import acting
from app.dashboard import masking
from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import NOW, OPEN, PEOPLE, FakeStore, stored

OUR_NAMES = ("Northwind Coffee", *(person.name for person in PEOPLE))
SAID = "Call Mara on 07911 123456, she is furious. Tom Okafor was kind."
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[dashboard]
masked = true
[[source]]
name = "web"
channel = "form"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
aliases = ["CD"]
[routing]
default = "person:Cara Diaz"
"""


def page(view, desk):
    """What home.py does for one page."""
    from importlib import import_module  # noqa: PLC0415 - runs in a script of its own

    from app.dashboard.components import frame  # noqa: PLC0415 - as above

    frame.draw_sidebar(desk)
    import_module(f"app.dashboard.views.{view}").show(desk)


def shown(desk: Desk, view: str, **query: str) -> str:
    test = AppTest.from_function(page, args=(view, desk), default_timeout=20)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception, test.exception
    return "\n".join(element.proto.body for element in test.get("html"))


@pytest.fixture
def masked(desk: Desk) -> Desk:
    return replace(desk, masked_but=OUR_NAMES)


@pytest.mark.parametrize(("view", "query"), [("overview", {}), ("inbox", {}), ("case", {"id": "C-1002"}), ("people", {}), ("ledger", {})])
def test_masked_pages_name_no_customer_and_show_no_address(masked: Desk, store: FakeStore, view: str, query: dict[str, str]):
    store.text = SAID
    why = "Priya Nair handed it over: Daniel Osei is furious"
    moved = replace(store.lines[0].case, owners=("Priya Nair", "Ada Brook"), owner="Ada Brook", why_owner=why)
    store.lines[0] = replace(store.lines[0], case=moved)
    html = shown(masked, view, **query)
    hidden = [row[0] for row in OPEN] + ["Mara", "Lindqvist", "Eilidh", "Callum", "northshore_jen", "x@example.org", "07911"]
    assert [each for each in hidden if each in html] == []


@pytest.mark.parametrize("listed", ["Cases", "Messages"])
def test_who_looks_for_what_is_masked_is_told_that_it_finds_nothing(masked: Desk, desk: Desk, listed: str):
    for words in ("mara.l@x.org", "07911 123456"):
        told = "Addresses and numbers are masked for you, so a search for one finds nothing by it."
        assert told in shown(masked, "inbox", list=listed, q=words, period="All time")
        assert told not in shown(desk, "inbox", list=listed, q=words, period="All time")
    assert "masked for you" not in shown(masked, "inbox", list=listed, q="charged twice", period="All time")


def test_masked_customers_are_not_found_by_name(masked: Desk, store: FakeStore):
    masked = replace(masked, store=acting(cast("Store", store), Acting("", Role.ADMIN, masked=True)))
    assert "customers are not found by them" in shown(masked, "customers", q="Mara")


def test_masked_pages_keep_our_own_people_and_the_rest_of_the_words(masked: Desk, store: FakeStore):
    store.text = SAID
    html = shown(masked, "case", id="C-1002")
    assert "Call [name] on [phone], she is furious. Tom Okafor was kind." in html
    assert "Reach M…" in html
    assert "mailto:" not in html
    assert "Ada Brook" in html
    assert "M…, with Ada Brook" in " ".join(shown(masked, "overview").replace("</bdi></b><b>", "").split())


def test_masked_letters_and_what_came_with_a_mail_name_nobody(masked: Desk, store: FakeStore):
    store.came_with = {"attachments": "Lindqvist.pdf (application/pdf, 2 kB)", "attached_text": SAID, "form": "Phone: 07911 123456"}
    store.letters_are = {"failed": "550 x@example.org is unknown"}
    (item,) = store.items([ItemId("any")])
    letter = "Dear Mara, I rang 07911 123456. Tom Okafor"
    caring.write(store, masked.clock, masked.plan, CaseId("C-1002"), item.item.id, letter, "Ada Brook")
    html = shown(masked, "case", id="C-1002")
    assert "Dear [name], I rang [phone]. Tom Okafor" in html
    assert "550 [email] is unknown" in html
    assert "[name].pdf (application/pdf, 2 kB)" in html
    assert [each for each in ("Mara", "Lindqvist", "07911", "x@example.org") if each in html] == []


def test_masked_examples_name_nobody(masked: Desk, store: FakeStore):
    (known,) = store.items([ItemId("any")])
    store.text = "It is Jo again, ring me on 07911 123456."
    store.record_example("delivery", known.item.id, "Tom Okafor", NOW)
    html = shown(masked, "sources")
    assert "It is [name] again, ring me on [phone]." in html
    assert "Tom Okafor" in html


def test_search_does_not_find_by_the_name_that_is_hidden(masked: Desk, desk: Desk):
    assert "C-1008" in shown(desk, "inbox", q="Peter Vance")
    assert "C-1008" not in shown(masked, "inbox", q="Peter Vance")


def test_pages_are_not_masked_unless_asked(desk: Desk):
    assert "Daniel Osei" in shown(desk, "inbox")


def test_marks_move_along_with_what_is_masked(monkeypatch: pytest.MonkeyPatch):
    message = stored("1", SAID, "Mara Lindqvist", tone=Sentiment.NEGATIVE, at=NOW, title="07911 123456")
    words = message.item.words
    marks = ("furious", "Mara", "07911 123456, she is furious.", "07911")
    evidence = tuple(Evidence(words.index(mark), words.index(mark) + len(mark), -1.0) for mark in marks)
    assert message.understanding
    said = replace(message.understanding.prediction, evidence=evidence)
    monkeypatch.setattr(masking.st, "session_state", {masking.OWN_NAMES: OUR_NAMES})
    hidden = masking.message(replace(message, understanding=replace(message.understanding, prediction=said)))
    assert hidden.item.words == "[phone]\nCall [name] on [phone], she is furious. Tom Okafor was kind."
    assert hidden.understanding
    moved = [hidden.item.words[each.start : each.end] for each in hidden.understanding.prediction.evidence]
    assert moved == ["furious", "[name]", "[phone], she is furious.", "[phone]"]


def test_the_configuration_says_so(tmp_path):
    (tmp_path / "allears.toml").write_text(CONFIGURATION)
    settings = load(tmp_path / "allears.toml")
    assert settings.dashboard.masked
    assert settings.dashboard.port == 8501
    assert settings.own_names == ("Northwind Coffee", "Cara Diaz", "CD")
