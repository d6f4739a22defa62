"""A Transformers checkpoint looked at without loading its weights: is it there, and which label means what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from allears.domain.feedback import Sentiment
from allears.errors import ConfigurationError

_NAMES = {
    Sentiment.NEGATIVE: ("negative", "neg", "negativ", "negatif", "negativo", "bad"),
    Sentiment.NEUTRAL: ("neutral", "neu", "neutre", "neutro"),
    Sentiment.POSITIVE: ("positive", "pos", "positiv", "positif", "positivo", "good"),
}
_MEANING = {word: sentiment for sentiment, words in _NAMES.items() for word in words}
_BY_POSITION = {
    2: (Sentiment.NEGATIVE, Sentiment.POSITIVE),
    3: (Sentiment.NEGATIVE, Sentiment.NEUTRAL, Sentiment.POSITIVE),
}
_STAR_COUNT = 5
_HUB_SECONDS = 10


@dataclass(frozen=True, slots=True)
class LabelMap:
    """For each output of a checkpoint, the sentiment it stands for and its value on [-1, 1]."""

    sentiments: tuple[Sentiment, ...]
    values: tuple[float, ...]


def label_map(id2label: Mapping[int, str], meant: Mapping[str, str] | None = None) -> LabelMap:
    """What a checkpoint's labels mean: what `meant` says, sentiment names, LABEL_0.. in their usual order, or one to five stars.

    Raises ConfigurationError where they are anything else, or where `meant` leaves one out.
    """
    labels = [id2label[index].strip().lower() for index in sorted(id2label)]
    if meant:
        return _plain(_told(labels, meant))
    named = [_MEANING.get(label) or _meaning_with_degree(label) for label in labels]
    if all(named) and Sentiment.NEGATIVE in named and Sentiment.POSITIVE in named:
        sentiments = tuple(each for each in named if each)
        return LabelMap(sentiments, tuple(_value(label, each) for label, each in zip(labels, sentiments, strict=True)))
    if labels == [f"label_{index}" for index in range(len(labels))]:
        if len(labels) in _BY_POSITION:
            return _plain(_BY_POSITION[len(labels)])
        if len(labels) == _STAR_COUNT:
            return _starred(range(1, _STAR_COUNT + 1))
    stars = [re.fullmatch(r"([1-5])(?:[\s_-]*(?:stars?|\*))?", label) for label in labels]
    if len(labels) == _STAR_COUNT and all(stars):
        return _starred([int(match[1]) for match in stars if match])
    raise ConfigurationError(
        f"model.name: this checkpoint's labels are {', '.join(map(repr, id2label.values()))}; AllEars reads negative/neutral/positive, "
        "LABEL_0.. for two, three or five classes, or 1 to 5 stars. Say what they mean: "
        f'[model] labels = {{"{id2label[min(id2label)]}" = "negative", …}}.'
    )


def _told(labels: list[str], meant: Mapping[str, str]) -> tuple[Sentiment, ...]:
    said = {label.strip().lower(): Sentiment(sentiment) for label, sentiment in meant.items()}
    missing = [label for label in labels if label not in said]
    if missing:
        raise ConfigurationError(f"model.labels: says nothing of {', '.join(map(repr, missing))}; the checkpoint has {', '.join(labels)}.")
    return tuple(said[label] for label in labels)


def describe(source: str, meant: Mapping[str, str]) -> str:
    """A line on a checkpoint by folder or hub name; the hub is asked what a download would be. Raises ConfigurationError."""
    if not Path(source).is_dir() and not is_cached(source):
        if _offline():
            raise ConfigurationError(
                f"model.name: {source!r} is not on this machine, and HF_HUB_OFFLINE forbids a download. "
                f"Unset it, or put the checkpoint into a folder and name that."
            )
        return f"{source}: not on this machine yet; the first run downloads {_download_size(source)} from the Hugging Face hub"
    config = configuration(source)
    return f"{source}: {config.model_type}, {len(label_map(config.id2label, meant).values)} labels; on this machine"


def _download_size(name: str) -> str:
    """How much a checkpoint would download. Raises ConfigurationError where the hub can't be asked or knows no such model."""
    from huggingface_hub import HfApi  # noqa: PLC0415  # takes long to import
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415  # the same

    try:
        files = HfApi().model_info(name, files_metadata=True, timeout=_HUB_SECONDS).siblings or []
    except HfHubHTTPError as error:
        raise ConfigurationError(
            f"model.name: the Hugging Face hub does not give out {name!r} ({error.response.status_code}): "
            "check the name, and HF_TOKEN if the model is private or gated."
        ) from error
    except Exception as error:  # the hub's client raises what its HTTP library raises, and has changed it before
        raise ConfigurationError(
            f"model.name: {name!r} is not on this machine, and the Hugging Face hub cannot be reached: {error}. "
            "Connect once, or put the checkpoint into a folder and name that."
        ) from error
    sizes = {each.rfilename: each.size or 0 for each in files}
    weights = [size for file, size in sizes.items() if file.endswith(".safetensors")] or [
        size for file, size in sizes.items() if file.endswith(".bin")
    ]
    return f"{sum(weights) / 1e6:,.0f} MB"


def configuration(source: str) -> Any:
    """The checkpoint's configuration. Raises ConfigurationError where it cannot be read."""
    from transformers import AutoConfig  # noqa: PLC0415  # takes seconds to import

    try:
        return AutoConfig.from_pretrained(source)
    except (OSError, ValueError, KeyError) as error:
        raise unreadable(source, error) from error


def unreadable(source: str, error: Exception) -> ConfigurationError:
    """The error to raise for a checkpoint that Transformers cannot read."""
    return ConfigurationError(f"model.name: {source!r} cannot be read as a Transformers checkpoint: {str(error).splitlines()[0]}")


def is_cached(name: str) -> bool:
    """Whether the hub's local cache holds the checkpoint's configuration."""
    from huggingface_hub import try_to_load_from_cache  # noqa: PLC0415  # takes long to import
    from huggingface_hub.errors import HFValidationError  # noqa: PLC0415  # the same

    try:
        return isinstance(try_to_load_from_cache(name, "config.json"), str)
    except HFValidationError as error:
        raise ConfigurationError(
            f'model.name: {name!r} is neither a folder nor a name on the Hugging Face hub ("org/name"), "builtin" or "lexicon".'
        ) from error


def _offline() -> bool:
    from huggingface_hub.constants import HF_HUB_OFFLINE  # noqa: PLC0415  # takes long to import

    return bool(HF_HUB_OFFLINE)


def _meaning_with_degree(label: str) -> Sentiment | None:
    """A label's meaning by its last word, as in "very negative" or "slightly_positive"."""
    return _MEANING.get(re.split(r"[\s_-]", label)[-1])


def _value(label: str, sentiment: Sentiment) -> float:
    if sentiment is Sentiment.NEUTRAL:
        return 0.0
    size = 0.5 if re.match(r"(slightly|somewhat|weakly)", label) else 1.0
    return size if sentiment is Sentiment.POSITIVE else -size


def _plain(sentiments: tuple[Sentiment, ...]) -> LabelMap:
    return LabelMap(sentiments, tuple(_value("", each) for each in sentiments))


def _starred(stars: Any) -> LabelMap:
    middle = (_STAR_COUNT + 1) / 2
    values = tuple((star - middle) / (middle - 1) for star in stars)
    return LabelMap(
        tuple(Sentiment.POSITIVE if value > 0 else Sentiment.NEGATIVE if value < 0 else Sentiment.NEUTRAL for value in values), values
    )
