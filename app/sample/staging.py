"""The sample business, laid out in a folder as if its messages had come in over the last four weeks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

WRITTEN_AT = datetime(2026, 11, 19, 10, 42, tzinfo=UTC)
"""The moment at which the sample's messages end."""
_MAIL_DATE = re.compile(
    rb"(?im)^(Date:\s*|[ \t]+|Received:[^\n]*;\s*)((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{1,2} \w{3} \d{4} [\d:]{5,8} [+-]\d{4})"
)
_TOML_DATE = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
_REVIEW_DATE = "created"


def stage(directory: Path, now: datetime) -> None:
    """Write the sample into `directory`, every date moved by the whole days since it was written."""
    _copy(files("app.sample").joinpath("northwind"), directory, (now - WRITTEN_AT) // timedelta(days=1) * timedelta(days=1))


def form_submissions(directory: Path) -> list[dict[str, str]]:
    """The messages that customers send through the form, in order."""
    return [json.loads(line) for line in (directory / "form.jsonl").read_text("utf-8").splitlines() if line.strip()]


def _copy(folder: Traversable, to: Path, shift: timedelta) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for entry in folder.iterdir():
        if entry.is_dir():
            _copy(entry, to / entry.name, shift)
        elif not entry.name.startswith("."):
            move = _MOVES.get(entry.name, _MOVES.get(Path(entry.name).suffix, _unmoved))
            (to / entry.name).write_bytes(move(entry.read_bytes(), shift))


def _unmoved(content: bytes, _shift: timedelta) -> bytes:
    return content


def _mail(content: bytes, shift: timedelta) -> bytes:
    """Move the dates in a mail's header; what follows the header is the customer's and stays."""
    header, separator, body = content.partition(b"\r\n\r\n" if b"\r\n\r\n" in content else b"\n\n")
    moved = _MAIL_DATE.sub(lambda match: match[1] + format_datetime(parsedate_to_datetime(match[2].decode()) + shift).encode(), header)
    return moved + separator + body


def _reviews(content: bytes, shift: timedelta) -> bytes:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows({**row, _REVIEW_DATE: (datetime.fromisoformat(row[_REVIEW_DATE]) + shift).isoformat()} for row in rows)
    return out.getvalue().encode()


def _reddit(content: bytes, shift: timedelta) -> bytes:
    body: dict[str, Any] = json.loads(content)
    for child in body["data"]["children"]:
        for key in ("created_utc", "created"):
            if key in child["data"]:
                child["data"][key] += shift.total_seconds()
    return json.dumps(body).encode()


def _x(content: bytes, shift: timedelta) -> bytes:
    body: dict[str, Any] = json.loads(content)
    for post in body["data"]:
        post["created_at"] = (datetime.fromisoformat(post["created_at"]) + shift).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return json.dumps(body).encode()


def _configuration(content: bytes, shift: timedelta) -> bytes:
    return _TOML_DATE.sub(lambda match: (date.fromisoformat(match[0]) + shift).isoformat(), content.decode()).encode()


_MOVES: dict[str, Callable[[bytes, timedelta], bytes]] = {
    ".eml": _mail,
    ".csv": _reviews,
    "reddit.json": _reddit,
    "x.json": _x,
    ".toml": _configuration,
}
