"""`allears run` is killed with SIGKILL at any moment and run again: nothing lost, nothing doubled, no alert twice."""

import csv
import json
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

from app.sample.staging import stage

ALLEARS = Path(sys.executable).with_name("allears")
PATIENCE = 90
Moment = Callable[[Path], bool]


@dataclass(frozen=True)
class Books:
    """What a finished run leaves behind, as far as it must not depend on how often it was begun."""

    items: list[tuple[str, str]]
    quarantined: list[tuple[str, str]]
    statuses: Counter[str]
    balanced: bool
    cases: int
    mails: int


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The staged sample; a folder that every kill copies, so that all read the same bytes."""
    folder = tmp_path_factory.mktemp("kill") / "sample"
    stage(folder, datetime.now(UTC))
    return folder


@pytest.fixture(scope="module")
def clean(sample: Path) -> tuple[Books, float]:
    """The books of a run that nobody disturbed, and how many seconds it took."""
    began = time.monotonic()
    folder = copy_of(sample, "clean")
    allears(folder, "run")
    return books(folder), time.monotonic() - began


def test_kill_while_prefect_starts(sample: Path, clean: tuple[Books, float]):
    assert kill_and_go_on(sample, "start", after(0.25 * clean[1])) == clean[0]


def test_kill_while_sources_are_gathered(sample: Path, clean: tuple[Books, float]):
    assert kill_and_go_on(sample, "gather", store_grew) == clean[0]


@pytest.mark.parametrize("count", [1, 40])
def test_kill_while_alerts_leave(sample: Path, clean: tuple[Books, float], count: int):
    assert kill_and_go_on(sample, f"notify{count}", alerts_left(count)) == clean[0]


def test_kill_twice(sample: Path, clean: tuple[Books, float]):
    assert kill_and_go_on(sample, "twice", after(0.75 * clean[1]), alerts_left(60)) == clean[0]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(50))
def test_kill_at_a_random_moment(sample: Path, clean: tuple[Books, float], seed: int):
    chance = random.Random(seed)
    moment = chance.choice([after(chance.uniform(0, clean[1])), store_grew, alerts_left(chance.randint(1, clean[0].mails))])
    assert kill_and_go_on(sample, f"random{seed}", moment) == clean[0]


def kill_and_go_on(sample: Path, name: str, *moments: Moment) -> Books:
    folder = copy_of(sample, name)
    for moment in moments:
        run_until(folder, moment)
    allears(folder, "run")
    return books(folder)


def run_until(folder: Path, moment: Moment) -> None:
    """Start a run, and kill its whole process group when the moment has come; a run that ends first is as good."""
    process = subprocess.Popen(
        [ALLEARS, "run"], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
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
        return new.is_dir() and len(os.listdir(new)) >= count

    return come


def copy_of(sample: Path, name: str) -> Path:
    """The sample in a folder of its own, with the same times on its files: they date what has no date."""
    folder = sample.parent / name
    subprocess.run(["cp", "-a", sample, folder], check=True)  # noqa: S603, S607 - coreutils
    return folder


def allears(folder: Path, *arguments: str) -> str:
    done = subprocess.run([ALLEARS, *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE)  # noqa: S603 - ours
    assert done.returncode == 0, done.stderr
    return done.stdout


def books(folder: Path) -> Books:
    ledger = json.loads(allears(folder, "ledger", "--json"))
    items = exported(folder, "items")
    cases = exported(folder, "cases")
    quarantined = [json.loads(line) for line in allears(folder, "quarantine", "list", "--json").splitlines()]
    mails = [message_from_bytes(path.read_bytes()) for path in (folder / "outbox" / "new").iterdir()]
    alerted = Counter(event["case_id"] for event in exported(folder, "events") if event["type"] == "alerted")
    assert max(Counter(mail["Message-ID"] for mail in mails).values()) == 1, "a mail went out twice"
    assert max(alerted.values()) == 1, "an alert was recorded twice"
    assert alerted.keys() == {case["id"] for case in cases}, "a case has an owner who was not told"
    return Books(
        items=sorted((item["source"], item["external_id"]) for item in items),
        quarantined=sorted((each["source"], each["external_id"]) for each in quarantined),
        statuses=Counter(item["status"] for item in items),
        balanced=ledger["balanced"],
        cases=len(cases),
        mails=len(mails),
    )


def exported(folder: Path, what: str) -> list[dict[str, str]]:
    file = folder / f"{what}.csv"
    allears(folder, "export", what, "-o", str(file))
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
