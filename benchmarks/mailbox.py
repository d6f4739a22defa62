"""How fast `allears run --until gather` reads and stores a Maildir, and whether its memory grows with the mailbox.

Run: python benchmarks/mailbox.py [MESSAGES]
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from process_tree import PeakMemory
from varied_mail import mails

LEAST_MESSAGES_PER_CPU_SECOND = 400
MOST_MEMORY = 500
MOST_GROWTH = 1.25
MESSAGES = 10_000
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
own_addresses = ["*@northwind.example"]
[[source]]
name = "support"
channel = "email"
url = "maildir:box"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""


def main(messages: int) -> int:
    """Measure once, and beside a larger mailbox one of the usual size; 1 if a bar is missed."""
    small = measure(MESSAGES) if messages > MESSAGES else None
    large = measure(messages)
    growth = large.memory / small.memory if small else 1.0
    for what, figure, bar in (
        ("Messages", f"{messages:,} ({large.size:.0f} MB)", ""),
        ("Wall time", f"{large.wall:.1f} s", ""),
        ("CPU time, whole process", f"{large.cpu:.1f} s", ""),
        ("Messages per CPU-second", f"{messages / large.cpu:,.0f}", f">= {LEAST_MESSAGES_PER_CPU_SECOND:,}"),
        ("Peak memory, all processes", f"{large.memory:.0f} MB", f"< {MOST_MEMORY} MB"),
        ("to that of 10,000 messages", f"{growth:.2f}", f"<= {MOST_GROWTH}"),
    ):
        print(f"{what:<30}{figure:>22}   {bar}")
    slow = messages / large.cpu < LEAST_MESSAGES_PER_CPU_SECOND
    return int(slow or large.memory >= MOST_MEMORY or growth > MOST_GROWTH)


@dataclass(frozen=True)
class Cost:
    """Of reading one mailbox: its size and the peak memory in MB, seconds."""

    size: float
    wall: float
    cpu: float
    memory: float


def measure(messages: int) -> Cost:
    """Read a new mailbox into a new store."""
    with tempfile.TemporaryDirectory(prefix="allears-mailbox-") as name:
        folder = Path(name)
        (folder / "allears.toml").write_text(CONFIGURATION)
        size = write_maildir(folder / "box", messages)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        began = time.monotonic()
        process = subprocess.Popen(
            [Path(sys.executable).with_name("allears"), "run", "--until", "gather", "--json"], cwd=folder, stdout=subprocess.PIPE
        )
        with PeakMemory(process.pid) as memory:
            answer, _ = process.communicate()
        wall = time.monotonic() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert json.loads(answer)["sources"][0]["new"] == messages, answer
    return Cost(size / 1e6, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, memory.peak)


def write_maildir(box: Path, messages: int) -> int:
    """Mails of eight kinds, the same in every run; how many bytes they have."""
    for name in ("cur", "new", "tmp"):
        (box / name).mkdir(parents=True)
    size = 0
    for number, mail in enumerate(mails(messages)):
        raw = mail.encode()
        size += len(raw)
        with open(os.path.join(box, "new", f"{number:07}.bench"), "wb") as file:  # noqa: PTH118, PTH123 - 100,000 Path objects cost seconds
            file.write(raw)
    return size


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES))
