"""Reddit's search through praw, its failures told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import praw
import requests
from praw.exceptions import RedditAPIException
from prawcore.exceptions import BadRequest, NotFound, OAuthException, PrawcoreException, Redirect, RequestException, ResponseException
from requests.adapters import BaseAdapter

from allears.errors import AuthenticationError, ConfigurationError, TransientError
from connectors.context import SourceContext
from connectors.recorded import RecordedAnswers, read_recording
from connectors.reddit.settings import RedditSettings

PAGE = 100
_REFUSED = frozenset({401, 403})


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a search: entries as Reddit sent them, and the token of the next page."""

    entries: tuple[object, ...]
    after: str | None


class Search:
    """One search, page by page."""

    def __init__(self, reddit: praw.Reddit, settings: RedditSettings) -> None:
        self._reddit = reddit
        self._path = f"r/{'+'.join(settings.subreddits)}/search"
        self._params = {
            "q": settings.query,
            "sort": "new",
            "t": "all",
            "restrict_sr": str(settings.subreddits != ("all",)).lower(),
        }

    def page(self, after: str | None, limit: int) -> Listing:
        """The newest entries behind `after`. Raises AuthenticationError, ConfigurationError or TransientError."""
        params: dict[str, str | int] = {**self._params, "limit": min(limit, PAGE)}
        if after:
            params["after"] = after
        with _failures():
            # the raw answer, not praw's objects: it is what is kept as the original
            body = self._reddit.request(method="GET", path=self._path, params=params)
        data = body.get("data") if isinstance(body, dict) else None
        if not isinstance(data, dict) or not isinstance(data.get("children"), list):
            raise TransientError("Reddit answered with something that is no listing")
        token = data.get("after")
        return Listing(tuple(data["children"]), token if isinstance(token, str) else None)


@contextmanager
def connect(context: SourceContext, settings: RedditSettings, adapter: BaseAdapter | None) -> Iterator[Search]:
    """An open search over `adapter`, the recording, or the network. Raises ConfigurationError."""
    if settings.recording is not None:
        adapter = _recorded(context, settings)
    elif context.password is None:
        variable = f"ALLEARS_{context.name.upper().replace('-', '_')}_PASSWORD"
        raise ConfigurationError(f"The secret of the Reddit app is missing; set {variable}")
    session = requests.Session()
    if adapter is not None:
        session.mount("https://", adapter)
    with praw.Reddit(
        client_id=settings.client_id or "recording",
        client_secret=context.password.get_secret_value() if context.password else "recording",
        user_agent=settings.user_agent,
        # named here so that no praw.ini in the working folder can send the secret elsewhere
        oauth_url="https://oauth.reddit.com",
        reddit_url="https://www.reddit.com",
        check_for_updates=False,
        check_for_async=False,
        requestor_kwargs={"session": session},
    ) as reddit:
        reddit.read_only = True
        yield Search(reddit, settings)


def _recorded(context: SourceContext, settings: RedditSettings) -> RecordedAnswers:
    body = read_recording(context.base / (settings.recording or ""))
    if isinstance(body.get("data"), dict):
        body = {**body, "data": {**body["data"], "after": None}}  # a recording is one page
    return RecordedAnswers(
        {
            "/api/v1/access_token": {"access_token": "recording", "token_type": "bearer", "expires_in": 86_400, "scope": "*"},
            f"/r/{'+'.join(settings.subreddits)}/search": body,
        }
    )


@contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except KeyError as error:  # prawcore looks up a 401 without www-authenticate in a table that has no 401
        raise AuthenticationError(_refusal("401")) from error
    except OAuthException as error:
        raise AuthenticationError(_refusal(str(error))) from error
    except (Redirect, NotFound) as error:
        raise ConfigurationError("Reddit knows no such subreddit; check `subreddits`") from error
    except (BadRequest, RedditAPIException) as error:
        raise ConfigurationError(f"Reddit does not take the search: {error}; check `query` and `subreddits`") from error
    except ResponseException as error:
        raise _of_status(error.response) from error
    except RequestException as error:
        raise TransientError(f"Reddit could not be reached: {error.original_exception}") from error
    except PrawcoreException as error:
        raise TransientError(f"Reddit could not answer: {error}") from error


def _of_status(response: requests.Response) -> AuthenticationError | TransientError:
    if response.status_code in _REFUSED:
        return AuthenticationError(_refusal(str(response.status_code)))
    return TransientError(f"Reddit answered {response.status_code}", retry_after=_seconds(response.headers.get("retry-after")))


def _seconds(header: str | None) -> float | None:
    try:
        return float(header) if header else None
    except ValueError:  # the header may hold a date
        return None


def _refusal(why: str) -> str:
    return f"Reddit refused the app ({why}): check client_id and the source's password at https://www.reddit.com/prefs/apps"
