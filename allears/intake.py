"""Messages come in: a source's pages are stored one by one, each with its resume point."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from allears.domain.feedback import ItemId, Page
from allears.domain.sources import SourceRun
from allears.errors import AllEarsError, ConfigurationError, RecordRejected
from allears.ports import Clock, Connector, Store


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one fetch of a source brought. `error` is None when all is well."""

    source: str
    new_items: int
    new_quarantined: int
    known: int
    seconds: float
    error: AllEarsError | None = None
    notices: tuple[str, ...] = ()


def gather(connector: Connector, store: Store, clock: Clock, go_on: Callable[[int], bool] = lambda _new: True) -> Gathered:
    """Fetch a source from where it was left and store every page.

    `go_on` hears after each page how many messages were new, and says whether to fetch another now; the
    next fetch goes on where this one stopped. What the source raises on purpose ends this fetch only: it is
    recorded as the source's health and given back, and what was stored before stays. Errors of the store are raised.
    """
    began = time.monotonic()
    new = quarantined = known = 0
    notices: list[str] = []
    failure: AllEarsError | None = None
    pages = iter(connector.fetch(store.cursor(connector.name)))
    while True:
        try:
            page = next(pages)
        except StopIteration:
            break
        except AllEarsError as error:
            failure = error
            break
        receipt = store.record_page(connector.name, page, clock.now())
        new, quarantined, known = new + receipt.new_items, quarantined + receipt.new_quarantined, known + receipt.known
        notices.extend(page.notices)
        if not go_on(receipt.new_items):
            break
    seconds = time.monotonic() - began
    error_text = str(failure) if failure else None
    store.record_source_run(SourceRun(connector.name, clock.now(), seconds, new, error_text, tuple(dict.fromkeys(notices))))
    return Gathered(connector.name, new, quarantined, known, seconds, failure, tuple(notices))


def retry_quarantined(connector: Connector, store: Store, clock: Clock, item_id: ItemId) -> None:
    """Read a quarantined message again and store it as an item. Raises RecordRejected if it still can't be read."""
    held = store.quarantine_entry(item_id)
    if held is None:
        raise ConfigurationError(f"Nothing with the id {item_id} waits in quarantine. `allears quarantine list` shows what does.")
    if held.entry.source != connector.name:
        raise ConfigurationError(f"{item_id} came from {held.entry.source}, not from {connector.name}.")
    item = connector.read(held.original)
    if item.external_id != held.entry.external_id:
        raise RecordRejected(f"read as {item.external_id}, but it is kept as {held.entry.external_id}")
    store.record_page(connector.name, Page((item,), (), (held.original,), None), clock.now())
