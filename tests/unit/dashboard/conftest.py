"""The desk that the dashboard's tests sit at."""

from __future__ import annotations

import pytest

from app.dashboard.connection import Desk
from tests.unit.dashboard.northwind import FakeStore, make_desk


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


@pytest.fixture
def desk(store: FakeStore) -> Desk:
    return make_desk(store)
