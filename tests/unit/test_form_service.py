"""The form's pages and its API, as browsers and programs meet them."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Message, Receive, Scope, Send

from allears.domain.case import Case, CaseId, CaseStatus
from allears.domain.feedback import Channel, FeedbackItem, ItemId, Kind, Page, SourceName, Status, Urgency
from allears.domain.hours import parse_hours
from allears.domain.people import Directory, Person
from allears.domain.records import StoredItem
from allears.domain.sources import PageReceipt
from allears.domain.targets import USUAL, Goal, Targets
from allears.errors import StoreBusy
from allears.settings import BusinessSettings
from app.service.forms import LARGEST_BODY, forms_router
from connectors.context import SourceContext
from connectors.form import FormConnector, FormSettings

NOW = datetime(2026, 11, 19, 18, 22, tzinfo=UTC)
WORDS = "I was charged twice for November."


class Clock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Store:
    """Keeps pages in memory; `failure` is raised by whatever is asked next."""

    log: list[str]
    pages: list[Page] = field(default_factory=list)
    case_of: dict[ItemId, Case] = field(default_factory=dict)
    failure: Exception | None = None

    def record_page(self, source: SourceName, page: Page, at: datetime) -> PageReceipt:
        assert (source, at) == ("web", NOW)
        if self.failure:
            raise self.failure
        self.pages.append(page)
        self.log.append("stored")
        return PageReceipt(1, 0, 0)

    def items(self, ids: Sequence[ItemId]) -> list[StoredItem]:
        if self.failure:
            raise self.failure
        found = {item.id: item for page in self.pages for item in page.items if item.id in ids}
        return [self._stored(item) for item in found.values()]

    def case(self, case_id: CaseId) -> Case | None:
        return next((case for case in self.case_of.values() if case.id == case_id), None)

    def _stored(self, item: FeedbackItem) -> StoredItem:
        case = self.case_of.get(item.id)
        return StoredItem(item, None, Status.CASE if case else Status.NEW, None, case.id if case else None, None, NOW)


@dataclass
class House:
    client: TestClient
    store: Store
    log: list[str]

    def send(self, **fields: str):
        return self.client.post("/form/web", data={"message": WORDS, **fields}, follow_redirects=False)

    def post(self, content: object, **headers: str):
        return self.client.post("/api/v1/forms/web", json=content, headers=headers)


def build(hours: str = "Mon-Fri 09:00-17:30", *, forms: bool = True) -> House:
    log: list[str] = []
    store = Store(log)
    people = {"Ada Brook": Person("Ada Brook", "ada@northwind.example", hours=parse_hours(hours))}
    app = FastAPI()
    app.include_router(
        forms_router(
            store=store,  # type: ignore[arg-type]  # only what forms use
            forms=[FormConnector(SourceContext(SourceName("web"), Path(), Clock()), FormSettings(max_length=1_000))] if forms else [],
            business=BusinessSettings(name="Bean & <b>Leaf</b>", timezone="Europe/London"),
            directory=Directory(people, "Ada Brook"),
            targets=Targets({**USUAL, Goal.ANSWER: dict.fromkeys(Urgency, timedelta(hours=2))}),
            address="https://voice.example",
            clock=Clock(),
            wake=lambda: log.append("woken"),
        )
    )
    return House(TestClient(app), store, log)


@pytest.fixture
def house() -> Iterator[House]:
    built = build()
    with built.client:
        yield built


def test_the_first_form_is_at_the_root(house: House):
    assert house.client.get("/", follow_redirects=False).headers["location"] == "/form/web"


def test_without_a_form_the_root_says_so():
    with build(forms=False).client as client:
        assert client.get("/").status_code == 404


def test_the_form_promises_only_what_the_default_owner_can_keep(house: House):
    page = house.client.get("/form/web").text
    assert "Leave an address and they answer you" in page
    assert 'by <time datetime="2026-11-20T11:00:00+00:00">11:00 tomorrow</time>' in page


def test_the_promise_follows_the_hours_of_work():
    with build("Mon-Sun 08:00-22:00").client as client:
        assert ">20:22 today<" in client.get("/form/web").text


def test_a_form_that_is_sent_is_kept_before_it_is_answered(house: House):
    answer = house.send(contact="Mara@Lindqvist.example")
    (page,) = house.store.pages
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/status/{page.items[0].id}"
    assert page.items[0].contact == "email:mara@lindqvist.example"
    assert json.loads(page.originals[0].body)["message"] == WORDS


@pytest.mark.parametrize("send", [lambda house: house.send(), lambda house: house.post({"message": WORDS})])
def test_the_answer_leaves_after_the_store_has_it_and_then_a_tick_starts(send: Callable[[House], object]):
    built = build()
    application = built.client.app

    async def watched(scope: Scope, receive: Receive, send_on: Send):
        async def noting(message: Message):
            if message["type"] == "http.response.start":
                built.log.append(f"answered {message['status']}")
            await send_on(message)

        await application(scope, receive, noting)

    built.client = TestClient(watched)
    send(built)
    assert built.log in (["stored", "answered 303", "woken"], ["stored", "answered 201", "woken"])


@pytest.mark.parametrize("failure", [StoreBusy("held elsewhere"), OSError("disk full")])
def test_a_store_that_fails_loses_nothing_that_was_typed(house: House, failure: Exception):
    house.store.failure = failure
    answer = house.send(contact="jo@x.example", key="k1")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    for kept in (WORDS, 'value="jo@x.example"', 'value="k1"', "Nothing you wrote is lost"):
        assert kept in answer.text
    assert str(failure) not in answer.text
    assert house.log == []


def test_the_api_says_that_nothing_was_kept(house: House):
    house.store.failure = StoreBusy("held elsewhere")
    answer = house.post({"message": WORDS})
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert house.log == []


def test_a_refused_form_comes_back_with_what_was_typed(house: House):
    answer = house.send(message="x" * 1_001, contact="jo@x.example", key="k1")
    assert answer.status_code == 422
    assert "The message has 1,001 characters and 1,000 fit." in answer.text
    assert "x" * 1_001 in answer.text
    assert 'value="jo@x.example"' in answer.text
    assert "and answers you" in answer.text
    assert house.store.pages == []


def test_an_empty_form_is_refused(house: House):
    assert house.send(message=" \r\n").status_code == 422
    assert house.store.pages == []


def test_a_form_sent_twice_is_one_message(house: House):
    first, second = (house.send(key="from-the-page").headers["location"] for _ in range(2))
    assert first == second


def test_each_form_handed_out_has_its_own_key(house: House):
    assert house.client.get("/form/web").text != house.client.get("/form/web").text


def test_a_program_that_fills_every_field_is_stored_as_spam(house: House):
    assert house.send(leave_empty="http://watches.example").status_code == 303
    assert house.store.pages[0].items[0].spam


@pytest.mark.parametrize("path", ["/form/web", "/api/v1/forms/web"])
def test_a_body_too_large_is_refused(house: House, path: str):
    kind = "application/json" if "api" in path else "application/x-www-form-urlencoded"
    answer = house.client.post(path, content=b"x" * (LARGEST_BODY + 1), headers={"content-type": kind})
    assert answer.status_code == 413
    assert house.store.pages == []


@pytest.mark.parametrize("path", ["/form/web", "/api/v1/forms/web"])
def test_another_kind_of_body_is_refused(house: House, path: str):
    assert house.client.post(path, content=b'{"message": "x"}', headers={"content-type": "text/plain"}).status_code == 415


@pytest.mark.parametrize("path", ["/form/elsewhere", "/api/v1/forms/elsewhere"])
def test_an_unknown_form_is_not_found(house: House, path: str):
    assert house.client.post(path, json={"message": WORDS}).status_code == 404


def test_the_api_gives_the_id_and_the_status_address(house: House):
    answer = house.post({"message": WORDS, "name": "Jo", "contact": None})
    item = house.store.pages[0].items[0]
    assert answer.status_code == 201
    assert answer.json() == {"id": item.id, "status_url": f"https://voice.example/status/{item.id}"}
    assert answer.headers["location"] == answer.json()["status_url"]
    assert item.author == "Jo"


def test_the_same_idempotency_key_gives_the_same_id(house: House):
    first, second = (house.post({"message": WORDS}, **{"Idempotency-Key": "abc"}).json() for _ in range(2))
    assert first == second
    assert first != house.post({"message": WORDS}).json()


def test_a_key_too_long_is_refused(house: House):
    assert house.post({"message": WORDS}, **{"Idempotency-Key": "k" * 256}).status_code == 400


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        (b"{", 400, "The body is not JSON."),
        (b"\xff\xfe\xff", 400, "The body is not JSON."),
        (b"[" * 100_000, 400, "The body is not JSON."),
        (b"[]", 400, "The body has to be a JSON object with a “message”."),
        (b"{}", 422, "There is no “message”."),
        (b'{"message": ""}', 422, "The message is empty. Write what happened, then send it."),
        (b'{"message": "x", "\\ud800": 1}', 422, "“\ufffd” is not a field of this form; message, contact and name are."),
    ],
)
def test_the_api_says_what_is_wrong(house: House, body: bytes, status: int, sentence: str):
    answer = house.client.post("/api/v1/forms/web", content=body, headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()) == (status, {"detail": sentence})


def test_half_a_character_is_taken_all_the_same(house: House):
    body = b'{"message": "cut off \\ud83d"}'
    answer = house.client.post("/api/v1/forms/web", content=body, headers={"content-type": "application/json"})
    assert house.client.get(f"/status/{answer.json()['id']}").status_code == 200


def test_other_sites_cannot_use_the_api_from_a_browser(house: House):
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    assert house.client.options("/api/v1/forms/web", headers=asked).status_code == 405
    answer = house.post({"message": WORDS}, Origin="https://elsewhere.example")
    assert "access-control-allow-origin" not in answer.headers


def status_of(house: House, message: str = WORDS, contact: str = "jo@x.example"):
    return house.client.get(house.send(message=message, contact=contact).headers["location"])


def test_a_status_page_waits_for_its_person(house: House):
    answer = status_of(house)
    assert "A person is being found. This page updates itself." in answer.text
    assert answer.headers["refresh"] == "3"


def test_a_status_page_names_the_person(house: House):
    location = house.send(contact="jo@x.example").headers["location"]
    item_id = house.store.pages[0].items[0].id
    house.store.case_of[item_id] = Case(
        CaseId("C-1"), CaseStatus.OPEN, "Ada Brook", "", None, Kind.COMPLAINT, None, Urgency.NORMAL, (), (item_id,), NOW,
        NOW + timedelta(hours=2), alerted_at=NOW,
    )  # fmt: skip
    answer = house.client.get(location)
    for shown in ("Ada Brook has your message.", ">18:22<", "by 20:22 today", "C-1", WORDS):
        assert shown in answer.text
    assert "jo@x.example" not in answer.text
    assert "refresh" not in answer.headers


def test_a_status_page_is_private(house: House):
    headers = status_of(house).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert "noindex" in headers["x-robots-tag"]
    assert "set-cookie" not in headers


@pytest.mark.parametrize("item_id", ["0" * 24, "short", "%00", "0" * 5_000])
def test_an_unknown_message_is_told_kindly(house: House, item_id: str):
    answer = house.client.get(f"/status/{item_id}")
    assert answer.status_code == 404
    assert "There is no message here." in answer.text


def test_a_message_from_another_channel_has_no_status_page(house: House):
    mail = FeedbackItem(SourceName("support"), Channel.EMAIL, "known@mail.example", NOW, "secret words")
    house.store.pages.append(Page((mail,), (), (), None))
    answer = house.client.get(f"/status/{mail.id}")
    assert answer.status_code == 404
    assert "secret words" not in answer.text


def test_a_status_page_that_cannot_be_read_says_that_the_message_is_safe(house: House):
    location = house.send().headers["location"]
    house.store.failure = StoreBusy("held elsewhere")
    answer = house.client.get(location)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "30")
    assert "Your message is kept." in answer.text


def test_hostile_words_are_shown_as_words(house: House):
    hostile = "</textarea><script>alert(1)</script>\x00\u202e\"'{{ 7*7 }}"
    for text in (status_of(house, hostile, '"><img src=x>').text, house.send(message=hostile + "x" * 1_000, contact='"><img src=x>').text):
        assert "<script" not in text
        assert "<img" not in text
        assert "\x00" not in text
        assert "{{ 7*7 }}" in text
        assert 'dir="auto"' in text
    assert "\x00" in json.loads(house.store.pages[0].originals[0].body)["message"]


@pytest.mark.parametrize("path", ["/form/web", "/privacy", "/status/none", "/form/none"])
def test_every_page_is_closed_to_scripts_and_frames(house: House, path: str):
    answer = house.client.get(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "<script" not in answer.text
    assert "style=" not in answer.text
    assert "Bean &amp; &lt;b&gt;Leaf&lt;/b&gt;" in answer.text


@pytest.mark.parametrize(
    ("name", "kind"),
    [("form.css", "text/css; charset=utf-8"), ("inter-latin.woff2", "font/woff2"), ("inter-latin-ext.woff2", "font/woff2")],
)
def test_style_and_type_are_served_from_here(house: House, name: str, kind: str):
    answer = house.client.get(f"/assets/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)


@pytest.mark.parametrize("name", ["forms.py", "..%2Fforms.py", "base.html"])
def test_nothing_else_is_served(house: House, name: str):
    assert house.client.get(f"/assets/{name}").status_code == 404
