"""The store's methods as a REST API: POST /api/v1/store/<method> with its arguments, for whoever holds a token.

One token opens everything: it is for AllEars itself. The dashboard has its own, which opens what the person it names may do and see.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import unquote

import pyarrow as pa
from fastapi import APIRouter, Depends, Header, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError

from allears.domain.access import Acting, Roll
from allears.errors import AllEarsError, CaseConflict, CorrectionRefused, NotAllowed, StoreError
from allears.ports import Store
from allears.store import wire
from allears.store.acting import acting, require

_bearer = HTTPBearer(description="The service's token: .allears/service.json beside the configuration, or ALLEARS_API_TOKEN")
_Actor = Annotated[str | None, Header(alias=wire.ACTOR, description="With the dashboard's token: who acts, percent-encoded")]
_STATUS = {CaseConflict: 409, CorrectionRefused: 409, NotAllowed: 403, StoreError: 503}


@dataclass(frozen=True, slots=True)
class DashboardKey:
    """The dashboard's token, and where everyone's role is looked up at each request: no request says what its sender may."""

    token: str
    roll: Callable[[], Roll]


def store_router(store: Store, token: str, dashboard: DashboardKey | None = None) -> APIRouter:
    """The typed commands and reads of the store, each a POST route named as its method."""
    keeper = _Keeper(store, token, dashboard)
    router = APIRouter(prefix=wire.PATH, tags=["store"])
    for method in wire.methods().values():
        router.add_api_route(
            f"/{method.name}",
            _endpoint(keeper, method),
            methods=["POST"],
            summary=method.summary.partition("\n")[0],
            description=method.summary,
            responses={
                403: {"description": "Whoever acts may not, or is not who they say"},
                409: {"description": "The case changed meanwhile, or the step is not possible"},
                503: {"description": "The store did not take it"},
            },
            openapi_extra={
                "requestBody": {"required": True, "content": {"application/json": {"schema": method.arguments.model_json_schema()}}}
            },
        )
    return router


@dataclass(frozen=True, slots=True)
class _Keeper:
    """Who opens the store with which token."""

    store: Store
    token: str
    dashboard: DashboardKey | None

    def opens(self, command: str) -> Callable[[HTTPAuthorizationCredentials, str | None], Store]:
        """Gives the store for one command, as the holder of the token may use it; raises HTTPException 401 or 403 before a body is read."""

        def opened(given: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)], actor: _Actor = None) -> Store:
            if _same(given.credentials, self.token):
                return self.store
            if self.dashboard is None or not _same(given.credentials, self.dashboard.token):
                raise HTTPException(401, "This token does not open the store. The right one stands in .allears/service.json.")
            try:
                who = _who(self.dashboard.roll(), actor)
                require(who, command)
            except NotAllowed as error:
                raise HTTPException(403, wire.dump_error(error)) from error
            return acting(self.store, who)

        return opened


def _who(roll: Roll, actor: str | None) -> Acting | None:
    name = unquote(actor) if actor else None
    who = roll.of(name)
    if name and who is None:
        raise NotAllowed(f"{name} is in no list of people in allears.toml.")
    return who


def _same(given: str, token: str) -> bool:
    return bool(token) and secrets.compare_digest(given.encode(), token.encode())


def _endpoint(keeper: _Keeper, method: wire.Method) -> Callable[..., Response]:
    opened = Depends(keeper.opens(method.name))  # defaults, since FastAPI cannot look up an annotation's name in this function
    arguments_of = Depends(_arguments(method))

    def answer(store: Store = opened, arguments: BaseModel = arguments_of) -> Response:
        given = {name: getattr(arguments, name) for name in type(arguments).model_fields}
        try:
            value = getattr(store, method.name)(**given)
        except AllEarsError as error:
            return JSONResponse(wire.dump_error(error), status_code=_STATUS.get(type(error), 500))
        if method.streams:
            return StreamingResponse(_arrow(value), media_type=wire.ARROW)
        return Response(method.dump_answer(value), media_type="application/json")

    return answer


def _arguments(method: wire.Method) -> Callable[[Request], object]:
    async def read(request: Request) -> BaseModel:
        try:
            return method.arguments.model_validate_json(await request.body() or b"{}")
        except ValidationError as error:
            raise RequestValidationError(error.errors(include_url=False, include_context=False)) from error

    return read


def _arrow(reader: pa.RecordBatchReader) -> Iterator[bytes]:
    sink = io.BytesIO()
    with pa.ipc.new_stream(sink, reader.schema) as stream:
        for batch in reader:
            stream.write_batch(batch)
            yield sink.getvalue()
            sink.seek(0)
            sink.truncate()
    yield sink.getvalue()
