"""Links to act on: nobody can make, change or keep one for ever; every process signs with the same key."""

from __future__ import annotations

import stat
import string
import threading
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from allears.domain.case import CaseId
from allears.errors import ConfigurationError, LinkExpired, LinkRefused
from allears.links import VALID_FOR, Acknowledgement, Links, link_key
from tests.builders import NOW

KEY = "k" * 43
LINKS = Links(KEY, "https://voice.example")
CASES = (CaseId("C-1001"), CaseId("C-1002"))


def token(links: Links = LINKS) -> str:
    return links.acknowledge_url(CASES, "Zoë Ōta").rpartition("/")[2]


def test_a_link_leads_to_the_service_and_says_who_takes_what():
    url = LINKS.acknowledge_url(CASES, "Zoë Ōta")
    assert url.startswith("https://voice.example/acknowledge/")
    assert LINKS.read(url.removeprefix("https://voice.example/acknowledge/")) == Acknowledgement(CASES, "Zoë Ōta")


def test_it_is_short_enough_to_be_copied_whole_by_every_mail_program():
    assert len(LINKS.acknowledge_url([CaseId(f"C-{number}") for number in range(1000, 1100)], "Ada Brook")) < 1000


@given(place=st.integers(0, 1_000), other=st.sampled_from(string.ascii_letters + string.digits + "-_."))
def test_a_link_that_was_changed_anywhere_is_refused(place: int, other: str):
    whole = token()
    place %= len(whole) - 1  # the last sign of the signature carries two bits that mean nothing
    changed = whole[:place] + other + whole[place + 1 :]
    if changed == whole:
        return
    with pytest.raises(LinkRefused):
        LINKS.read(changed)


@given(st.text())
def test_what_we_did_not_make_is_refused(text: str):
    with pytest.raises(LinkRefused):
        LINKS.read(text)


def test_a_link_cut_short_is_refused():
    whole = token()
    for length in range(len(whole)):
        with pytest.raises(LinkRefused):
            LINKS.read(whole[:length])


def test_another_key_makes_no_link_of_ours():
    with pytest.raises(LinkRefused):
        LINKS.read(token(Links("x" * 43, "https://voice.example")))


def test_what_the_key_signs_for_another_use_is_no_link():
    with pytest.raises(LinkRefused):
        LINKS.read(str(URLSafeTimedSerializer(KEY, salt="other").dumps(["Ada Brook", "C-1001"])))


def test_after_two_weeks_it_is_over_and_says_so():
    with time_machine.travel(NOW, tick=False) as now:
        made = token()
        now.shift(VALID_FOR)
        assert LINKS.read(made).person == "Zoë Ōta"
        now.shift(timedelta(seconds=1))
        with pytest.raises(LinkExpired):
            LINKS.read(made)


class TestTheKey:
    def test_is_made_once_and_kept_for_its_user_alone(self, tmp_path: Path):
        key = link_key(tmp_path / "state", {})
        assert link_key(tmp_path / "state", {}) == key
        assert len(key) >= 43
        assert stat.S_IMODE((tmp_path / "state" / "link-key").stat().st_mode) == 0o600
        assert [path.name for path in (tmp_path / "state").iterdir()] == ["link-key"]

    def test_is_one_for_all_that_start_at_the_same_moment(self, tmp_path: Path):
        for attempt in range(20):
            together, keys = threading.Barrier(8), []

            def start(folder: Path = tmp_path / str(attempt), together: threading.Barrier = together, keys: list[str] = keys) -> None:
                together.wait()
                keys.append(link_key(folder, {}))

            threads = [threading.Thread(target=start) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            assert (len(keys), len(set(keys))) == (8, 1)

    def test_can_be_given(self, tmp_path: Path):
        assert link_key(tmp_path, {"ALLEARS_LINK_KEY": KEY}) == KEY
        assert not list(tmp_path.iterdir())

    def test_that_can_be_guessed_is_none(self, tmp_path: Path):
        with pytest.raises(ConfigurationError, match="openssl rand"):
            link_key(tmp_path, {"ALLEARS_LINK_KEY": "secret"})
        (tmp_path / "link-key").touch()
        with pytest.raises(ConfigurationError, match="Delete"):
            link_key(tmp_path, {})
