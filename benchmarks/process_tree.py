"""What a process and all its descendants cost, read from /proc (Linux)."""

from __future__ import annotations

import os
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Cost:
    """One process: its command, CPU seconds so far (with its reaped children), and memory in MB.

    `rss` counts pages that several processes share once in each of them, `pss` once in all.
    """

    pid: int
    command: str
    cpu_seconds: float
    rss: float
    pss: float


def tree(root: int) -> list[int]:
    """The pids of a process and its descendants."""
    children = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            children[int(fields[1])].append(int(entry.name))
    found = [root]
    for pid in found:
        found.extend(children[pid])
    return found


def costs(root: int) -> list[Cost]:
    """What each process of a tree costs; those that end meanwhile are left out."""
    return [cost for pid in tree(root) if (cost := _cost(pid))]


def rss(root: int) -> float:
    """Resident memory of a whole tree in MB, shared pages counted in each process."""
    return sum(int(fields[21]) * _PAGE / _MB for pid in tree(root) if (fields := _stat(pid)))


@dataclass(slots=True)
class PeakMemory:
    """Watches the resident memory of a tree from a thread; `peak` in MB, the greatest of samples `every` seconds apart."""

    root: int
    every: float = 0.05
    peak: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        threading.Thread(target=self._watch, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()

    def _watch(self) -> None:
        while not self._done.wait(self.every):
            self.peak = max(self.peak, rss(self.root))


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the command (see proc_pid_stat(5)); none if the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _cost(pid: int) -> Cost | None:
    fields = _stat(pid)
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return None
    memory = {line.split()[0]: float(line.split()[1]) * 1024 / _MB for line in rollup.splitlines()[1:]}
    return Cost(pid, command, sum(map(int, fields[11:15])) / _TICKS, memory["Rss:"], memory["Pss:"]) if fields else None
