"""What the heart needs of machines: a clock, connectors, a classifier, a mailer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from email.message import EmailMessage
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from allears.domain.feedback import (
    Cursor,
    FeedbackItem,
    Original,
    Page,
    Prediction,
    SourceName,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """This moment, aware, UTC."""
        ...


class Connector(Protocol):
    """One source: how to reach it, and how to read what it holds."""

    @property
    def name(self) -> SourceName:
        """The source's name in the configuration."""
        ...

    def check(self) -> str:
        """Log in and look, changing nothing; a line on what was found. Raises an AllEarsError that says what to fix."""
        ...

    def fetch(self, since: Cursor | None) -> Iterator[Page]:
        """Pages from `since` on (inclusive), each with a safe resume point. Raises AuthenticationError or TransientError."""
        ...

    def read(self, original: Original) -> FeedbackItem:
        """Read one original again, as the retry of a quarantined message does. Raises RecordRejected."""
        ...


class Classifier(Protocol):
    """Says what texts express. Batching is inside; odd text never raises."""

    @property
    def version(self) -> str:
        """Name and version, kept with every prediction."""
        ...

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order."""
        ...


@runtime_checkable
class Embedder(Classifier, Protocol):
    """A classifier that also places texts by their meaning: as unit vectors, close to each other where texts mean alike, in any language.

    A text that it cannot read has a vector of zeros.
    """

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of shape (texts, dimensions), in order."""
        ...

    def predict_and_embed(self, texts: Sequence[str]) -> tuple[list[Prediction], NDArray[np.float32]]:
        """Both of each text, in order, reading it once."""
        ...


class Mailer(Protocol):
    """Hands mails to whoever delivers them."""

    def check(self) -> str:
        """Try the way out without sending; a line on what was found. Raises an AllEarsError."""
        ...

    def send(self, message: EmailMessage) -> None:
        """Hand over one message; its Message-ID makes a repeat recognisable.

        Raises AuthenticationError, TransientError (try again), or RecordRejected (this recipient never will).
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...
