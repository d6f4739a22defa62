"""What `allears up` costs when nothing happens: ten empty sources, each asked every minute.

Run: python benchmarks/idle.py [SECONDS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from at_work import free_ports, up
from process_tree import Cost, costs

MOST_CPU_SHARE = 0.15
MOST_MEMORY = 650
SECONDS = 180
SETTLING = 75
"""Seconds after the start that are not counted: one full round of all sources, and a little."""
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[service]
port = {service}
[dashboard]
port = {dashboard}
[prefect]
port = {prefect}
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""
MAILBOX = """\
[[source]]
name = "mailbox{number}"
channel = "email"
url = "eml:mail{number}"
every = "1 minute"
"""
REVIEWS = """\
[[source]]
name = "reviews{number}"
channel = "file"
path = "reviews{number}/*.csv"
every = "1 minute"
"""


def main(seconds: float) -> int:
    """Measure once and print a table; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="allears-idle-") as name:
        folder = Path(name)
        dashboard = set_up(folder)
        with up(folder, dashboard) as supervisor:
            time.sleep(SETTLING)
            share, last, memory = watch(supervisor.pid, seconds)
    for cost in sorted(last, key=lambda each: -each.pss):
        print(f"{kind(cost):<40}{cost.pss:>8.0f} MB (PSS)")
    print(f"{'CPU, share of one core':<40}{share:>10.1%}   < {MOST_CPU_SHARE:.0%}   over {seconds:.0f} s")
    print(f"{'Memory of all processes, mean (PSS)':<40}{memory.mean:>7.0f} MB   < {MOST_MEMORY} MB")
    print(f"{'Memory of all processes, peak (PSS)':<40}{memory.peak:>7.0f} MB")
    return int(share >= MOST_CPU_SHARE or memory.mean >= MOST_MEMORY)


def set_up(folder: Path) -> int:
    """A configuration with ten empty sources; the dashboard's port."""
    service, dashboard, prefect = free_ports(3)
    sources = "".join(form.format(number=number) for number in range(5) for form in (MAILBOX, REVIEWS))
    (folder / "allears.toml").write_text(CONFIGURATION.format(service=service, dashboard=dashboard, prefect=prefect) + sources)
    for number in range(5):
        (folder / f"mail{number}").mkdir()
        (folder / f"reviews{number}").mkdir()
    return dashboard


class Memory:
    """PSS of all processes in MB over a while: the mean and the greatest sample."""

    def __init__(self) -> None:
        self.samples: list[float] = []

    @property
    def mean(self) -> float:
        """The mean of all samples."""
        return sum(self.samples) / len(self.samples)

    @property
    def peak(self) -> float:
        """The greatest sample."""
        return max(self.samples)


def watch(root: int, seconds: float) -> tuple[float, list[Cost], Memory]:
    """Share of one core that the tree used, its processes at the end, and its memory, sampled each second."""
    memory = Memory()
    before, began = cpu_seconds(costs(root)), time.monotonic()
    while time.monotonic() - began < seconds:
        time.sleep(1)
        last = costs(root)
        memory.samples.append(sum(cost.pss for cost in last))
    return (cpu_seconds(last) - before) / (time.monotonic() - began), last, memory


def cpu_seconds(processes: list[Cost]) -> float:
    """CPU seconds of a tree so far, with the children that its processes have reaped."""
    return sum(cost.cpu_seconds for cost in processes)


def kind(cost: Cost) -> str:
    """What a process is, from its command."""
    modules = ("app.service.main", "prefect server", "flows.runner", "streamlit", "prefect.engine", "prefect.flow_engine", "uvicorn")
    return next((module for module in modules if module in cost.command), cost.command[-38:].strip())


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
