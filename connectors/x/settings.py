"""What an X source can be told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

_Handle = Annotated[str, BeforeValidator(lambda name: str(name).removeprefix("@").lower()), StringConstraints(pattern=r"^\w{1,15}$")]


class XSettings(BaseModel):
    """A search, as X's recent search takes it. The bearer token is the source's password.

    `max_posts` caps what one run reads and pays for; `price_per_post` (US dollars) is what the notices reckon with.
    `recording` replaces the network by one recorded answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = Field(min_length=1, max_length=480)
    own_accounts: tuple[_Handle, ...] = ()
    max_posts: int = Field(default=500, ge=10)
    price_per_post: float = Field(default=0.005, ge=0)
    recording: Path | None = None
