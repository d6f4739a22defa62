"""The page behind an alert's link: opening it does nothing, its button takes the case, and whatever comes in between is told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi.testclient import TestClient
from httpx import Response

from allears import caring
from allears.assigning import plan_of
from allears.domain.case import Case, CaseChange, CaseId, CaseStatus, Event, EventType
from allears.domain.feedback import FeedbackItem
from allears.errors import StoreError
from allears.links import Links, link_key
from allears.ports import Store
from allears.settings import Settings, load
from app.service.acknowledging import acknowledging_router
from app.service.forms import LARGEST_BODY
from app.service.main import create_app
from tests.builders import NOW, StandingClock, a_store, an_item
from tests.contract.store_steps import with_case

ADA, BEN = "Ada Brook", "Ben Hall"
CONFIGURATION = """
[business]
name = "Bean & <b>Leaf</b>"
timezone = "Europe/London"

[dashboard]
url = "https://desk.example"

[service]
port = 8700
url = "https://voice.example"

[[source]]
name = "support"
channel = "email"
url = "maildir:mail"

[[person]]
name = "Ada Brook"
email = "ada@northwind.example"
timezone = "Europe/Berlin"

[[person]]
name = "Ben Hall"
email = "ben@northwind.example"

[routing]
default = "person:Ada Brook"
"""


@dataclass
class House:
    client: TestClient
    store: Store
    settings: Settings
    links: Links
    clock: StandingClock

    def path(self, *cases: int, person: str = ADA) -> str:
        url = self.links.acknowledge_url([CaseId(f"C-{number}") for number in cases or (1001,)], person)
        assert url.startswith("https://voice.example/acknowledge/")
        return url.removeprefix("https://voice.example")

    def get(self, *cases: int, person: str = ADA) -> Response:
        return self.client.get(self.path(*cases, person=person))

    def press(self, *cases: int, person: str = ADA) -> Response:
        """The button, and wherever it leads."""
        return self.client.post(self.path(*cases, person=person))

    def case(self, number: int = 1001) -> Case:
        case = self.store.case(CaseId(f"C-{number}"))
        assert case is not None
        return case

    def opened(self, number: int, item: FeedbackItem | None = None, **changes: object) -> None:
        item = item or an_item(f"m-{number}", f"The kettle {number} is broken. It smokes.", contact=f"email:{number}@x.org")
        with_case(self.store, item, number, **changes)

    def hand_over(self, number: int = 1001) -> None:
        caring.hand_over(self.store, self.clock, plan_of(self.settings), CaseId(f"C-{number}"), BEN, "He knows kettles", ADA)


@pytest.fixture
def house(tmp_path: Path, clock: StandingClock) -> Iterator[House]:
    """Jo's case C-1001 is Ada's, who lives an hour ahead of London."""
    path = tmp_path / "allears.toml"
    path.write_text(CONFIGURATION, "utf-8")
    settings = load(path, {})
    store = a_store(settings.store_path, clock)
    with_case(store, an_item(text="The parcel is late and nobody answers. I am waiting."))
    links = Links(link_key(settings.state_dir, {}), settings.service.address)
    with time_machine.travel(NOW, tick=False), TestClient(create_app(settings, store, clock, "token", lambda: None)) as client:
        yield House(client, store, settings, links, clock)


class TestOneCase:
    def test_opening_the_link_shows_the_case_and_changes_nothing(self, house: House):
        before = house.case()
        for _ in range(3):
            answer = house.get()
            assert house.client.head(house.path()).status_code == 200
        assert house.case() == before
        assert answer.status_code == 200
        assert "C-1001 is yours. Do you have it?" in answer.text
        for shown in (">Jo<", "The parcel is late and nobody answers", "Ada Brook, not taken yet", "by 19:42 today", "Europe/Berlin"):
            assert shown in answer.text
        for hidden in ("Lind", "jo@x.org", "I am waiting"):
            assert hidden not in answer.text
        assert answer.text.count("<button>") == 1
        assert "<button>I have it</button>" in answer.text

    def test_the_button_takes_it_and_says_so(self, house: House):
        answer = house.press()
        case = house.case()
        assert (case.status, case.acknowledged_at) == (CaseStatus.ACKNOWLEDGED, NOW)
        assert answer.status_code == 200
        assert "<h1>You have it.</h1>" in answer.text
        assert "Jo is due to hear from you by 19:42 today." in answer.text
        assert 'href="https://desk.example/case?id=C-1001"' in answer.text
        assert "<button>" not in answer.text
        view = house.store.case_view(CaseId("C-1001"))
        assert view is not None
        assert [(event.type, event.actor) for event in view.events][-1] == (EventType.ACKNOWLEDGED, ADA)

    def test_pressed_twice_it_is_taken_once(self, house: House):
        house.press()
        version = house.case().version
        assert "<h1>You have it.</h1>" in house.press().text
        assert house.case().version == version

    def test_what_is_late_already_is_said_to_be(self, house: House):
        house.clock.move(days=1)
        assert '<dd class="late">was due by 19:42 on Thu 19 Nov</dd>' in house.get().text
        assert "Jo should have heard from you by 19:42 on Thu 19 Nov." in house.press().text

    def test_someone_else_has_it_now(self, house: House):
        house.clock.move(minutes=48)
        house.hand_over()
        before = house.case()
        shown, pressed = house.get(), house.press()
        assert (shown.status_code, pressed.status_code) == (200, 409)
        for answer in (shown, pressed):
            assert "<h1>Ben Hall has it now, since 12:30.</h1>" in answer.text
            assert "tell Ben." in answer.text
            assert "<button>" not in answer.text
        assert house.case() == before

    def test_it_is_settled(self, house: House):
        caring.resolve(house.store, house.clock, house.settings.directory(), CaseId("C-1001"), "A new parcel", ADA)
        before = house.case()
        shown, pressed = house.get(), house.press()
        assert (shown.status_code, pressed.status_code) == (200, 409)
        assert "<h1>Ada Brook settled it at 11:42.</h1>" in shown.text
        assert "<button>" not in shown.text
        assert house.case() == before

    def test_an_anonymous_customer_hears_nothing(self, house: House):
        house.opened(1002, an_item("m-2", "Your kettle is broken, and it smokes.", author=None, contact=None))
        assert "The customer left no address. It is due by 19:42 today." in house.press(1002).text

    def test_someone_who_left_the_directory_still_sees_who_has_it(self, house: House):
        answer = house.get(person="Nobody Now")
        assert answer.status_code == 200
        assert "Ada Brook has it now" in answer.text
        assert "Europe/London" in answer.text

    def test_a_customers_words_are_words(self, house: House):
        house.opened(1002, an_item("m-2", "<script>alert(1)</script> \u202e kettle", author="<img src=x>", contact="email:m@x.org"))
        text = house.get(1002).text
        assert "<script" not in text
        assert "<img" not in text
        assert "\u202e" not in text


class TestSeveralCases:
    def test_one_button_takes_them_all(self, house: House):
        house.opened(1002)
        shown = house.get(1001, 1002)
        assert "2 cases are yours. Do you have them?" in shown.text
        assert shown.text.count("<button>") == 1
        assert "<button>I have them all</button>" in shown.text
        assert "<h1>You have them.</h1>" in house.press(1001, 1002).text
        assert {house.case(1001).status, house.case(1002).status} == {CaseStatus.ACKNOWLEDGED}

    def test_what_is_not_theirs_any_more_stays_where_it_is(self, house: House):
        house.opened(1002)
        house.hand_over(1002)
        shown = house.get(1001, 1002)
        assert "One of these cases is yours. Do you have it?" in shown.text
        assert "The others need nothing from you now." in shown.text
        assert "Ben Hall has it now, since 11:42" in shown.text
        pressed = house.press(1001, 1002)
        assert pressed.status_code == 200
        assert [house.case(number).status for number in (1001, 1002)] == [CaseStatus.ACKNOWLEDGED, CaseStatus.OPEN]

    def test_when_none_is_theirs_nothing_can_be_pressed(self, house: House):
        house.opened(1002)
        house.hand_over(1001)
        house.hand_over(1002)
        assert "None of these cases is yours now." in house.get(1001, 1002).text
        assert house.press(1001, 1002).status_code == 409

    def test_what_was_erased_is_left_out(self, house: House):
        assert "C-1001 is yours. Do you have it?" in house.get(1001, 9999).text
        assert house.press(1001, 9999).status_code == 200


class TestLinksThatLeadNowhere:
    @pytest.mark.parametrize("token", ["x", "WyJBZGEgQnJvb2siLCJDLTEwMDEiXQ", "a" * 5_000])
    def test_one_that_is_not_ours(self, house: House, token: str):
        for answer in (house.client.get(f"/acknowledge/{token}"), house.client.post(f"/acknowledge/{token}")):
            assert answer.status_code == 404
            assert "This link does not work." in answer.text
            assert "desk.example" not in answer.text
        assert house.case().status is CaseStatus.OPEN

    def test_one_that_is_too_old(self, house: House):
        path = house.path()
        with time_machine.travel(NOW + timedelta(days=14, seconds=1), tick=False):
            for answer in (house.client.get(path), house.client.post(path)):
                assert answer.status_code == 410
                assert "good for 14 days" in answer.text
        assert house.case().status is CaseStatus.OPEN

    def test_one_to_what_was_erased(self, house: House):
        assert (house.get(9999).status_code, house.press(9999).status_code) == (410, 410)


@pytest.mark.parametrize("path", ["the case", "/acknowledge/none"])
def test_every_page_is_private_and_closed_to_scripts(house: House, path: str):
    answer = house.get() if path == "the case" else house.client.get(path)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex, nofollow"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in answer.text
    assert "Bean &amp; &lt;b&gt;Leaf&lt;/b&gt;" in answer.text


def test_more_than_a_button_sends_is_refused(house: House):
    answer = house.client.post(house.path(), content=b"x" * (LARGEST_BODY + 1))
    assert answer.status_code == 413
    assert house.case().status is CaseStatus.OPEN


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_nothing_else_is_answered(house: House, method: str):
    assert house.client.request(method, house.path()).status_code == 405


def test_two_who_press_at_the_same_moment_leave_one_owner(house: House):
    """The case moves between the page's reading and its writing: whoever has it then keeps it."""

    class Slow:
        """The store, in which Ben gets the case right after it was shown."""

        def __getattr__(self, name: str) -> object:
            return getattr(house.store, name)

        def case(self, case_id: CaseId) -> Case | None:
            if house.case().owner == ADA:
                house.hand_over()
            return house.store.case(case_id)

    app = create_app(house.settings, house.store, house.clock, "token", lambda: None)
    app.router.routes.clear()
    app.include_router(acknowledging_router(Slow(), house.links, house.settings, house.clock))  # type: ignore[arg-type] # the store, delayed
    answer = TestClient(app).post(house.path())
    assert answer.status_code == 409
    assert "Ben Hall has it now" in answer.text
    assert (house.case().owner, house.case().acknowledged_at) == (BEN, None)


def test_a_store_that_does_not_answer_is_said_and_nothing_is_lost(house: House):
    class Broken:
        def cases(self, _ids: object) -> list[Case]:
            raise StoreError("the disk is full")

    app = create_app(house.settings, house.store, house.clock, "token", lambda: None)
    app.router.routes.clear()
    app.include_router(acknowledging_router(Broken(), house.links, house.settings, house.clock))  # type: ignore[arg-type] # only what fails
    client = TestClient(app)
    for answer in (client.get(house.path()), client.post(house.path())):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "30"
        assert "disk" not in answer.text


def test_a_case_that_was_given_back_can_be_taken_by_the_same_link(house: House):
    house.hand_over()
    caring.hand_over(house.store, house.clock, plan_of(house.settings), CaseId("C-1001"), ADA, "It is a parcel", BEN)
    assert house.press().status_code == 200
    assert house.case().status is CaseStatus.ACKNOWLEDGED


def test_a_promise_made_elsewhere_counts_as_taken(house: House):
    case = house.case()
    change = CaseChange(
        replace(case, status=CaseStatus.PROMISED, acknowledged_at=NOW, version=case.version + 1),
        (Event(case.id, NOW, ADA, EventType.PROMISED, "Tomorrow"),),
    )
    house.store.record_change(change, ())
    assert "<h1>You have it.</h1>" in house.get().text
