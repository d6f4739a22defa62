"""Signing in at a real OpenID Connect provider on this machine, and out again."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import CONFIGURATION, PATIENCE, ServedDesk, await_answer, free_port, serving

pytestmark = pytest.mark.browser

PEOPLE = {
    "ada": {"email": "ADA@northwind.example", "email_verified": True},
    "ben": {"email": "ben@northwind.example"},
    "cara": {"email": "cara@northwind.example", "email_verified": False},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True},
    "nameless": {},
}
"""Whom the provider knows, and what it says of them."""
OIDC = """
[dashboard]
port = PORT
sign_in = "oidc"

[dashboard.oidc]
metadata_url = "PROVIDER/.well-known/openid-configuration"
client_id = "allears"
client_secret = "not a secret here"
session = "8 hours"
"""


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The provider's address."""
    port = free_port()
    known = [argument for sub, claims in PEOPLE.items() for argument in ("--user-claims", json.dumps({"sub": sub, **claims}))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), *known]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        await_answer(f"http://127.0.0.1:{port}/.well-known/openid-configuration")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory, provider: str) -> Iterator[ServedDesk]:
    with serving(tmp_path_factory.mktemp("oidc"), CONFIGURATION + OIDC.replace("PROVIDER", provider)) as desk:
        yield desk


@pytest.fixture
def tab(chromium: Browser, guarded: ServedDesk) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{guarded.url}/people?from=a.link")
    yield page
    context.close()


def sign_in(page: Page, sub: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to see how customers fare.")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=sub, exact=True).click()


def came_in(page: Page, who: str) -> None:
    """They are in, and on the page that they had asked for."""
    expect(page).to_have_url(re.compile(r"/people\?from=a\.link$"))
    expect(page.get_by_test_id("stSidebar")).to_contain_text(who)


def test_before_anybody_signs_in_nothing_is_seen(tab: Page, guarded: ServedDesk):
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to see how customers fare.")
    expect(tab.get_by_test_id("stSidebar")).to_be_hidden()
    assert "charged" not in tab.content()
    assert httpx.get(f"{guarded.url}/inbox").text.count("charged") == 0


def test_somebody_of_the_list_signs_in_to_the_page_they_asked_for_and_out(tab: Page):
    sign_in(tab, "ada")
    came_in(tab, "Ada Brook, owner")
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="End session").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to see how customers fare.")
    tab.reload()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to see how customers fare.")


def test_somebody_of_whose_address_nothing_is_said_is_known_by_it(tab: Page):
    sign_in(tab, "ben")
    came_in(tab, "Ben Hall, owner")


@pytest.mark.parametrize(
    ("sub", "why"),
    [
        ("stranger", "You are signed in as stranger@elsewhere.example"),
        ("cara", "without a mail address that is verified"),
        ("nameless", "without a mail address that is verified"),
    ],
)
def test_whoever_is_in_no_list_is_told_so_and_can_sign_out(tab: Page, sub: str, why: str):
    sign_in(tab, sub)
    expect(tab.get_by_role("heading", level=1)).to_have_text("You are in no list of people here.")
    expect(tab.get_by_test_id("stMain")).to_contain_text(why)
    expect(tab.get_by_test_id("stSidebar")).to_be_hidden()
    tab.get_by_role("button", name="Sign out").click()
    tab.get_by_role("button", name="End session").click()
    expect(tab.get_by_role("button", name="Sign in")).to_be_visible()


def test_a_session_that_is_over_asks_to_sign_in_again(tab: Page, guarded: ServedDesk):
    sign_in(tab, "ada")
    came_in(tab, "Ada Brook, owner")
    before = guarded.settings.read_text("utf-8")
    guarded.settings.write_text(before.replace('"8 hours"', '"0 seconds"'), "utf-8")
    try:
        tab.get_by_role("link", name="Trends").click()
        expect(tab.get_by_role("heading", level=1)).to_have_text("Your sign-in is over. Sign in again to go on.")
        expect(tab.get_by_test_id("stSidebar")).to_be_hidden()
    finally:
        guarded.settings.write_text(before, "utf-8")


def test_the_file_with_the_secrets_is_for_its_user_alone(guarded: ServedDesk):
    for name in ("sign-in.toml", "cookie-secret"):
        assert (guarded.settings.parent / ".allears" / name).stat().st_mode & 0o777 == 0o600
