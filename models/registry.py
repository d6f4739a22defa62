"""Classifiers by name: the one place that knows which there are."""

from __future__ import annotations

import difflib
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from allears.errors import ConfigurationError

if TYPE_CHECKING:
    from allears.ports import Classifier

_LEXICON = frozenset({"builtin", "lexicon"})


def load(name: str, *, base: Path | None = None) -> Classifier:
    """The classifier of that name: "builtin", "lexicon", or a Transformers checkpoint's folder (relative to `base`) or hub name.

    A hub name is downloaded on first use, unless HF_HUB_OFFLINE says otherwise. Raises ConfigurationError.
    """
    if name in _LEXICON:
        from models.lexicon import LexiconClassifier  # noqa: PLC0415  # the word lists need not be read to print help

        return LexiconClassifier()
    source = _source(name, base)
    _need_torch(name)
    from models.transformers_model import TransformersClassifier  # noqa: PLC0415  # torch takes seconds to import

    return TransformersClassifier.open(source)


def check(name: str, *, base: Path | None = None) -> str:
    """A line on what `name` is and whether it can be used; nothing is downloaded. Raises ConfigurationError that says what to do."""
    if name in _LEXICON:
        return "lexicon: word lists in English, German, French, Spanish, Italian, Portuguese and Dutch; ships with AllEars"
    source = _source(name, base)
    _need_torch(name)
    from models import checkpoint  # noqa: PLC0415  # transformers takes seconds to import

    return checkpoint.describe(source)


def _source(name: str, base: Path | None) -> str:
    """The folder if there is one, else the hub name. Raises ConfigurationError where a path leads nowhere."""
    folder = (base or Path()) / Path(name).expanduser()
    if name.strip() and folder.is_dir():
        return str(folder)
    close = difflib.get_close_matches(name, sorted(_LEXICON), n=1)
    if close:
        raise ConfigurationError(f"model.name: {name!r} is no model; did you mean {close[0]!r}?")
    if name.startswith((".", "/", "~")) or name.count("/") > 1 or name.endswith("/") or not name.strip():
        raise ConfigurationError(
            f"model.name: {name!r} is no folder ({folder} does not exist). "
            'Give the folder of a Transformers checkpoint, a name on the Hugging Face hub, "builtin" or "lexicon".'
        )
    return name


def _need_torch(name: str) -> None:
    if find_spec("torch") is None:
        raise ConfigurationError(
            f'model.name: {name!r} is a Transformers checkpoint and needs PyTorch: pip install "allears[torch]". '
            'Without it, use "builtin" or "lexicon".'
        )
