"""Classifiers by name: the one place that knows which there are."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from allears.errors import ConfigurationError
from allears.settings.tree import ModelSettings
from models.cascade import cascade

if TYPE_CHECKING:
    from allears.ports import Classifier

BUILTIN = Path(__file__).parent / "builtin"
_OWN = ("builtin", "lexicon", "vader")


def configured(settings: ModelSettings, base: Path) -> Classifier:
    """The classifier of a configuration, with its second where it names one. Raises ConfigurationError."""
    first = load(settings.name, base=base, labels=settings.labels)
    if settings.second is None:
        return first
    return cascade(first, load(settings.second, base=base, labels=settings.labels), settings.second_below)


def load(name: str, *, base: Path | None = None, labels: Mapping[str, str] | None = None) -> Classifier:
    """The classifier of that name: "builtin", "lexicon", a folder (relative to `base`), or a name on the Hugging Face hub.

    A folder is one that `allears train` wrote, or a Transformers checkpoint's; `labels` says what a checkpoint's own mean.
    A hub name is downloaded on first use, unless HF_HUB_OFFLINE says otherwise. Raises ConfigurationError.
    """
    if name == "lexicon":
        from models.lexicon import LexiconClassifier  # noqa: PLC0415  # the word lists need not be read to print help

        return LexiconClassifier()
    if name == "vader":
        from models.vader import VaderClassifier  # noqa: PLC0415  # the same

        return VaderClassifier.open()
    source = str(BUILTIN) if name == "builtin" else _source(name, base)
    if is_encoder(source):
        from models.encoder import EncoderClassifier  # noqa: PLC0415  # numpy and onnxruntime need not be loaded to print help

        return EncoderClassifier.open(Path(source))
    _need_torch(name)
    from models.transformers_model import TransformersClassifier  # noqa: PLC0415  # torch takes seconds to import

    return TransformersClassifier.open(source, labels or {})


def with_weights(name: str, weights: Path, *, base: Path | None = None) -> Classifier:
    """A model that `allears train` wrote, with other weights of the same network, to compare them. Raises ConfigurationError."""
    folder = BUILTIN if name == "builtin" else (base or Path()) / Path(name).expanduser()
    if not is_encoder(str(folder)):
        raise ConfigurationError(f"{name!r} is no model that `allears train` wrote: only such a one can run with other weights.")
    from models.encoder import EncoderClassifier, calibration  # noqa: PLC0415  # as above
    from models.encoder.session import Session  # noqa: PLC0415  # the same

    return EncoderClassifier(Session(folder, weights.absolute()), calibration.read(folder), weights.stem)


def check(name: str, *, base: Path | None = None, labels: Mapping[str, str] | None = None) -> str:
    """A line on what `name` is and what would be downloaded; nothing is. Raises ConfigurationError that says what to do."""
    if name == "lexicon":
        return "lexicon: word lists in English, German, French, Spanish, Italian, Portuguese and Dutch; ships with AllEars"
    if name == "vader":
        return f"{load(name).version}: English word list, for comparison only"
    source = str(BUILTIN) if name == "builtin" else _source(name, base)
    if is_encoder(source):
        where = "ships with AllEars" if name == "builtin" else source
        return f"{load(name, base=base).version}: one multilingual encoder for sentiment, kind and urgency; {where}"
    _need_torch(name)
    from models import checkpoint  # noqa: PLC0415  # transformers takes seconds to import

    return checkpoint.describe(source, labels or {})


def is_encoder(source: str) -> bool:
    """Whether a folder is one that `allears train` wrote."""
    return (Path(source) / "calibration.json").is_file()


def _source(name: str, base: Path | None) -> str:
    """The folder if there is one, else the hub name. Raises ConfigurationError where a path leads nowhere."""
    folder = (base or Path()) / Path(name).expanduser()
    if name.strip() and folder.is_dir():
        return str(folder)
    close = difflib.get_close_matches(name, _OWN, n=1)
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
