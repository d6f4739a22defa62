"""The page behind an alert's link, where its owner says "I have it".

Opening it changes nothing, since mail scanners and previews open every link; only its button does.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from allears import caring
from allears.domain.case import CaseId
from allears.domain.people import Directory
from allears.errors import CaseConflict, LinkExpired, LinkRefused, StoreError
from allears.links import Acknowledgement, Links
from allears.ports import Clock, Store
from allears.settings import Settings
from app.service.forms import LARGEST_BODY, Body
from app.service.pages.frame import frame
from app.service.pages.render import page
from app.service.pages.taking import Reader, Taking, taking

_UNLISTED = {"X-Robots-Tag": "noindex, nofollow"}
_RETRY = {"Retry-After": "30"}  # seconds
_LOG = logging.getLogger(__name__)


def acknowledging_router(store: Store, links: Links, settings: Settings, clock: Clock) -> APIRouter:
    """The pages at /acknowledge/<token>, public: the token is the key."""
    desk = _Desk(store, links, settings, settings.directory(), clock)
    router = APIRouter(include_in_schema=False)
    router.add_api_route("/acknowledge/{token}", desk.show, methods=["GET", "HEAD"])
    router.add_api_route("/acknowledge/{token}", desk.take, methods=["POST"])
    return router


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where owners say that they have a case."""

    store: Store
    links: Links
    settings: Settings
    directory: Directory
    clock: Clock

    def show(self, token: str) -> Response:
        """The cases as they stand, and the button. Does nothing."""
        try:
            link = self.links.read(token)
            seen = self._seen(link)
        except LinkRefused as refused:
            return self._refusal(refused)
        except StoreError:
            return self._not_now()
        return self._page(link, seen) if seen else self._gone()

    def take(self, token: str, body: Body) -> Response:
        """The button was pressed: every case that can still be taken is. Pressed again it changes nothing more."""
        if body is None:
            lead = f"The button sends nothing, and what came was larger than {LARGEST_BODY:,} bytes. Go back and press it again."
            return self._notice(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "That was not the button.", lead)
        try:
            link = self.links.read(token)
            seen = self._seen(link)
            for line in seen.lines if seen else ():
                if line.to_take:
                    self._acknowledge(line.number, link.person)
            seen = self._seen(link)
        except LinkRefused as refused:
            return self._refusal(refused)
        except StoreError:
            return self._not_now()
        if seen is None:
            return self._gone()
        if not seen.theirs:
            return self._page(link, seen, HTTPStatus.CONFLICT)
        return RedirectResponse(f"/acknowledge/{token}", HTTPStatus.SEE_OTHER)

    def _acknowledge(self, case_id: CaseId, person: str) -> None:
        try:
            caring.acknowledge(self.store, self.clock, case_id, person)
        except CaseConflict as conflict:  # someone was faster; the page that follows says who has it
            _LOG.info("%s could not be taken: %s", case_id, conflict)

    def _seen(self, link: Acknowledgement) -> Taking | None:
        """What the page says; None if none of the cases is there any more."""
        found = {case.id: case for case in self.store.cases(link.case_ids)}
        cases = [found[case_id] for case_id in dict.fromkeys(link.case_ids) if case_id in found]
        if not cases:
            return None
        items = self.store.items([case.item_ids[-1] for case in cases])
        return taking(cases, {each.item.id: each.item for each in items}, self._reader(link.person))

    def _reader(self, name: str) -> Reader:
        person = self.directory.people.get(name)
        return Reader(name, self.clock.now(), person.timezone if person else self.settings.timezone)

    def _page(self, link: Acknowledgement, seen: Taking, status: HTTPStatus = HTTPStatus.OK) -> HTMLResponse:
        reader = self._reader(link.person)
        context = frame(self.settings.business.name, reader.zone, reader.now) | {"taking": seen, "case_url": self._case_url}
        return page("taking.html", context, status, _UNLISTED)

    def _case_url(self, case_id: CaseId) -> str:
        return f"{self.settings.dashboard.address}/case?id={quote(case_id, safe='')}"

    def _refusal(self, refused: LinkRefused) -> HTMLResponse:
        if isinstance(refused, LinkExpired):
            lead = f"{refused} Open the case in the dashboard, by the link beside this one in the mail, and take it there."
            return self._notice(HTTPStatus.GONE, "This link is too old.", lead)
        lead = "It may have been cut short on the way: press it in the mail itself, or copy all of it. The mail also leads to the case."
        return self._notice(HTTPStatus.NOT_FOUND, "This link does not work.", lead)

    def _gone(self) -> HTMLResponse:
        return self._notice(
            HTTPStatus.GONE, "There is nothing left to take.", "What this link was about has been erased. You need do nothing."
        )

    def _not_now(self) -> HTMLResponse:
        _LOG.exception("A link to take a case could not be followed")
        lead = "Nothing is lost. Open the link in the mail again in half a minute."
        return self._notice(HTTPStatus.SERVICE_UNAVAILABLE, "This does not work at this moment.", lead, _RETRY)

    def _notice(self, status: HTTPStatus, headline: str, lead: str, headers: dict[str, str] | None = None) -> HTMLResponse:
        context = frame(self.settings.business.name, self.settings.timezone, self.clock.now())
        return page(
            "notice.html", context | {"headline": headline, "lead": lead, "form_path": None}, status, {**_UNLISTED, **(headers or {})}
        )
