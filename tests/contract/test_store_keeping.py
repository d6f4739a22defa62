"""Whose steps empty the answers that the store service keeps for whoever asks next."""

from __future__ import annotations

import pytest

from allears.domain.changes import acknowledge
from allears.domain.feedback import Sentiment, Status
from allears.domain.records import Routed
from allears.store.duckdb_store import DuckDBStore
from allears.store.keeping import Keeping
from tests.builders import NOW, an_item
from tests.contract.store_steps import the_case, understand, with_case


@pytest.fixture
def asked(in_process: DuckDBStore) -> DuckDBStore:
    """A store with a case, that keeps every answer and has given one."""
    with_case(in_process)
    in_process._keeping = Keeping(worth=0)
    in_process.overview(NOW, 7, "UTC")
    return in_process


def kept(store: DuckDBStore) -> int:
    return len(store._keeping._kept)


def test_a_step_at_the_dashboard(asked: DuckDBStore):
    assert kept(asked) == 1
    asked.record_change(acknowledge(the_case(asked), actor="Ada Brook", at=NOW), ())
    assert kept(asked) == 0


def test_a_step_taken_by_answering_a_mail(asked: DuckDBStore):
    ours = an_item("a-1", "ack")
    understand(asked, ours)
    step = acknowledge(the_case(asked), actor="Ada Brook", at=NOW)
    asked.record_routing([Routed(ours.id, Status.OTHER, "an answer", step.case.id, change=step, ours=True)])
    assert kept(asked) == 0


def test_a_correction(asked: DuckDBStore):
    asked.record_correction(an_item().id, Sentiment.NEUTRAL, None, "Ada Brook", "only a question", NOW)
    assert kept(asked) == 0


def test_but_no_message_that_comes_in(asked: DuckDBStore):
    with_case(asked, an_item("m-2", "Something else.", contact="email:else@x.org"), 1002)
    assert kept(asked) == 1
