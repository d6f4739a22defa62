import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer.main

from app.cli.main import cli
from tests.unit.cli.conftest import Command

ALLEARS = Path(sys.executable).with_name("allears")
DOCS = Path(__file__).parents[3] / "docs" / "commands.md"
HEAVY = ("duckdb", "prefect", "streamlit", "transformers", "pyarrow", "pandas", "numpy", "httpx", "fastapi")


def commands() -> list[str]:
    """Every command as one types it."""
    names = []
    for name, command in typer.main.get_command(cli).commands.items():  # type: ignore[attr-defined]  # a group has commands
        names += [f"{name} {below}" for below in command.commands] if hasattr(command, "commands") else [name]
    return names


@pytest.mark.parametrize("command", commands())
def test_help_has_an_example(allears: Command, command: str):
    answer = allears(*command.split(), "--help")
    assert answer.status == 0
    assert re.search(rf"Example: allears {command}", " ".join(answer.out.split()))


def test_help_lists_every_command(allears: Command):
    answer = allears("--help")
    assert {command.split()[0] for command in commands()} <= set(re.findall(r"^  ([a-z-]+)", answer.out, re.MULTILINE))


def test_no_arguments_show_the_help(allears: Command):
    answer = allears()
    assert answer.status == 2
    assert "Commands" in answer.err


def test_help_answers_at_once():
    def seconds() -> float:
        began = time.monotonic()
        subprocess.run([ALLEARS, "--help"], check=True, capture_output=True)
        return time.monotonic() - began

    assert min(seconds() for _ in range(3)) < 3


def test_the_command_line_loads_nothing_heavy():
    code = f"import sys, app.cli.main; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.skipif(not DOCS.exists(), reason="docs/commands.md is not written yet")
@pytest.mark.parametrize("command", commands())
def test_every_command_is_documented(command: str):
    headings = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith("#")]
    assert any(all(word in heading for word in command.split()) for heading in headings)


@pytest.mark.parametrize(
    "arguments", [["rrun"], ["run", "--frobnicate"], ["run", "--until", "lunch"], ["export", "secrets", "-o", "x.csv"]]
)
def test_wrong_usage_is_status_2_without_a_traceback(allears: Command, shop: Path, arguments: list[str]):
    answer = allears(*arguments)
    assert answer.status == 2
    assert "Traceback" not in answer.err
