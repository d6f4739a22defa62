"""Progress of a run: counters that move on a terminal, nothing where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@contextmanager
def counters() -> Iterator[Callable[[str, int], None]]:
    """A function to tell of progress: the name of a source or stage, and how many more messages are through."""
    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description:<14}"), TextColumn("{task.completed:>8,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        tasks: dict[str, TaskID] = {}

        def advance(name: str, count: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.advance(tasks[name], count)

        yield advance
