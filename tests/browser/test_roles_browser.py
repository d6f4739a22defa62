"""What each role sees and may, behind a proxy that says who looks: one dashboard for all of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from allears.domain.audit import AuditEntry, Deed
from allears.domain.case import Case, EventType
from tests.browser.conftest import CONFIGURATION, PATIENCE, ServedDesk, serving

pytestmark = pytest.mark.browser

SECRET = "only the proxy knows this"
ROLES = f"""
[dashboard]
port = PORT
sign_in = "proxy"
proxy_secret = "{SECRET}"
proxy_sign_out = "/oauth2/sign_out"

[[reader]]
name = "Vera Sand"
email = "vera@northwind.example"

[[reader]]
name = "Alma Reyes"
email = "Alma@Northwind.example"
role = "admin"
"""
ADA, BEN, CARA, VERA, ALMA = (f"{name}@northwind.example" for name in ("ada", "ben", "cara", "vera", "alma"))
"""Two owners, a manager, a viewer and an admin."""
MANAGER = CONFIGURATION.replace('email = "cara@northwind.example"\n', 'email = "cara@northwind.example"\nrole = "manager"\n')
ADDRESS = "1@x.org"
SETTLED = 300  # milliseconds, after what was to be loaded
Opened = Callable[..., Page]


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedDesk]:
    with serving(tmp_path_factory.mktemp("guarded"), MANAGER + ROLES) as desk:
        yield desk


@pytest.fixture
def opened(chromium: Browser, guarded: ServedDesk) -> Iterator[Opened]:
    """Opens an address as the proxy passes it on: with who looks, and its own secret."""
    contexts = []

    def open_as(email: str | None, path: str = "", secret: str | None = SECRET) -> Page:
        headers = {"X-Forwarded-Email": email, "X-AllEars-Proxy": secret}
        given = {name: value for name, value in headers.items() if value}
        contexts.append(chromium.new_context(viewport={"width": 1280, "height": 900}, extra_http_headers=given))
        page = contexts[-1].new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{guarded.url}{path}")
        return page

    yield open_as
    for context in contexts:
        context.close()


@pytest.fixture
def case(guarded: ServedDesk) -> Case:
    """Ada's case, opened by 1@x.org."""
    return next(each for each in guarded.store.open_cases() if words(guarded, each).startswith("You have charged me twice"))


def words(desk: ServedDesk, case: Case) -> str:
    (stored,) = desk.store.items([case.item_ids[0]])
    return stored.item.text


def heading(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_nobody_finds_by_names_that_are_masked_for_them(opened: Opened, case: Case):
    found = {email: opened(email, "/inbox?q=Lindqvist&period=All+time") for email in (VERA, BEN, ADA, CARA)}
    for email in (ADA, CARA):
        expect(found[email].get_by_text("One case found")).to_be_visible()
    for email in (VERA, BEN):
        expect(found[email].get_by_text("No open case matches these filters")).to_be_visible()
    told = opened(VERA, f"/inbox?list=Messages&q={ADDRESS}&period=All+time")
    expect(told.get_by_text("Addresses and numbers are masked for you")).to_be_visible()
    expect(opened(VERA, "/customers").get_by_placeholder("Names are masked for you")).to_be_disabled()
    assert case.owner == "Ada Brook"


def buttons(page: Page) -> set[str]:
    """The buttons of a case's page, all of it drawn."""
    expect(page.get_by_role("heading", name=re.compile("The book on"))).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    found = page.get_by_test_id("stMain").get_by_role("button").all()
    return {button.inner_text().split("\n")[0] for button in found if button.is_visible()}


class TestComingIn:
    def test_past_the_proxy_nobody_is_anybody(self, opened: Opened):
        for secret in (None, "guessed"):
            page = opened(ALMA, secret=secret)
            heading(page, "Come in through the sign-in page.")
            expect(page.get_by_test_id("stSidebar")).to_be_hidden()
            assert "Mara" not in page.content()

    def test_whoever_is_in_no_list_is_told_whom_to_ask(self, opened: Opened):
        page = opened("stranger@northwind.example", "/inbox")
        heading(page, "You are in no list of people here.")
        expect(page.get_by_test_id("stMain")).to_contain_text("Ask Alma Reyes to add you")
        expect(page.get_by_role("link", name="Sign out")).to_have_attribute("href", "/oauth2/sign_out")

    def test_an_address_is_known_however_it_is_written(self, opened: Opened):
        page = opened("ADA@northwind.EXAMPLE")
        expect(page.get_by_test_id("stSidebar")).to_contain_text("Ada Brook, owner")


class TestACase:
    def test_a_viewer_sees_it_masked_and_takes_no_step(self, opened: Opened, case: Case):
        page = opened(VERA, f"/case?id={case.id}")
        heading(page, "You have charged me twice")
        expect(page.get_by_text("Owners, managers and admins may act on cases.")).to_be_visible()
        expect(page.get_by_text("Managers and admins may see personal data")).to_be_visible()
        expect(page.get_by_text("Owners, managers and admins may correct what was read.")).to_be_visible()
        assert buttons(page) == set()
        assert ADDRESS not in page.content()
        assert "Lindqvist" not in page.content()

    def test_its_owner_sees_it_whole_and_acts(self, opened: Opened, case: Case):
        page = opened(ADA, f"/case?id={case.id}")
        expect(page.get_by_role("link", name=ADDRESS)).to_be_visible()
        expect(page.get_by_role("heading", name="Reach Mara Lindqvist")).to_be_visible()
        assert {"Acknowledge", "Reply", "Hand over", "Leave a note"} <= buttons(page)
        assert "Correct" in buttons(page)

    def test_what_its_owner_does_is_done_in_their_name_whatever_the_address_says(self, opened: Opened, guarded: ServedDesk):
        case = next(each for each in guarded.store.open_cases() if words(guarded, each).startswith("The refund is missing"))
        page = opened(ADA, f"/case?id={case.id}&me=Cara+Diaz")
        page.get_by_role("button", name="Acknowledge").click()
        expect(page.get_by_role("status").filter(has_text="Acknowledged by Ada Brook.")).to_be_visible()
        view = guarded.store.case_view(case.id)
        assert view is not None
        assert [event.actor for event in view.events if event.type is EventType.ACKNOWLEDGED] == ["Ada Brook"]

    def test_another_owner_sees_it_masked_and_may_only_take_it_over(self, opened: Opened, case: Case):
        page = opened(BEN, f"/case?id={case.id}")
        expect(page.get_by_text("Managers and admins may see personal data")).to_be_visible()
        expect(page.get_by_role("button", name="Acknowledge")).to_be_disabled()
        expect(page.get_by_role("button", name="Hand over")).to_be_enabled()
        assert ADDRESS not in page.content()

    def test_a_manager_sees_it_whole_after_asking_which_is_written_down(self, opened: Opened, guarded: ServedDesk, case: Case):
        page = opened(CARA, f"/case?id={case.id}")
        show = page.get_by_role("button", name="Show personal data")
        expect(show).to_be_visible()
        assert ADDRESS not in page.content()
        show.click()
        expect(page.get_by_role("link", name=ADDRESS)).to_be_visible()
        expect(show).to_be_hidden()
        entry = guarded.store.audit(1, 0)[0]
        assert (entry.actor, entry.subject) == ("Cara Diaz", f"case {case.id}")
        other = next(each for each in guarded.store.open_cases() if each.owner == "Ada Brook" and each.id != case.id)
        page.goto(f"{page.url.partition('/case')[0]}/case?id={other.id}")
        expect(page.get_by_role("button", name="Show personal data")).to_be_visible()

    def test_nothing_is_shown_if_the_audit_log_cannot_be_written(self, opened: Opened, guarded: ServedDesk, case: Case):
        page = opened(ALMA, f"/case?id={case.id}")
        show = page.get_by_role("button", name="Show personal data")
        expect(show).to_be_visible()
        with role_of(guarded, "Alma Reyes", "viewer"):
            show.click()
            expect(page.get_by_role("alert")).to_contain_text("Nothing is shown, since the audit log could not be written.")
            assert ADDRESS not in page.content()


class TestPages:
    @pytest.mark.parametrize("email", [VERA, ADA, CARA])
    def test_the_audit_log_is_for_admins(self, opened: Opened, email: str):
        page = opened(email, "/audit")
        heading(page, "This page is not yours to see.")
        expect(page.get_by_text("Admins may see the audit log. Ask Alma Reyes.")).to_be_visible()
        expect(page.get_by_role("link", name="Audit log")).to_have_count(0)

    def test_an_admin_reads_it(self, opened: Opened, guarded: ServedDesk, case: Case):
        for subject in (f"case {case.id}", *(f"customer {number}" for number in range(50))):
            guarded.store.record_audit(AuditEntry(datetime.now(UTC), "Cara Diaz", Deed.SHOWED, subject))
        page = opened(ALMA)
        page.get_by_role("link", name="Audit log").click()
        heading(page, "Who looked at what is masked.")
        expect(page.get_by_role("row").nth(1)).to_contain_text("Cara DiazLooked at the personal data of customer 49")
        page.get_by_role("link", name="Older").click()
        expect(page.get_by_role("link", name=f"case {case.id}").first).to_have_attribute("href", f"/case?id={case.id}")

    @pytest.mark.parametrize("path", ["/settings", "/audit"])
    def test_what_is_for_admins_is_for_nobody_else(self, opened: Opened, path: str):
        page = opened(CARA, path)
        heading(page, "This page is not yours to see.")

    @pytest.mark.parametrize("path", ["", "/inbox", "/customers", "/trends", "/people", "/ledger", "/sources", "/quality"])
    def test_no_list_shows_a_viewer_who_the_customers_are(self, opened: Opened, path: str):
        page = opened(VERA, path)
        heading(page, re.compile(r"\w"))
        expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
        page.wait_for_timeout(SETTLED)
        shown = page.get_by_test_id("stMain").inner_html()
        assert not [name for name in ("Lindqvist", "Osei", "Kowalczyk", "Caldeira", "x.org") if name in shown]

    def test_in_the_inbox_owners_know_their_own_customers(self, opened: Opened):
        page = opened(ADA, "/inbox")
        expect(page.get_by_text("Mara Lindqvist")).to_be_visible()
        assert "Caldeira" not in page.get_by_test_id("stMain").inner_text()


def test_a_role_that_is_changed_in_the_file_counts_from_the_next_run_on(opened: Opened, guarded: ServedDesk):
    page = opened(ALMA, "/audit")
    expect(page.get_by_test_id("stSidebar")).to_contain_text("Alma Reyes, admin")
    with role_of(guarded, "Alma Reyes", "viewer"):
        page.get_by_role("link", name="People").click()
        expect(page.get_by_test_id("stSidebar")).to_contain_text("Alma Reyes, viewer")
        expect(page.get_by_role("link", name="Audit log")).to_have_count(0)


@contextmanager
def role_of(desk: ServedDesk, name: str, role: str) -> Iterator[None]:
    """Another role in the configuration, for a while."""
    before = desk.settings.read_text("utf-8")
    person = before.partition(f'name = "{name}"')[2].partition("role = ")[2].splitlines()[0]
    desk.settings.write_text(before.replace(f"role = {person}", f'role = "{role}"'), "utf-8")
    try:
        yield
    finally:
        desk.settings.write_text(before, "utf-8")
