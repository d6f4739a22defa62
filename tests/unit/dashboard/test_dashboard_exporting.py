"""Saving what a page shows: tables, charts, and what masking and the audit log have to say to it."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from datetime import UTC, date, datetime
from enum import StrEnum
from types import SimpleNamespace

import altair as alt
import pyarrow.parquet as pq
import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.access import Acting, Role
from allears.domain.audit import AuditEntry, Deed
from allears.errors import AllEarsError
from app.dashboard import drawing, formats, masking, reader, saving, session
from app.dashboard.components import exported
from app.dashboard.components.list_menus import audit_rows
from app.dashboard.connection import Desk
from app.dashboard.steps import exporting
from tests.unit.dashboard.northwind import NOW, FakeStore
from tests.unit.dashboard.pages import ran, shown


class Tone(StrEnum):
    BAD = "negative"


def as_csv(file: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))


def test_csv_is_what_excel_reads_and_runs_nothing():
    rows = [{"who": "Jo", "words": '=HYPERLINK("http://evil.example")', "tone": Tone.BAD, "at": NOW, "tags": ("a", "b"), "late": True}]
    file = saving.table_file(rows, "csv")
    assert file.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in file
    assert as_csv(file) == [
        ["who", "words", "tone", "at", "tags", "late"],
        ["Jo", '\'=HYPERLINK("http://evil.example")', "negative", NOW.isoformat(), "a|b", "true"],
    ]


@pytest.mark.parametrize("hostile", ["+1", "-1", "@cmd", "\tx", "\rx", "=1"])
def test_csv_cells_that_a_spreadsheet_would_run_do_not(hostile: str):
    assert as_csv(saving.table_file([{"words": hostile}], "csv"))[1] == [f"'{hostile}"]


def test_parquet_keeps_types():
    rows = [{"day": date(2026, 11, 19), "at": NOW, "number": -3, "share": 0.5, "empty": None, "tags": ("a",)}]
    table = pq.read_table(io.BytesIO(saving.table_file(rows, "parquet")))
    assert table.to_pylist() == [{**rows[0], "tags": ["a"]}]


def test_a_table_without_rows_is_a_file_all_the_same():
    tagged = [{"tags": ()}] * saving.BATCH + [{"tags": ("vip", "hotel")}]
    assert pq.read_table(io.BytesIO(saving.table_file(tagged, "parquet"))).column("tags")[-1].as_py() == ["vip", "hotel"]
    assert saving.table_file([], "csv").strip() == b"\xef\xbb\xbf"
    assert pq.read_table(io.BytesIO(saving.table_file(list, "parquet"))).num_rows == 0


def test_rows_are_streamed_and_a_column_that_begins_empty_is_filled_later(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saving, "BATCH", 2)
    monkeypatch.setattr(saving, "MOST_ROWS", 5)
    given: list[int] = []

    def rows() -> Iterator[saving.Row]:
        for number in range(100):
            given.append(number)
            yield {"number": number, "late": None if number < 3 else number}

    assert [row[1] for row in as_csv(saving.table_file(rows, "csv"))] == ["late", "", "", "", "3", "4"]
    assert len(given) == 5


def test_a_chart_is_drawn_as_a_picture_on_white_that_leads_nowhere():
    data = alt.InlineData(values=[{"x": 1, "y": 2, "to": "/inbox"}, {"x": 2, "y": 3, "to": "/inbox"}])
    made = alt.Chart(data, width="container", description="Above usual on Mon 16 Nov.").mark_point().encode(x="x:Q", y="y:Q", href="to:N")
    svg = saving.picture(lambda _: made, "svg").decode()
    assert "Above usual on Mon 16 Nov." in svg
    assert "Inter" in svg
    assert "/inbox" not in svg
    png = saving.picture(lambda _: made, "png")
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20]) > drawing.SCALE * drawing.WIDTH


def test_a_chart_that_cannot_be_drawn_says_what_to_do():
    with pytest.raises(AllEarsError, match="Save its rows instead"):
        saving.picture(lambda _: SimpleNamespace(to_json=lambda: json.dumps({"mark": "nonsense"})), "svg")


class Kept:
    """A store that keeps the audit log."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    def record_audit(self, entry: AuditEntry) -> None:
        self.entries.append(entry)


@contextmanager
def looking(role: Role, **known: object) -> Iterator[None]:
    """Somebody who signed in looks at masked pages."""
    acting = session.Session(Acting("Ada Brook", role))
    with session.known_as({masking.OWN_NAMES: ("Ada Brook",), masking.BY_ROLE: True, session.KEYS[0]: acting, **known}):
        yield


def saved(store: Kept, owner: str) -> str:
    """What a file says of a customer of this owner's, made where there is no page."""
    desk = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: NOW))
    make = exporting._as_now(desk, lambda: masking.who("Mara Lindqvist", owner).encode(), "inbox.csv")  # type: ignore[arg-type] # all it asks of a desk
    return copy_context().run(make).decode()


def test_what_a_manager_saves_of_their_own_cases_is_whole_and_in_the_audit_log():
    store = Kept()
    with looking(Role.MANAGER):
        assert saved(store, "Ada Brook") == "Mara Lindqvist"
        assert store.entries == [AuditEntry(NOW, "Ada Brook", Deed.SAVED, "inbox.csv")]


def test_what_is_masked_on_the_page_is_masked_in_the_file_and_nobody_s_business():
    store = Kept()
    with looking(Role.MANAGER):
        assert saved(store, "Ben Hall") == "M…"
    with session.known_as({masking.OWN_NAMES: ("Ada Brook",)}):
        assert saved(store, "Ada Brook") == "M…"
    with session.known_as({masking.OWN_NAMES: None}):
        assert saved(store, "Ben Hall") == "Mara Lindqvist"
    assert store.entries == []


def test_an_owner_takes_no_personal_data_out():
    store = Kept()
    with looking(Role.OWNER):
        assert masking.who("Mara Lindqvist", "Ada Brook") == "Mara Lindqvist"
        assert saved(store, "Ada Brook") == "M…"
    assert store.entries == []


def test_a_customer_who_was_shown_whole_is_saved_whole_by_a_manager_only():
    store = Kept()
    subject = masking.of_customer("4f2a")
    with looking(Role.MANAGER, shown={("Ada Brook", subject)}), masking.of(subject):
        assert saved(store, "Ben Hall") == "Mara Lindqvist"
    assert [entry.deed for entry in store.entries] == [Deed.SAVED]
    with looking(Role.OWNER), masking.of(subject, owners=["Ada Brook"]):
        assert masking.who("Mara Lindqvist") == "Mara Lindqvist"
        assert saved(store, "Ben Hall") == "M…"
    assert len(store.entries) == 1


def test_a_file_is_made_for_whoever_asked_for_it():
    desk = SimpleNamespace(store=Kept(), clock=SimpleNamespace(now=lambda: NOW))
    with reader.read_by(reader.known("de-DE", "Europe/Berlin")), session.known_as({}):
        make = exporting._as_now(desk, lambda: formats.count(1284).encode(), "x.pdf")  # type: ignore[arg-type] # all it asks of a desk
    assert make() == b"1.284"
    assert formats.count(1284) == "1,284"


def menu() -> None:
    """A view with a menu, as a script of its own."""
    from datetime import UTC, datetime  # noqa: PLC0415 - as a script
    from types import SimpleNamespace  # noqa: PLC0415 - as above
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - as above

    from app.dashboard.steps import exporting  # noqa: PLC0415 - as above

    def never() -> None:
        raise AssertionError("nobody asked for it")

    clock = SimpleNamespace(now=lambda: datetime(2026, 11, 19, 23, 30, tzinfo=UTC))
    desk = SimpleNamespace(clock=clock, timezone=ZoneInfo("Europe/Berlin"), store=None)
    tables = {"By day": never, "Quarantine": [{"id": 1}]}
    exporting.offer(desk, "ledger 28 days", tables, never, total=1_000_001)


def test_the_menu_offers_each_table_and_the_chart_and_makes_none_before_it_is_asked():
    test = ran(AppTest.from_function(menu))
    buttons = test.get("download_button")
    assert [each.proto.label for each in buttons] == ["CSV", "Parquet", "CSV", "Parquet", "SVG", "PNG"]
    html = shown(test)
    assert "By day" in html
    assert "Quarantine" in html
    assert "the first 1,000,000 rows" in html


def test_a_file_is_called_by_view_period_and_the_business_s_day():
    desk = SimpleNamespace(
        clock=SimpleNamespace(now=lambda: datetime(2026, 11, 19, 23, 30, tzinfo=UTC)), timezone=formats.ZoneInfo("Europe/Berlin")
    )
    assert exporting._file_name(desk, "Inbox Late, “Ada Brook”/../x") == "allears-inbox-late-ada-brook-x-2026-11-20"  # type: ignore[arg-type] # as above


@pytest.mark.parametrize(
    ("view", "tables"),
    [
        ("overview", ["Complaints a day", "Topics", "Channels a day", "Owners", "Chart"]),
        ("people", ["People", "Hand-overs"]),
        ("ledger", ["By day", "Quarantine"]),
        ("sources", ["Rows"]),
        ("audit", ["Rows"]),
    ],
)
def test_every_view_saves_its_tables(opened: Callable[..., AppTest], view: str, tables: list[str]):
    html = shown(opened(view))
    assert re.findall('<span class="ae-export">(.*?)</span>', html) == tables


def test_the_audit_log_is_saved_whole_and_no_spreadsheet_runs_it(desk: Desk):
    for number in range(60):
        desk.store.record_audit(AuditEntry(NOW, "=1+1", Deed.SHOWED, f"case C-{number}"))
    rows = as_csv(saving.table_file(audit_rows(desk), "csv"))
    assert rows[0] == ["at", "actor", "deed", "subject"]
    assert [row[1:] for row in rows[1:]] == [["'=1+1", Deed.SHOWED.value, f"case C-{number}"] for number in reversed(range(60))]


def test_rows_of_cases_are_masked_as_the_inbox_is(store: FakeStore):
    with session.known_as({masking.OWN_NAMES: ("Ada Brook",)}):
        rows = {row["case"]: row for row in exported.case_rows(store.lines)}
    assert rows["C-1002"]["customer"] == "M…"
    assert rows["C-1002"]["owner"] == "Ada Brook"


def test_rows_say_what_the_pages_say(desk: Desk, store: FakeStore):
    ledger = exported.ledger_rows(store.ledger(None, "Europe/London"))
    assert ledger[0] == {
        **dict.fromkeys(("quarantined", "waiting"), 0),
        "day": NOW.date(),
        "source": "support",
        "received": 40,
        "case": 18,
        "praise": 6,
        "other": 10,
        "automated": 4,
        "duplicate": 1,
        "spam": 1,
        "balanced": True,
    }
    (source, *_) = exported.source_rows([(desk.sources[0], store.source_health()[0])])
    assert source["error"] == "The mailbox refused the password. Set ALLEARS_SUPPORT_PASSWORD anew."
    assert exported.source_rows([(desk.sources[1], None)])[0]["last_asked"] is None
    (held,) = exported.quarantine_rows(store.quarantine())
    assert held["source"] == "support"
