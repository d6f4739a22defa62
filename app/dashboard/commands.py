"""Commands of `allears` that a page runs beside itself, since pages neither gather nor route: with a time limit, one at a time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

STEP = 0.3
"""Seconds between two looks at whether it is done."""
_BUSY = threading.Lock()
ALLEARS = (sys.executable, "-c", "from app.cli.main import run_command_line; run_command_line()")
"""The command line of this installation, however it was installed."""
MOST_TOLD = 2_000


class CommandFailed(Exception):
    """A command that gave no answer, with what it said instead."""


def run(arguments: list[str], config: Path, seconds: float, waiting: Callable[[float], object], program: Sequence[str] = ALLEARS) -> Any:
    """What a command prints as JSON; `waiting` is told how many seconds it runs already, and may raise to give up. Raises CommandFailed.

    Whatever ends this ends the command with all that it started.
    """
    if not _BUSY.acquire(blocking=False):
        raise CommandFailed("A check, or a try of other rules, is running at this moment. Wait until it is over.")
    try:
        with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
            command = [*program, *arguments, "--config", str(config), "--json"]
            process = subprocess.Popen(  # noqa: S603 - our own command, and arguments that pages offered
                command, cwd=config.parent, stdout=said, stderr=complained, stdin=subprocess.DEVNULL, start_new_session=True
            )
            _await(process, seconds, waiting)
            return _answer(_read(said), _read(complained))
    finally:
        _BUSY.release()


def _await(process: subprocess.Popen[bytes], seconds: float, waiting: Callable[[float], object]) -> None:
    began = time.monotonic()
    try:
        while process.poll() is None:
            passed = time.monotonic() - began
            if passed > seconds:
                raise CommandFailed(f"It was not done within {seconds:.0f} seconds and was stopped. Nothing was changed.")
            waiting(passed)
            time.sleep(STEP)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode("utf-8", "replace")


def _answer(said: str, complained: str) -> Any:
    try:
        return json.loads(said)
    except ValueError as error:
        raise CommandFailed(complained.strip()[-MOST_TOLD:] or "The command said nothing. Run it by hand to see why.") from error
