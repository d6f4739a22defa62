"""The store over HTTP: the client of the store service, with the same methods and errors as the file itself."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from functools import partial
from typing import Any, cast
from urllib.parse import quote

import httpx

from allears.errors import StoreError
from allears.ports import Store
from allears.store import wire


class HttpStore:
    """Implements `allears.ports.Store` over the store service at `url`. Safe for use from several threads.

    Its methods are those that the port names: what is called is looked up there, and what it takes and gives goes over the wire as typed.
    """

    def __init__(self, url: str, token: str) -> None:
        wire.methods()  # made once, and not by each of those who ask first
        self._url = url
        self._who: Callable[[], str | None] = lambda: None
        transport = httpx.HTTPTransport(retries=3)
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, transport=transport)

    def acting_as(self, who: Callable[[], str | None]) -> Store:
        """The same connection in the name of whoever `who` says at each call, as the dashboard's token asks for."""
        other = copy(self)
        other._who = who  # noqa: SLF001 - of the same class
        return cast("Store", other)

    def __getattr__(self, name: str) -> Any:
        """A method of the port, by its name."""
        method = wire.methods().get(name)
        if method is None:
            raise AttributeError(name)
        return partial(self._call, method)

    def close(self) -> None:
        """See the port."""
        self._client.close()

    def _call(self, method: wire.Method, /, *given: object, **named: object) -> Any:
        arguments = dict(zip(method.arguments.model_fields, given, strict=False)) | named
        answer = self._post(method.name, method.dump_arguments(arguments)).content
        return wire.batches(answer) if method.streams else method.load_answer(answer)

    def _headers(self) -> dict[str, str]:
        name = self._who()
        return {"Content-Type": "application/json"} | ({wire.ACTOR: quote(name)} if name else {})

    def _post(self, name: str, body: str) -> httpx.Response:
        try:
            response = self._client.post(f"{wire.PATH}/{name}", content=body, headers=self._headers())
        except httpx.TransportError as error:
            raise StoreError(f"The store service at {self._url} does not answer ({error}). Is `allears up` running?") from error
        if response.is_success:
            return response
        try:
            problem = response.json()
        except ValueError as error:
            raise StoreError(f"The store service at {self._url} answered {response.status_code}. Its log says why.") from error
        raise wire.load_error(problem)
