"""What tests of several rooms ask for by name."""

import pytest

from tests.builders import StandingClock


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()
