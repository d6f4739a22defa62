"""What a file source can be told."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from allears.settings import Timezone

Column = Literal["id", "date", "author", "contact", "title", "text", "rating", "language", "url", "source_person"]


class FileSettings(BaseModel):
    """`path` is a glob relative to the configuration; `columns` maps our names to the files' own.

    `date_format` is "day-first", "month-first" or a strptime format; `timezone` is that of dates without an offset.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    path: str = Field(min_length=1)
    columns: dict[Column, str] = Field(default_factory=dict)
    date_format: str | None = Field(default=None, min_length=1)
    timezone: Timezone = "UTC"
