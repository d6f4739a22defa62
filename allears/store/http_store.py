"""The store over HTTP: the client of the store service, with the same methods and errors as the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import httpx

from allears.domain.case import Case, CaseChange, CaseId
from allears.domain.corrections import Correction, OlderReading
from allears.domain.feedback import Cursor, FeedbackItem, ItemId, Kind, Page, Sentiment, SourceName, Understanding, UnderstoodItem
from allears.domain.ledger import LedgerRow
from allears.domain.outbox import OutboxMessage
from allears.domain.records import (
    Alarm,
    CaseView,
    ExportName,
    Overview,
    PageReceipt,
    Quarantined,
    QuarantineEntry,
    Routed,
    RoutingBook,
    SourceHealth,
    SourceRun,
    StoredItem,
    TopicExample,
    Unreachable,
    WatchBook,
)
from allears.domain.shift import LabelMove
from allears.errors import StoreError
from allears.store import wire

if TYPE_CHECKING:
    import pyarrow as pa


class HttpStore:
    """Implements `allears.ports.Store` over the store service at `url`. Safe for use from several threads."""

    def __init__(self, url: str, token: str) -> None:
        self._url = url
        transport = httpx.HTTPTransport(retries=3)
        self._client = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60, transport=transport)

    def _call(self, name: str, /, **arguments: object) -> Any:
        method = wire.methods()[name]
        body = method.dump_arguments(arguments)
        return method.load_answer(self._post(name, body).content)

    def _post(self, name: str, body: str) -> httpx.Response:
        try:
            response = self._client.post(f"{wire.PATH}/{name}", content=body, headers={"Content-Type": "application/json"})
        except httpx.TransportError as error:
            raise StoreError(f"The store service at {self._url} does not answer ({error}). Is `allears up` running?") from error
        if response.is_success:
            return response
        try:
            problem = response.json()
        except ValueError as error:
            raise StoreError(f"The store service at {self._url} answered {response.status_code}. Its log says why.") from error
        raise wire.load_error(problem)

    def cursor(self, source: SourceName) -> Cursor | None:
        """See the port."""
        answer: Cursor | None = self._call("cursor", source=source)
        return answer

    def record_page(self, source: SourceName, page: Page, at: datetime) -> PageReceipt:
        """See the port."""
        answer: PageReceipt = self._call("record_page", source=source, page=page, at=at)
        return answer

    def record_source_run(self, run: SourceRun) -> None:
        """See the port."""
        self._call("record_source_run", run=run)

    def claim(self, name: str, holder: str, until: datetime) -> bool:
        """See the port."""
        answer: bool = self._call("claim", name=name, holder=holder, until=until)
        return answer

    def release(self, name: str, holder: str) -> None:
        """See the port."""
        self._call("release", name=name, holder=holder)

    def quarantine(self) -> list[Quarantined]:
        """See the port."""
        answer: list[Quarantined] = self._call("quarantine")
        return answer

    def quarantine_entry(self, item_id: ItemId) -> QuarantineEntry | None:
        """See the port."""
        answer: QuarantineEntry | None = self._call("quarantine_entry", item_id=item_id)
        return answer

    def items_to_understand(self, limit: int) -> list[FeedbackItem]:
        """See the port."""
        answer: list[FeedbackItem] = self._call("items_to_understand", limit=limit)
        return answer

    def record_understanding(self, understood: Sequence[Understanding]) -> None:
        """See the port."""
        self._call("record_understanding", understood=understood)

    def label_moves(self, model_version: str, since: datetime) -> list[LabelMove]:
        """See the port."""
        answer: list[LabelMove] = self._call("label_moves", model_version=model_version, since=since)
        return answer

    def items_to_reclassify(self, model_version: str, since: datetime | None, after: ItemId | None, limit: int) -> list[OlderReading]:
        """See the port."""
        answer: list[OlderReading] = self._call("items_to_reclassify", model_version=model_version, since=since, after=after, limit=limit)
        return answer

    def record_reclassification(self, model_version: str, understood: Sequence[Understanding], at: datetime, *, finished: bool) -> None:
        """See the port."""
        self._call("record_reclassification", model_version=model_version, understood=understood, at=at, finished=finished)

    def record_correction(
        self, item_id: ItemId, sentiment: Sentiment | None, kind: Kind | None, by: str, why: str, at: datetime
    ) -> Correction:
        """See the port."""
        answer: Correction = self._call("record_correction", item_id=item_id, sentiment=sentiment, kind=kind, by=by, why=why, at=at)
        return answer

    def items_to_route(self, limit: int) -> list[UnderstoodItem]:
        """See the port."""
        answer: list[UnderstoodItem] = self._call("items_to_route", limit=limit)
        return answer

    def routing_book(self, items: Sequence[ItemId]) -> RoutingBook:
        """See the port."""
        answer: RoutingBook = self._call("routing_book", items=items)
        return answer

    def record_routing(self, routed: Sequence[Routed]) -> None:
        """See the port."""
        self._call("record_routing", routed=routed)

    def outbox_due(self, now: datetime, limit: int) -> list[OutboxMessage]:
        """See the port."""
        answer: list[OutboxMessage] = self._call("outbox_due", now=now, limit=limit)
        return answer

    def record_sent(self, key: str, at: datetime) -> None:
        """See the port."""
        self._call("record_sent", key=key, at=at)

    def record_send_failure(self, key: str, error: str, retry_at: datetime | None) -> None:
        """See the port."""
        self._call("record_send_failure", key=key, error=error, retry_at=retry_at)

    def postpone(self, keys: Sequence[str], until: datetime) -> None:
        """See the port."""
        self._call("postpone", keys=keys, until=until)

    def recent_alerts(self, since: datetime) -> dict[str, int]:
        """See the port."""
        answer: dict[str, int] = self._call("recent_alerts", since=since)
        return answer

    def record_digest(self, digest: OutboxMessage, keys: Sequence[str]) -> None:
        """See the port."""
        self._call("record_digest", digest=digest, keys=keys)

    def gathered(self, digest_key: str) -> list[OutboxMessage]:
        """See the port."""
        answer: list[OutboxMessage] = self._call("gathered", digest_key=digest_key)
        return answer

    def watch_book(self, now: datetime) -> WatchBook:
        """See the port."""
        answer: WatchBook = self._call("watch_book", now=now)
        return answer

    def record_unreachable(self, unreachable: Unreachable) -> None:
        """See the port."""
        self._call("record_unreachable", unreachable=unreachable)

    def record_reachable(self, email: str) -> None:
        """See the port."""
        self._call("record_reachable", email=email)

    def record_alarms(self, standing: dict[str, str], at: datetime) -> None:
        """See the port."""
        self._call("record_alarms", standing=standing, at=at)

    def alarms(self) -> list[Alarm]:
        """See the port."""
        answer: list[Alarm] = self._call("alarms")
        return answer

    def record_example(self, topic: str, item_id: ItemId, by: str, at: datetime) -> None:
        """See the port."""
        self._call("record_example", topic=topic, item_id=item_id, by=by, at=at)

    def remove_example(self, example_id: int, by: str, at: datetime) -> bool:
        """See the port."""
        answer: bool = self._call("remove_example", example_id=example_id, by=by, at=at)
        return answer

    def examples(self) -> list[TopicExample]:
        """See the port."""
        answer: list[TopicExample] = self._call("examples")
        return answer

    def case(self, case_id: CaseId) -> Case | None:
        """See the port."""
        answer: Case | None = self._call("case", case_id=case_id)
        return answer

    def cases(self, ids: Sequence[CaseId]) -> list[Case]:
        """See the port."""
        answer: list[Case] = self._call("cases", ids=ids)
        return answer

    def record_change(self, change: CaseChange, outbox: Sequence[OutboxMessage]) -> None:
        """See the port."""
        self._call("record_change", change=change, outbox=outbox)

    def items(self, ids: Sequence[ItemId]) -> list[StoredItem]:
        """See the port."""
        answer: list[StoredItem] = self._call("items", ids=ids)
        return answer

    def item_ids_since(self, since: datetime) -> list[ItemId]:
        """See the port."""
        answer: list[ItemId] = self._call("item_ids_since", since=since)
        return answer

    def case_view(self, case_id: CaseId) -> CaseView | None:
        """See the port."""
        answer: CaseView | None = self._call("case_view", case_id=case_id)
        return answer

    def open_cases(self) -> list[Case]:
        """See the port."""
        answer: list[Case] = self._call("open_cases")
        return answer

    def overview(self, now: datetime, days: int, timezone: str) -> Overview:
        """See the port."""
        answer: Overview = self._call("overview", now=now, days=days, timezone=timezone)
        return answer

    def ledger(self, since: date | None, timezone: str) -> list[LedgerRow]:
        """See the port."""
        answer: list[LedgerRow] = self._call("ledger", since=since, timezone=timezone)
        return answer

    def source_health(self) -> list[SourceHealth]:
        """See the port."""
        answer: list[SourceHealth] = self._call("source_health")
        return answer

    def maintain(self, originals_before: datetime) -> str:
        """See the port."""
        answer: str = self._call("maintain", originals_before=originals_before)
        return answer

    def export(self, name: ExportName) -> pa.RecordBatchReader:
        """See the port."""
        import pyarrow as pa  # noqa: PLC0415 - 30 MB that most clients never need

        body = wire.methods()["export"].dump_arguments({"name": name})
        return pa.ipc.open_stream(self._post("export", body).content)

    def close(self) -> None:
        """See the port."""
        self._client.close()
