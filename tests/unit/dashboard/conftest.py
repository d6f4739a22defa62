"""The desk that the dashboard's tests sit at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from allears.domain.case import CaseId
from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import FakeStore, make_desk
from tests.unit.dashboard.pages import drawer, page, ran


@pytest.fixture
def store(tmp_path: Path) -> Iterator[FakeStore]:
    store = FakeStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def desk(store: FakeStore) -> Desk:
    return make_desk(store)


@pytest.fixture
def opened(desk: Desk) -> Callable[..., AppTest]:
    """Opens a page by its view's name and its query."""

    def run(view: str, **query: str) -> AppTest:
        test = AppTest.from_function(page, args=(view, desk), default_timeout=20)
        for key, value in query.items():
            test.query_params[key] = value
        return ran(test)

    return run


@pytest.fixture
def drawn(desk: Desk) -> Callable[..., AppTest]:
    """Opens a drawer by its module and form, over a case as it is now."""

    def run(module: str, form: str, case_id: str, actor: str = "Ada Brook") -> AppTest:
        case = desk.store.case(CaseId(case_id))
        return ran(AppTest.from_function(drawer, args=(module, form, desk, case, actor), default_timeout=20))

    return run
