"""What a Reddit source can be told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from allears.settings import Duration

LISTING_CAP = 1_000
"""Reddit shows about this many entries of any listing, then stops."""

_Subreddit = Annotated[str, StringConstraints(pattern=r"^\w{2,40}$")]
_Account = Annotated[str, BeforeValidator(lambda name: str(name).removeprefix("/").removeprefix("u/").lower())]


class RedditSettings(BaseModel):
    """A search, as Reddit's own search box takes it, and the app it is asked with.

    The app's secret is the source's password. `recording` replaces the network by one recorded answer.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = Field(min_length=1, max_length=512)
    subreddits: Annotated[
        tuple[_Subreddit, ...], BeforeValidator(lambda names: (names,) if isinstance(names, str) else names), Field(min_length=1)
    ] = ("all",)
    client_id: str | None = None
    user_agent: str = Field(default="allears customer feedback (self-hosted)", min_length=7)
    own_accounts: tuple[_Account, ...] = ()
    limit: int = Field(default=LISTING_CAP, ge=1, le=LISTING_CAP)
    overlap: Duration = timedelta(hours=1)
    recording: Path | None = None

    @model_validator(mode="after")
    def _app_or_recording(self) -> Self:
        if self.client_id is None and self.recording is None:
            raise ValueError("client_id is missing: make a script app at https://www.reddit.com/prefs/apps and give its id")
        return self
