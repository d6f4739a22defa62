"""How fast `allears run --until gather` takes in a large CSV file, and how much memory it needs.

Run: python benchmarks/gather.py [ROWS]
"""

from __future__ import annotations

import csv
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from process_tree import PeakMemory

LEAST_ROWS_PER_CPU_SECOND = 3_000
MOST_MEMORY = 500
ROWS = 200_000
CONFIGURATION = """\
[business]
name = "Northwind Coffee"
[[source]]
name = "reviews"
channel = "file"
path = "reviews.csv"
[[person]]
name = "Cara Diaz"
email = "cara@northwind.example"
[routing]
default = "person:Cara Diaz"
"""
SENTENCES = (
    "The beans arrived two days late and the bag was open on one side.",
    "Great service at the counter, thank you Addie!",
    "I was charged twice for order {order} and nobody answers my mails.",
    "Le café était froid et la personne au comptoir n'a rien voulu entendre.",
    "Wann kommt meine Lieferung? Bestellt am 3., heute ist der 19.",
    "Lovely aroma, a little too dark for my taste.",
    "The subscription page signs me out whenever I change the address.",
    "I have been a customer for six years and have never had to write before.",
    "Could you offer the decaf in one kilo bags?",
    "The grinder makes a noise like gravel since the last update of its firmware.",
)


def main(rows: int) -> int:
    """Measure once and print a table; 1 if a bar is missed."""
    with tempfile.TemporaryDirectory(prefix="allears-gather-") as name:
        folder = Path(name)
        (folder / "allears.toml").write_text(CONFIGURATION)
        write_reviews(folder / "reviews.csv", rows)
        size = (folder / "reviews.csv").stat().st_size / 1e6
        began = time.monotonic()
        process = subprocess.Popen(
            [Path(sys.executable).with_name("allears"), "run", "--until", "gather", "--json"],
            cwd=folder,
            stdout=subprocess.PIPE,
        )
        with PeakMemory(process.pid) as memory:
            answer, _ = process.communicate()
        wall = time.monotonic() - began
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    summary = json.loads(answer)
    assert summary["sources"][0]["new"] == rows, summary
    cpu = used.ru_utime + used.ru_stime
    speed = rows / cpu
    for what, figure, bar in (
        ("Rows", f"{rows:,} ({size:.0f} MB)", ""),
        ("Wall time", f"{wall:.1f} s", ""),
        ("of it gathering", f"{summary['seconds']['gather']:.1f} s", ""),
        ("CPU time, whole process", f"{cpu:.1f} s", ""),
        ("Rows per CPU-second", f"{speed:,.0f}", f">= {LEAST_ROWS_PER_CPU_SECOND:,}"),
        ("Peak memory, all processes", f"{memory.peak:.0f} MB", f"< {MOST_MEMORY} MB"),
    ):
        print(f"{what:<30}{figure:>22}   {bar}")
    return int(speed < LEAST_ROWS_PER_CPU_SECOND or memory.peak >= MOST_MEMORY)


def write_reviews(path: Path, rows: int) -> None:
    """Reviews of one to fourteen sentences, about 300 characters in the mean, the same in every run."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "date", "author", "contact", "rating", "text", "store"))
        writer.writerows(reviews(rows))


def reviews(rows: int) -> Iterator[tuple[object, ...]]:
    """The rows, from a seeded generator."""
    chance = random.Random(7)
    for number in range(rows):
        sentences = chance.choices(SENTENCES, k=min(14, 1 + int(chance.expovariate(0.28))))
        day, minute = divmod(number, 1440)
        yield (
            f"r{number}",
            f"2026-{1 + day // 28 % 12:02}-{1 + day % 28:02}T{minute // 60:02}:{minute % 60:02}:00Z",
            f"Customer {number % 50_000}",
            f"customer{number % 50_000}@customers.example",
            chance.randint(1, 5),
            " ".join(sentences).format(order=100_000 + number),
            chance.choice(("Leith", "Soho", "Lyon")),
        )


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
