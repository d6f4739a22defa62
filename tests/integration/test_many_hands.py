"""Eight threads at the same thousand cases: each has one owner at every moment, and no step is lost or taken twice."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from allears import caring
from allears.assigning import Plan
from allears.clock import SystemClock
from allears.domain.case import CaseId, EventType
from allears.domain.people import Directory
from allears.domain.targets import USUAL, Targets
from allears.errors import CaseConflict
from allears.routing import route_waiting
from allears.settings import RouteSettings
from allears.store.database import service_share
from allears.store.duckdb_store import DuckDBStore
from allears.watching import keep_watch
from tests.builders import NOW, SUPPORT, TOKENS, a_page, a_person, an_item, understanding_of

ROUNDS = 120
NAMES = ("Ada Brook", "Ben Hall", "Cara Diaz", "Dan Webb")
PEOPLE = Directory({name: a_person(name, "delivery", deputy=NAMES[index - 1]) for index, name in enumerate(NAMES)}, "Cara Diaz")
PLAN = Plan((RouteSettings(topic="delivery", about="parcel is late", to="team:delivery"),), PEOPLE, Targets(USUAL), ())


class Shop:
    """One store, many hands."""

    def __init__(self, store: DuckDBStore, begun: int) -> None:
        self.begun = begun
        self.store, self.clock = store, SystemClock()
        self.stop = threading.Event()
        self.refused: Counter[str] = Counter()
        self.done: Counter[str] = Counter()

    def ingest(self, first: int, count: int) -> None:
        items = [
            an_item(f"m-{number}", f"Parcel {number} is late.", contact=f"email:c{number}@x.org") for number in range(first, first + count)
        ]
        self.store.record_page(SUPPORT, a_page(items), NOW)
        self.store.record_understanding([understanding_of(item) for item in items])

    def ingest_on(self, hand: int) -> None:
        for turn in range(10):
            self.ingest(10_000 * (hand + 1) + 10 * turn, 10)

    def route_on(self, _: int) -> None:
        while not self.stop.wait(0.05):
            try:
                route_waiting(self.store, PLAN, self.clock, TOKENS)
            except CaseConflict:
                self.refused["route"] += 1

    def act(self, hand: int) -> None:
        chance = random.Random(hand)
        for _ in range(ROUNDS):
            case = self.store.case(CaseId(f"C-{1001 + chance.randrange(self.begun)}"))
            assert case is not None
            try:
                if chance.random() < 0.4:
                    caring.acknowledge(self.store, self.clock, case.id, case.owner)
                    self.done["acknowledged"] += 1
                else:
                    to = chance.choice([name for name in NAMES if name != case.owner])
                    caring.hand_over(self.store, self.clock, PLAN, case.id, to, f"hand {hand}", case.owner)
                    self.done["handed over"] += 1
            except CaseConflict as conflict:
                self.refused[str(conflict)[:20]] += 1

    def watch_on(self, _: int) -> None:
        while not self.stop.wait(0.2):
            keep_watch(self.store, PLAN, self.clock)
            cases = self.store.open_cases()
            assert len({case.id for case in cases}) == len(cases)
            assert all(case.owner in PEOPLE for case in cases)


@pytest.mark.parametrize("cases", [200, pytest.param(1_000, marks=pytest.mark.slow)])
def test_eight_hands_on_the_same_cases(tmp_path: Path, cases: int) -> None:
    with closing(DuckDBStore(tmp_path / "store.duckdb", SystemClock(), service_share())) as store:
        work_side_by_side(Shop(store, cases))


def work_side_by_side(shop: Shop) -> None:
    store, begun = shop.store, shop.begun
    shop.ingest(0, begun)
    route_waiting(store, PLAN, shop.clock, TOKENS)
    assert len(store.open_cases()) == begun
    with ThreadPoolExecutor(8) as pool:
        endless = [pool.submit(shop.route_on, 0), pool.submit(shop.route_on, 1), pool.submit(shop.watch_on, 2)]
        bounded = [pool.submit(shop.ingest_on, hand) for hand in (0, 1)] + [pool.submit(shop.act, hand) for hand in (3, 4, 5)]
        try:
            for each in bounded:
                each.result(timeout=240)
        finally:
            shop.stop.set()
        for each in endless:
            each.result(timeout=60)
    route_waiting(store, PLAN, shop.clock, TOKENS)

    cases = store.open_cases()
    assert len({case.id for case in cases}) == len(cases) == begun + 200
    placed = Counter(item for case in cases for item in case.item_ids)
    assert set(placed.values()) == {1}
    assert sum(row.case for row in store.ledger(None, "UTC")) == begun + 200
    assert sum(case.hops for case in cases) == shop.done["handed over"]
    for case in cases:
        if case.hops:
            view = store.case_view(case.id)
            assert view is not None
            hops = [event.detail.partition(":")[0] for event in view.events if event.type is EventType.HANDED_OVER]
            assert hops == [f"From {giver} to {taker}" for giver, taker in zip(case.owners, case.owners[1:], strict=False)]
            assert case.owners[-1] == case.owner
    keys = [message.key for message in store.outbox_due(shop.clock.now() + timedelta(days=1), 10_000)]
    assert len(keys) == len(set(keys)) == begun + 200 + shop.done["handed over"]
    assert shop.done["acknowledged"] > 0
