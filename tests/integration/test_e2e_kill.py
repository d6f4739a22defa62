"""`allears run` is killed with SIGKILL at any moment and run again: nothing lost, nothing doubled, no alert twice."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from pathlib import Path

import pytest

from allears.domain.records import ExportName
from allears.settings import load
from allears.store import connect
from app.sample.staging import stage

ALLEARS = Path(sys.executable).with_name("allears")
PATIENCE = 90
Moment = Callable[[Path], bool]


FEWEST_MAILS = 30
"""So many mails leave at least; how many alerts go together in one depends on when a run was begun anew."""


@dataclass(frozen=True)
class Books:
    """What a finished run leaves behind, as far as it must not depend on how often it was begun."""

    items: list[tuple[str, str]]
    quarantined: list[tuple[str, str]]
    statuses: Counter[str]
    balanced: bool
    cases: int
    alerts: int
    praise: list[str]


@dataclass(frozen=True)
class Clean:
    """A run that nobody disturbed: the folder as it was before, what the run left, and how long it took."""

    folder: Path
    books: Books
    seconds: float


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Clean:
    folder = tmp_path_factory.mktemp("kill") / "clean"
    stage(folder, datetime.now(UTC))
    configuration = folder / "allears.toml"
    text = configuration.read_text("utf-8")  # the built-in model may read a message on the line otherwise among other neighbours
    configuration.write_text(text.replace('name = "builtin"', 'name = "lexicon"'), "utf-8")
    assert load(configuration).model.name == "lexicon"
    undisturbed = copy_of(folder, "undisturbed")
    began = time.monotonic()
    run_to_the_end(undisturbed)
    return Clean(folder, books(undisturbed), time.monotonic() - began)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_kill_after_a_share_of_the_run(clean: Clean, share: float):
    assert kill_and_go_on(clean.folder, f"share{share}", after(share * clean.seconds)) == clean.books


def test_kill_again_and_again(clean: Clean):
    """While sources are gathered, before any alert leaves, at the first alert, and among the alerts."""
    moments = (store_grew, after(0.4 * clean.seconds), alerts_left(1), alerts_left(FEWEST_MAILS))
    assert kill_and_go_on(clean.folder, "again", *moments) == clean.books


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_kill_at_a_random_moment(clean: Clean, seed: int):
    chance = random.Random(seed)
    moment = chance.choice([after(chance.uniform(0, clean.seconds)), store_grew, alerts_left(chance.randint(1, FEWEST_MAILS))])
    assert kill_and_go_on(clean.folder, f"random{seed}", moment) == clean.books


def kill_and_go_on(sample: Path, name: str, *moments: Moment) -> Books:
    folder = copy_of(sample, name)
    for moment in moments:
        run_until(folder, moment)
    run_to_the_end(folder)
    return books(folder)


def run_until(folder: Path, moment: Moment) -> None:
    """Start a run, and kill its whole process group when the moment has come; a run that ends first is as good."""
    process = subprocess.Popen([ALLEARS, "run"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + PATIENCE
    try:
        while process.poll() is None and not moment(folder):
            assert time.monotonic() < deadline, "the moment did not come"
            time.sleep(0.002)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def after(seconds: float) -> Moment:
    """That long after the run began."""
    began: list[float] = []

    def come(_: Path) -> bool:
        began.append(time.monotonic())
        return began[-1] - began[0] >= seconds

    return come


def store_grew(folder: Path) -> bool:
    """As soon as a page is on its way to the disk."""
    log = folder / "allears.duckdb.wal"
    return log.exists() and log.stat().st_size > 20_000


def alerts_left(count: int) -> Moment:
    """As soon as that many mails lie in the outbox."""

    def come(folder: Path) -> bool:
        new = folder / "outbox" / "new"
        return new.is_dir() and sum(1 for _ in new.iterdir()) >= count

    return come


def copy_of(sample: Path, name: str) -> Path:
    """The sample in a folder of its own, with the same times on its files: they date what has no date."""
    folder = sample.parent / name
    subprocess.run(["cp", "-a", sample, folder], check=True)  # noqa: S607 - coreutils
    return folder


def run_to_the_end(folder: Path) -> None:
    done = subprocess.run([ALLEARS, "run"], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stderr


def books(folder: Path) -> Books:
    store = connect(load(folder / "allears.toml"))
    try:
        items, cases, events = (
            store.export(name).read_all().to_pylist() for name in (ExportName.ITEMS, ExportName.CASES, ExportName.EVENTS)
        )
        quarantined = store.quarantine()
        balanced = all(row.balanced and not row.waiting for row in store.ledger(None, "UTC"))
    finally:
        store.close()
    mails = [message_from_bytes(path.read_bytes()) for path in (folder / "outbox" / "new").iterdir()]
    alerts = [event["case_id"] for event in events if event["type"] == "alerted"]
    assert len({mail["Message-ID"] for mail in mails}) == len(mails), "a mail went out twice"
    assert set(alerts) == {case["id"] for case in cases}, "an owner was not told of a case"
    return Books(
        items=sorted((item["source"], item["external_id"]) for item in items),
        quarantined=sorted((each.source, each.external_id) for each in quarantined),
        statuses=Counter(item["status"] for item in items),
        balanced=balanced,
        cases=len(cases),
        alerts=len(alerts),
        praise=sorted(str(mail["Subject"]) for mail in mails if "wrote about you" in str(mail["Subject"])),
    )
