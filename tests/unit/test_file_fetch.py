import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allears.domain.feedback import Cursor, Page, SourceName
from allears.errors import ConfigurationError, RecordRejected
from connectors.context import SourceContext
from connectors.file.connector import PAGE_ROWS, FileConnector
from connectors.file.settings import FileSettings


class NoClock:
    def now(self):
        raise AssertionError("a file's rows are dated by the file")


def source(folder: Path, path: str = "*.*", **more: object) -> FileConnector:
    return FileConnector(SourceContext(SourceName("shop"), folder, NoClock()), FileSettings(path=path, **more))


def texts(pages: Iterable[Page]):
    return [item.text for page in pages for item in page.items]


def errors(pages: list[Page]):
    return [rejected.error for page in pages for rejected in page.rejected]


def last_cursor(connector: FileConnector):
    return list(connector.fetch(None))[-1].cursor


@pytest.mark.parametrize(
    "data",
    [
        "text,rating\nCafé fermé,5\n".encode(),
        "\ufefftext;rating\r\nCafé fermé;5\r\n".encode(),
        "text\trating\nCafé fermé\t5".encode("cp1252"),
        "rating|text\r5|Café fermé\r".encode(),
        'sep=;\n"text";"rating"\n"Café fermé";"5"\n'.encode(),
    ],
)
def test_encodings_delimiters_and_line_ends(tmp_path: Path, data: bytes):
    (tmp_path / "a.csv").write_bytes(data)
    (page,) = source(tmp_path).fetch(None)
    assert [(item.text, item.rating) for item in page.items] == [("Café fermé", 5.0)]


def test_a_quoted_text_may_hold_delimiters_and_newlines(tmp_path: Path):
    (tmp_path / "a.csv").write_text('id,text\n1,"Late, cold\n\nand ""odd"""\n\n2,Fine\n')
    assert texts(source(tmp_path).fetch(None)) == ['Late, cold\n\nand "odd"', "Fine"]


def test_an_undecodable_line_does_not_change_how_others_are_read(tmp_path: Path):
    (tmp_path / "a.csv").write_bytes("text\nnaïve\n".encode() + "naïve\n".encode("cp1252"))
    assert texts(source(tmp_path).fetch(None)) == ["naïve", "naïve"]


def test_broken_rows_are_kept_with_their_reason_and_the_others_go_on(tmp_path: Path):
    (tmp_path / "a.csv").write_text("date,text\n2026-11-01,Fine\n2026-11-02,Late, cold\nsoon,Hm\n2026-11-03,\n2026-11-04,Good\n")
    (page,) = source(tmp_path).fetch(None)
    assert texts([page]) == ["Fine", "Good"]
    assert [reason for error in errors([page]) for reason in ("3 fields", "cannot be read", "no text") if reason in error] == [
        "3 fields",
        "cannot be read",
        "no text",
    ]
    assert b"Late, cold" in page.originals[1].body


def test_an_open_quote_costs_one_record_not_the_file(tmp_path: Path):
    rows = "\n".join(f"{n},{'word ' * 200}" for n in range(300))
    (tmp_path / "a.csv").write_text(f'id,text\n1,"never closed\n{rows}\n')
    (page,) = source(tmp_path).fetch(None)
    assert "quote left open" in errors([page])[0]
    swallowed = page.originals[0].body.count(b"word word ") // 100
    assert len(page.items) > 100
    assert len(page.items) + swallowed >= 300


def test_an_open_quote_near_the_end_makes_no_message_of_several_customers(tmp_path: Path):
    (tmp_path / "a.csv").write_text('id,text\n1,"Good, and\nagain"\n2,"They broke my lamp\n3,The wheel fell off\n4,Lovely')
    (page,) = source(tmp_path).fetch(None)
    assert texts([page]) == ["Good, and\nagain"]
    assert "leaves a quote open" in errors([page])[0]
    assert b"The wheel fell off\\n4,Lovely" in page.originals[-1].body


@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\r\n"])
def test_a_text_of_two_lines_may_be_the_last(tmp_path: Path, end: str):
    (tmp_path / "a.csv").write_bytes(f'id,text\n1,"One\ntwo"{end}'.encode())
    assert texts(source(tmp_path).fetch(None)) == ["One\ntwo"]


def test_jsonl(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text(
        '{"Text":"Fine","rating":4,"tags":["a"]}\n\n[1]\n{"text":\n{"text":"\\ud800"}\n{"text":"\\ud83d\\ude00"}'
    )
    (page,) = source(tmp_path).fetch(None)
    assert [(item.text, item.rating, item.extra) for item in page.items] == [("Fine", 4.0, {"tags": '["a"]'}), ("\U0001f600", None, {})]
    assert len(page.rejected) == 3


def test_parquet(tmp_path: Path):
    at = pa.array([1_792_687_200_000_000_123], pa.timestamp("ns", "UTC"))
    pq.write_table(pa.table({"text": ["Fine"], "date": at, "rating": [4], "store": pa.array([None], pa.string())}), tmp_path / "a.parquet")
    (page,) = source(tmp_path).fetch(None)
    assert [(item.text, item.received_at, item.rating, item.extra) for item in page.items] == [
        ("Fine", datetime(2026, 10, 22, 16, 40, tzinfo=UTC), 4.0, {})
    ]


def test_equal_rows_without_id_are_two_messages_and_the_same_ones_next_time(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text\nGreat\nGreat\n")
    (tmp_path / "b.csv").write_text("text\nGreat\n")
    ids = [item.id for page in source(tmp_path).fetch(None) for item in page.items]
    assert (len(ids), len(set(ids))) == (3, 2)


def test_a_taken_id_is_shown_not_swallowed(tmp_path: Path):
    (tmp_path / "a.csv").write_text("id,text\n7,Great\n7,Awful\n7,Great\n")
    (page,) = source(tmp_path).fetch(None)
    assert texts([page]) == ["Great"]
    assert "has the id '7'" in errors([page])[0]


def test_an_unchanged_file_is_not_opened_again(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("text\nGreat\n")
    connector = source(tmp_path)
    cursor = last_cursor(connector)
    before = file.stat()
    file.write_text("text\nOther\n")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert list(connector.fetch(cursor)) == []


def test_a_grown_file_is_read_on(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("text\nGreat\n")
    connector = source(tmp_path)
    cursor = last_cursor(connector)
    file.write_text("text\nGreat\nGreat\nAwful\n")
    pages = list(connector.fetch(cursor))
    assert texts(pages) == ["Great", "Awful"]
    assert list(connector.fetch(pages[-1].cursor)) == []


@pytest.mark.parametrize("content", ["text\nAwful\n", "text\nAwful\nGood\nFine\n", "text\nGre\n"])
def test_a_replaced_file_is_read_from_its_start(tmp_path: Path, content: str):
    file = tmp_path / "a.csv"
    file.write_text("text\nGreat\nGood\n")
    connector = source(tmp_path)
    cursor = last_cursor(connector)
    file.write_text(content)
    assert texts(connector.fetch(cursor)) == content.split()[1:]


def test_small_files_share_a_page(tmp_path: Path):
    for n in range(20):
        (tmp_path / f"{n}.csv").write_text(f"text\nGreat {n}\n")
    assert [len(page.items) for page in source(tmp_path).fetch(None)] == [20]


def test_a_file_larger_than_a_page(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text\n" + "Great\n" * (PAGE_ROWS + 1))
    assert [len(page.items) for page in source(tmp_path).fetch(None)] == [PAGE_ROWS, 1]


def test_a_foreign_cursor_means_from_the_start(tmp_path: Path):
    (tmp_path / "a.csv").write_text("text\nGreat\n")
    for value in ("", "7", '{"a.csv": 1}', '{"a.csv": {"rows": 1}}'):
        assert texts(source(tmp_path).fetch(Cursor(value))) == ["Great"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"review,date\nGreat,2026-11-01\n", "set columns.text"),
        ("a.csv", "text\nGreat\n".encode("utf-16"), "UTF-8"),
        ("a.parquet", b"PAR1 but not really", "Parquet"),
    ],
)
def test_a_file_that_cannot_be_read_lets_the_others_pass_then_fails(tmp_path: Path, name: str, data: bytes, reason: str):
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.csv").write_text("text\nGreat\n")
    pages = source(tmp_path).fetch(None)
    assert texts([next(pages)]) == ["Great"]
    with pytest.raises(ConfigurationError, match=reason):
        next(pages)
    with pytest.raises(ConfigurationError, match=reason):
        source(tmp_path).check()


def test_a_mapped_column_that_is_not_there_is_named(tmp_path: Path):
    (tmp_path / "a.csv").write_text("review\nGreat\n")
    with pytest.raises(ConfigurationError, match=r"columns.text = 'opinion'; its columns are review"):
        source(tmp_path, columns={"text": "opinion"}).check()


@pytest.mark.parametrize("path", ["inbox/*.csv", "reviews.csv"])
def test_a_missing_place_is_an_error(tmp_path: Path, path: str):
    with pytest.raises(ConfigurationError, match="there is no"):
        list(source(tmp_path, path).fetch(None))


def test_an_empty_folder_and_an_empty_file_are_not(tmp_path: Path):
    assert list(source(tmp_path).fetch(None)) == []
    (tmp_path / "a.csv").write_text("")
    assert texts(source(tmp_path).fetch(None)) == []


def test_other_files_are_left_alone_and_named(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("hello")
    (page,) = source(tmp_path).fetch(None)
    assert "notes.txt was left alone" in page.notices[0]


def test_a_retry_reads_with_the_settings_of_now(tmp_path: Path):
    (tmp_path / "a.csv").write_text("date,text\n03/04/2026,Great\n")
    (page,) = source(tmp_path).fetch(None)
    assert "date_format" in errors([page])[0]
    assert source(tmp_path, date_format="day-first").read(page.originals[0]).received_at == datetime(2026, 4, 3, tzinfo=UTC)


def test_a_record_that_was_no_row_stays_rejected(tmp_path: Path):
    (tmp_path / "a.jsonl").write_text("oops\n")
    (page,) = source(tmp_path).fetch(None)
    with pytest.raises(RecordRejected, match="not JSON"):
        source(tmp_path).read(page.originals[0])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["csv", "jsonl", "tsv"]))
def test_no_bytes_break_a_fetch(tmp_path: Path, data: bytes, ending: str):
    (tmp_path / f"a.{ending}").write_bytes(b"text,x\n" + data)
    connector = source(tmp_path, f"a.{ending}")
    try:
        pages = list(connector.fetch(None))
    except ConfigurationError:
        return
    for page in pages:
        assert len(page.originals) == len(page.items) + len(page.rejected)
        assert all(item.text.encode() and item.id for item in page.items)
