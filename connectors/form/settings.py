"""What a form can be told in `allears.toml`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class FormSettings(BaseModel):
    """A form's own settings: the first line of its heading, and how many characters a message may have."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    title: str = Field(default="Good or bad, tell us.", min_length=1, max_length=120)
    max_length: int = Field(default=20_000, ge=1, le=200_000)
