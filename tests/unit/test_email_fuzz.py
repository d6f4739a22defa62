"""Whatever comes as a mail is read or rejected, in bounded time and memory.

Hostile mails are read in a process of its own, so that its memory tells of nothing else. `ALLEARS_FUZZED_MAILS` says how many the
long run reads; `python tests/unit/test_email_fuzz.py COUNT SEED` prints what went wrong in one.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 2.0
MOST_MEMORY = 300
QUICK = 400
MANY = int(os.environ.get("ALLEARS_FUZZED_MAILS", "4000"))


def test_hostile_mail_is_read_or_rejected_in_bounded_time_and_memory() -> None:
    assert fuzzed(QUICK, seed=1)["wrong"] == []


@pytest.mark.slow
def test_much_hostile_mail_is_read_or_rejected_in_bounded_time_and_memory() -> None:
    outcome = fuzzed(MANY, seed=2)
    print(outcome)
    assert outcome["wrong"] == []


def fuzzed(count: int, seed: int) -> dict[str, Any]:
    answer = subprocess.run([sys.executable, __file__, str(count), str(seed)], capture_output=True, text=True, check=False, cwd=ROOT)
    assert answer.returncode == 0, answer.stderr
    outcome: dict[str, Any] = json.loads(answer.stdout)
    return outcome


def read_them(count: int, seed: int) -> dict[str, Any]:
    """What went wrong, as (number of the mail, what); the slowest mail, and the most memory that was held (MB)."""
    sys.path.insert(0, str(ROOT))
    from allears.domain.feedback import SourceName  # noqa: PLC0415 - the process that reads is another one
    from allears.errors import RecordRejected  # noqa: PLC0415
    from connectors.email.parse import Reading, parse  # noqa: PLC0415
    from tests.mutants import mail  # noqa: PLC0415

    signal.signal(signal.SIGVTALRM, give_up)
    reading = Reading(SourceName("support"), ("*@northwind.example",), datetime(2026, 11, 20, 12, tzinfo=UTC))
    wrong: list[tuple[int, str]] = []
    slowest, rejected, memory_told = (0.0, -1), 0, False
    for number in range(count):
        raw = mail(seed, number)
        signal.setitimer(signal.ITIMER_VIRTUAL, 10 * MOST_SECONDS)
        began = time.process_time()
        try:
            item = parse(raw, reading)
            for text in (item.text, item.external_id, item.quoted or "", item.title or "", item.contact or "", *item.extra.values()):
                text.encode("utf-8")
                assert "\0" not in text
        except RecordRejected:
            rejected += 1
        except Exception as error:  # noqa: BLE001 - each is a finding, and the others are read all the same
            wrong.append((number, repr(error)[:200]))
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        took = time.process_time() - began
        slowest = max(slowest, (took, number))
        if took > MOST_SECONDS:
            wrong.append((number, f"took {took:.1f} s"))
        if not memory_told and memory() > MOST_MEMORY:
            memory_told = True
            wrong.append((number, f"{memory()} MB are held"))
    return {"mails": count, "rejected": rejected, "slowest": slowest, "memory": memory(), "wrong": wrong}


def give_up(*_: object) -> None:
    raise TimeoutError


def memory() -> int:
    """The most resident memory this process ever had, in MB; 0 where there is no /proc. (getrusage counts the parent's as well.)"""
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.is_file() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)


if __name__ == "__main__":
    print(json.dumps(read_them(int(sys.argv[1]), int(sys.argv[2]))))
