"""A recipe: everything that decides how a training run goes, read from a TOML file and kept in the model's manifest."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from allears.errors import ConfigurationError

DEFAULT = Path(__file__).parent / "recipe.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Base(_Strict):
    """The encoder to begin with: which of its layers stay, and which pieces.

    Of each script those up to a frequency rank, and what the corpus and so many of each language's commonest words are made of.
    """

    layers: tuple[int, ...]
    scripts: dict[str, int]
    common_words: int = 0


class Stage(_Strict):
    """One stretch of training: epochs over its rows, which are the corpus so many times and so many rows of each public set."""

    name: str
    epochs: int
    corpus: float = 0
    public: dict[str, int] = {}
    learning_rate: float
    joined: float = 0
    embeddings: float = 1.0


class Recipe(_Strict):
    """A run: seed, base, sizes, weights of the losses, and its stages.

    `blended` is how much of the first stage's weights, or of those it began with, is mixed into the last: what was learnt late
    stays, and text unlike the corpus is read better (Wortsman et al., 2022).
    """

    seed: int
    base: Base
    tokens_per_batch: int
    longest: int
    kind_weight: float
    signal_weight: float
    intent_weight: float = 0
    averaging: float
    blended: float = 0
    stages: tuple[Stage, ...]


def read(path: Path = DEFAULT) -> Recipe:
    """Read a recipe. Raises ConfigurationError that says what is wrong with it."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigurationError(f"recipe {path}: {error}") from error
