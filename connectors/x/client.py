"""X's recent search through tweepy, its failures told in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import tweepy
from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter

from allears.errors import AuthenticationError, ConfigurationError, TransientError
from allears.ports import Clock
from connectors.context import SourceContext
from connectors.recorded import RecordedAnswers, read_recording
from connectors.x.settings import XSettings

PAGE_MIN, PAGE_MAX = 10, 100
_SECONDS = 30.0
_REFUSED = frozenset({401, 402, 403})


class OutOfWindow(Exception):
    """The search was asked from or to a post older than the seven days it reaches; `bound` says which ("since", "until")."""

    def __init__(self, bound: str) -> None:
        super().__init__(bound)
        self.bound = bound


class _Patient(HTTPAdapter):
    """tweepy sets no timeout, and would wait for ever."""

    def send(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Response:
        kwargs["timeout"] = kwargs.get("timeout") or _SECONDS
        return super().send(request, *args, **kwargs)


class Search:
    """One search; retweets and our own posts are left out by X, so that nobody pays for them."""

    def __init__(self, client: tweepy.Client, settings: XSettings, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._query = " ".join([f"({settings.query})", "-is:retweet", *(f"-from:{handle}" for handle in settings.own_accounts)])

    def page(self, limit: int, since_id: str | None, until_id: str | None, token: str | None) -> dict[str, Any]:
        """One answer, newest first, between two ids (both excluded). Raises OutOfWindow and our own errors."""
        with _failures(self._clock):
            answer = self._client.search_recent_tweets(
                self._query,
                max_results=max(PAGE_MIN, min(limit, PAGE_MAX)),
                since_id=since_id,
                until_id=until_id,
                next_token=token,
                expansions="author_id",
                tweet_fields="author_id,conversation_id,created_at,lang,note_tweet,referenced_tweets",
                user_fields="name,public_metrics,username",
            )
        if not isinstance(answer, dict):
            raise TransientError("X answered with something that is no search result")
        return answer

    def count(self) -> int:
        """How many posts of the last seven days match; reads, and pays for, none of them."""
        with _failures(self._clock):
            answer = self._client.get_recent_tweets_count(self._query, granularity="day")
        return int(answer.get("meta", {}).get("total_tweet_count", 0))


@contextmanager
def connect(context: SourceContext, settings: XSettings, adapter: BaseAdapter | None) -> Iterator[Search]:
    """An open search over `adapter`, the recording, or the network. Raises ConfigurationError."""
    if settings.recording is not None:
        adapter = _recorded(context, settings)
    elif context.password is None:
        variable = f"ALLEARS_{context.name.upper().replace('-', '_')}_TOKEN"
        raise ConfigurationError(f"X's bearer token is missing; set {variable}")
    token = context.password.get_secret_value() if context.password else "recording"
    # waiting out a rate limit inside tweepy recurses without a pause where the header is missing
    client = tweepy.Client(token, return_type=dict, wait_on_rate_limit=False)
    client.session.mount("https://", adapter or _Patient())
    with client.session:
        yield Search(client, settings, context.clock)


def _recorded(context: SourceContext, settings: XSettings) -> RecordedAnswers:
    body = read_recording(context.base / (settings.recording or ""))
    meta = {name: value for name, value in (body.get("meta") or {}).items() if name != "next_token"}  # a recording is one page
    return RecordedAnswers(
        {
            "/2/tweets/search/recent": {**body, "meta": meta},
            "/2/tweets/counts/recent": {"meta": {"total_tweet_count": len(body.get("data") or ())}},
        }
    )


@contextmanager
def _failures(clock: Clock) -> Iterator[None]:
    try:
        yield
    except tweepy.TooManyRequests as error:
        wait = None if error.reset_time is None else max(0.0, error.reset_time - clock.now().timestamp())
        raise TransientError(f"X asks for patience: {error}", retry_after=wait) from error
    except tweepy.BadRequest as error:
        raise _of_bad_request(str(error)) from error
    except tweepy.HTTPException as error:
        if error.response.status_code in _REFUSED:
            raise AuthenticationError(
                f"X refused the bearer token ({error}): check the source's password and the app's plan at https://developer.x.com"
            ) from error
        raise TransientError(f"X could not answer: {error}") from error
    except requests.RequestException as error:  # broken JSON is one of these too
        raise TransientError(f"X could not be reached: {error}") from error


def _of_bad_request(text: str) -> Exception:
    for bound in ("since", "until"):
        if f"'{bound}_id'" in text:
            return OutOfWindow(bound)
    return ConfigurationError(f"X does not take the search: {text}; check `query`")
