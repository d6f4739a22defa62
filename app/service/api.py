"""The store's methods as a REST API: POST /api/v1/store/<method> with its arguments, for whoever holds the token."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from typing import Annotated

import pyarrow as pa
from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ValidationError

from allears.errors import AllEarsError, CaseConflict, CorrectionRefused, StoreError
from allears.ports import Store
from allears.store import wire

_bearer = HTTPBearer(description="The service's token: .allears/service.json beside the configuration, or ALLEARS_API_TOKEN")
_STATUS = {CaseConflict: 409, CorrectionRefused: 409, StoreError: 503}


def store_router(store: Store, token: str) -> APIRouter:
    """The typed commands and reads of the store, each a POST route named as its method."""

    def authorised(given: Annotated[HTTPAuthorizationCredentials, Depends(_bearer)]) -> None:
        if not secrets.compare_digest(given.credentials.encode(), token.encode()):
            raise HTTPException(401, "This token does not open the store. The right one stands in .allears/service.json.")

    router = APIRouter(prefix=wire.PATH, tags=["store"], dependencies=[Depends(authorised)])
    for method in wire.methods().values():
        router.add_api_route(
            f"/{method.name}",
            _endpoint(store, method),
            methods=["POST"],
            summary=method.summary.partition("\n")[0],
            description=method.summary,
            responses={
                409: {"description": "The case changed meanwhile, or the step is not possible"},
                503: {"description": "The store did not take it"},
            },
            openapi_extra={
                "requestBody": {"required": True, "content": {"application/json": {"schema": method.arguments.model_json_schema()}}}
            },
        )
    return router


def _endpoint(store: Store, method: wire.Method) -> Callable[..., Response]:
    run = getattr(store, method.name)
    arguments_of = Depends(_arguments(method))  # a default, since FastAPI cannot look up an annotation's name in this function

    def answer(arguments: BaseModel = arguments_of) -> Response:
        given = {name: getattr(arguments, name) for name in type(arguments).model_fields}
        try:
            value = run(**given)
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
