"""What customers send by form, kept before it is answered, and the page that says where it stands."""

from __future__ import annotations

import json
import logging
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl, quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, BackgroundTasks, Depends, Header, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, ConfigDict
from starlette.background import BackgroundTask

from allears.domain.feedback import Channel, ItemId, Urgency
from allears.domain.people import Directory
from allears.domain.records import StoredItem
from allears.domain.targets import Goal, Targets
from allears.errors import RecordRejected, StoreError
from allears.ports import Clock, Store
from allears.settings import BusinessSettings
from app.service.pages.frame import frame
from app.service.pages.render import asset, page
from app.service.pages.standing import standing
from connectors.form import FormConnector, Submission
from connectors.form.parse import clean, contact_of, submission

LARGEST_BODY = 1_000_000  # bytes
_LONGEST_KEY = 255  # characters
_RETRY = {"Retry-After": "30"}  # seconds
_ITEM_ID = re.compile(r"[0-9a-f]{24}")
_NOT_KEPT = "Your message could not be kept at this moment. Nothing you wrote is lost: send it again in half a minute."
_LOG = logging.getLogger(__name__)


class Accepted(BaseModel):
    """The answer to a message that is kept: its id, and the address that says where it stands."""

    model_config = ConfigDict(extra="forbid")

    id: str
    status_url: str


def forms_router(
    store: Store,
    forms: Sequence[FormConnector],
    business: BusinessSettings,
    directory: Directory,
    targets: Targets,
    address: str,
    clock: Clock,
    wake: Callable[[], None],
) -> APIRouter:
    """The public pages and the JSON API of all forms.

    `address` begins the status addresses that the API gives (scheme and host, no slash at the end).
    `wake` is called after a message is kept and answered; it should start a tick and return soon.
    """
    desk = _Desk(store, {form.name: form for form in forms}, business, directory, targets, address, clock, wake)
    router = APIRouter()
    for path, endpoint in (
        ("/", desk.first),
        ("/form/{source}", desk.show),
        ("/status/{item_id}", desk.status),
        ("/privacy", desk.privacy),
        ("/assets/{name}", asset),
    ):
        router.add_api_route(path, endpoint, methods=["GET", "HEAD"], include_in_schema=False)
    router.add_api_route("/form/{source}", desk.send, methods=["POST"], include_in_schema=False)
    router.add_api_route(
        "/api/v1/forms/{source}",
        desk.accept,
        methods=["POST"],
        status_code=HTTPStatus.CREATED,
        response_model=Accepted,
        summary="Send a message",
        tags=["forms"],
        openapi_extra={"requestBody": {"required": True, "content": {"application/json": {"schema": _MESSAGE_SCHEMA}}}},
    )
    return router


_MESSAGE_SCHEMA = {
    "type": "object",
    "required": ["message"],
    "additionalProperties": False,
    "properties": {
        "message": {"type": "string", "description": "The customer's words."},
        "contact": {"type": "string", "description": "An email address or a phone number to answer to."},
        "name": {"type": "string", "description": "The customer's name."},
    },
}


async def _body(request: Request) -> bytes | None:
    """The request's body, None if it is larger than LARGEST_BODY.

    A body too large is read to its end and thrown away: an answer sent before that resets the
    connection, and the sender would never see the reason.
    """
    kept = bytearray()
    async for chunk in request.stream():
        if len(kept) <= LARGEST_BODY:
            kept += chunk
    return bytes(kept) if len(kept) <= LARGEST_BODY else None


Body = Annotated[bytes | None, Depends(_body)]


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where forms are handed out and taken in."""

    store: Store
    forms: Mapping[str, FormConnector]
    business: BusinessSettings
    directory: Directory
    targets: Targets
    address: str
    clock: Clock
    wake: Callable[[], None]

    def first(self) -> Response:
        """To the first form there is."""
        for name in self.forms:
            return RedirectResponse(f"/form/{quote(name)}")
        return self._no_page()

    def show(self, source: str) -> Response:
        """An empty form."""
        form = self.forms.get(source)
        return self._form(form, Submission(""), secrets.token_urlsafe(16)) if form else self._no_page()

    def send(self, source: str, request: Request, body: Body) -> Response:
        """A filled form: kept, then on to its status page; or the form again with what was typed and what is wrong."""
        form = self.forms.get(source)
        if form is None:
            return self._no_page()
        if _media_type(request) != "application/x-www-form-urlencoded":
            return self._notice(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "This is not what the form sends.", "Please use the form itself.")
        if body is None:
            return self._notice(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "That is more than a form can carry.",
                "Go back one page: your words should still be there. Shorten them, or send them in parts.",
            )
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, errors="replace"))
        sent = Submission(*(fields.get(name, "") for name in ("message", "contact", "name", "leave_empty")))
        key = fields.get("key", "")[:_LONGEST_KEY]
        try:
            item_id = self._keep(form, sent, key)
        except RecordRejected as refused:
            return self._form(form, sent, key, HTTPStatus.UNPROCESSABLE_ENTITY, str(refused))
        except StoreError as failed:
            return self._form(form, sent, key, HTTPStatus.SERVICE_UNAVAILABLE, str(failed))
        return RedirectResponse(f"/status/{item_id}", HTTPStatus.SEE_OTHER, background=BackgroundTask(self.wake))

    def accept(
        self,
        source: str,
        request: Request,
        response: Response,
        body: Body,
        background: BackgroundTasks,
        idempotency_key: Annotated[str, Header()] = "",
    ) -> Accepted:
        """Send one message. It is kept when the answer is 201; sent again with the same Idempotency-Key it stays one."""
        form = self.forms.get(source)
        if form is None:
            raise HTTPException(HTTPStatus.NOT_FOUND, "There is no such form.")
        if _media_type(request) != "application/json":
            raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
        if body is None:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {LARGEST_BODY:,} bytes.")
        if len(idempotency_key) > _LONGEST_KEY:
            raise HTTPException(HTTPStatus.BAD_REQUEST, f"The Idempotency-Key is longer than {_LONGEST_KEY} characters.")
        try:
            item_id = self._keep(form, submission(_json_object(body)), idempotency_key)
        except RecordRejected as refused:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY, str(refused)) from refused
        except StoreError as failed:
            raise HTTPException(HTTPStatus.SERVICE_UNAVAILABLE, str(failed), _RETRY) from failed
        background.add_task(self.wake)
        status_url = f"{self.address}/status/{item_id}"
        response.headers.update({"Location": status_url, "Cache-Control": "no-store"})
        return Accepted(id=item_id, status_url=status_url)

    def status(self, item_id: str) -> Response:
        """Where one message stands. Its id is the only key to it, and cannot be guessed."""
        try:
            stored = self._sent_by_form(item_id)
            case = self.store.case(stored.case_id) if stored and stored.case_id else None
        except StoreError:
            _LOG.exception("A status page could not be read")
            lead = "Your message is kept. Reload this page in half a minute."
            return self._notice(HTTPStatus.SERVICE_UNAVAILABLE, "This page cannot be shown at this moment.", lead, _RETRY)
        if stored is None:
            lead = "The address may be cut short: a message's page ends in 24 letters and digits."
            return self._notice(HTTPStatus.NOT_FOUND, "There is no message here.", lead)
        now = self.clock.now()
        seen = standing(stored, case, self.directory, now)
        refresh = {"Refresh": str(seen.refresh)} if seen.refresh else {}
        context = self._frame(now) | {"standing": seen, "form_path": self._form_path(stored.item.source)}
        return page("status.html", context, headers={"X-Robots-Tag": "noindex, nofollow", **refresh})

    def privacy(self) -> Response:
        """What is kept of a message, and who reads it."""
        return page("privacy.html", self._frame(self.clock.now()))

    def _keep(self, form: FormConnector, sent: Submission, key: str) -> ItemId:
        """Store a message. Raises RecordRejected or StoreError, both with a sentence for the sender."""
        now = self.clock.now()
        arrived = form.receive(sent, now, key.strip() or None)
        try:
            self.store.record_page(form.name, arrived, now)
        except Exception as error:  # whatever broke: the sender must hear that it is not kept, and get the words back
            _LOG.exception("A message to the form %s could not be stored", form.name)
            raise StoreError(_NOT_KEPT) from error
        return arrived.items[0].id

    def _sent_by_form(self, item_id: str) -> StoredItem | None:
        """The message with that id, if a form took it: ids of other channels can be computed by whoever knows the message."""
        if not _ITEM_ID.fullmatch(item_id):
            return None
        return next((stored for stored in self.store.items([ItemId(item_id)]) if stored.item.channel is Channel.FORM), None)

    def _form(
        self, form: FormConnector, typed: Submission, key: str, status: HTTPStatus = HTTPStatus.OK, problem: str | None = None
    ) -> HTMLResponse:
        now = self.clock.now()
        contact = contact_of(clean(typed.contact))
        context = self._frame(now) | {
            "title": form.settings.title,
            "form_path": self._form_path(form.name),
            "message": clean(typed.message),
            "contact": clean(typed.contact),
            "key": key,
            "problem": problem,
            "reachable": contact is not None,
            "due": self._due(now),
        }
        return page("form.html", context, status, _RETRY if status is HTTPStatus.SERVICE_UNAVAILABLE else None)

    def _due(self, now: datetime) -> datetime:
        """By when someone answers what is sent now: the normal target in the default owner's hours, or their stand-in's."""
        owner, _ = self.directory.reachable(self.directory[self.directory.default], now)
        return owner.due(now, self.targets.of(Goal.ANSWER, Urgency.NORMAL))

    def _form_path(self, source: str) -> str:
        return f"/form/{quote(source)}" if source in self.forms else "/"

    def _no_page(self) -> HTMLResponse:
        return self._notice(HTTPStatus.NOT_FOUND, "There is no page here.", "The address may be mistyped.")

    def _notice(self, status: HTTPStatus, headline: str, lead: str, headers: Mapping[str, str] | None = None) -> HTMLResponse:
        context = self._frame(self.clock.now()) | {"headline": headline, "lead": lead, "form_path": "/" if self.forms else None}
        return page("notice.html", context, status, headers)

    def _frame(self, now: datetime) -> dict[str, object]:
        return frame(self.business.name, ZoneInfo(self.business.timezone), now)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def _json_object(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The body is not JSON.") from error
    if not isinstance(content, dict):
        raise HTTPException(HTTPStatus.BAD_REQUEST, "The body has to be a JSON object with a “message”.")
    return content
