"""The store's methods as JSON: one request model and one answer type each, read off the port itself.

The service and its client share this, so neither can drift from `allears.ports.Store`.
"""

from __future__ import annotations

import inspect
import json
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, create_model
from pydantic_core import PydanticSerializationError

from allears import errors
from allears.ports import Store

if TYPE_CHECKING:
    import pyarrow as pa

PATH = "/api/v1/store"
ACTOR = "X-AllEars-Actor"
"""Header that says, percent-encoded, who acts; what they may is looked up where the store is."""
ARROW = "application/vnd.apache.arrow.stream"
_CONFIG = ConfigDict(extra="forbid", frozen=True, ser_json_bytes="base64", val_json_bytes="base64")
_NOT_OVER_HTTP = {"close"}


class _Batches:
    """Stands for `pyarrow.RecordBatchReader`: a client that exports nothing does without pyarrow's 30 MB."""


class _Arrow:
    """Stands for the module that the port's hints name."""

    RecordBatchReader = _Batches


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the port: its name, what it promises, the arguments it takes and the answer it gives."""

    name: str
    summary: str
    arguments: type[BaseModel]
    answer: Any

    @property
    def streams(self) -> bool:
        """Whether the answer is an Arrow stream and not JSON."""
        return self.answer is _Batches

    def dump_arguments(self, arguments: dict[str, Any]) -> str:
        """A request's body as JSON."""
        request = self.arguments.model_construct(None, **arguments)
        try:
            return request.model_dump_json()
        except PydanticSerializationError:  # a lone surrogate in somebody's words: the store keeps it as "?" too
            return json.dumps(request.model_dump(mode="json"), ensure_ascii=False).encode("utf-8", "replace").decode("utf-8")

    def dump_answer(self, value: object) -> bytes:
        """An answer as JSON."""
        return _answer_model(self.name).model_validate({"answer": value}).model_dump_json().encode()

    def load_answer(self, body: bytes) -> Any:
        """An answer from JSON."""
        return _answer_model(self.name).model_validate_json(body).answer  # type: ignore[attr-defined]


@cache
def methods() -> dict[str, Method]:
    """Every method of the port that goes over HTTP, by name."""
    found = {}
    for name, function in inspect.getmembers(Store, inspect.isfunction):
        if name.startswith("_") or name in _NOT_OVER_HTTP:
            continue
        hints = get_type_hints(function, localns={"pa": _Arrow})
        answer = hints.pop("return")
        given = inspect.signature(function).parameters
        fields: dict[str, Any] = {
            key: (hint, ... if given[key].default is inspect.Parameter.empty else given[key].default) for key, hint in hints.items()
        }
        arguments = create_model(name, __config__=_CONFIG, **fields)
        found[name] = Method(name, inspect.getdoc(function) or "", arguments, answer)
    return found


@cache
def _answer_model(name: str) -> type[BaseModel]:
    return create_model(f"{name}_answer", __config__=_CONFIG, answer=(methods()[name].answer, ...))


def batches(body: bytes) -> pa.RecordBatchReader:
    """An Arrow stream from its bytes."""
    import pyarrow as pa  # noqa: PLC0415 - 30 MB that most clients never need

    return pa.ipc.open_stream(body)


def dump_error(error: errors.AllEarsError) -> dict[str, object]:
    """An error raised on purpose, as JSON can carry it."""
    return {"error": type(error).__name__, "message": str(error), "retry_after": getattr(error, "retry_after", None)}


def load_error(body: dict[str, Any]) -> errors.AllEarsError:
    """The error a service answered with."""
    body = body["detail"] if isinstance(body.get("detail"), dict) else body
    kind = getattr(errors, str(body.get("error")), errors.StoreError)
    message = str(body.get("message") or body.get("detail") or body)
    if kind is errors.TransientError:
        return errors.TransientError(message, retry_after=body.get("retry_after"))
    error: errors.AllEarsError = kind(message)
    return error
