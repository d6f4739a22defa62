"""Who may give which command to the store: enforced by the store, in one process and over HTTP, whatever a page draws."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from allears.domain import changes, joining
from allears.domain.access import COMMANDS, EVENTS, LEAST, Acting, Right, Role, Roll
from allears.domain.audit import AuditEntry, Deed
from allears.domain.case import SYSTEM, Case, CaseChange, CaseId, Event, EventType, Reply
from allears.domain.customers import First
from allears.domain.feedback import Kind
from allears.domain.inbox import Messages, Show, Which
from allears.domain.outbox import MessageKind, OutboxMessage, outbox_key
from allears.errors import NotAllowed, StoreError
from allears.ports import Store
from allears.store import wire
from allears.store.acting import acting
from allears.store.duckdb_store import DuckDBStore
from allears.store.http_store import HttpStore
from tests.builders import NOW, an_item
from tests.contract.store_service import DASHBOARD_TOKEN, ROLL, TOKEN, Service
from tests.contract.store_steps import the_case, with_case

OWNER, MANAGER, ADMIN, VIEWER = (role.value for role in (Role.OWNER, Role.MANAGER, Role.ADMIN, Role.VIEWER))
"""Whoever has the role is called like it."""


Asks = Callable[..., int]


@pytest.fixture(scope="module")
def ask(service: Service) -> Iterator[Asks]:
    """The status of a request with an empty body: 403 before it is read, 422 where arguments were wanted."""
    with httpx.Client(base_url=service.url) as client:

        def asked(command: str, *, actor: str | None, token: str = DASHBOARD_TOKEN, **headers: str) -> int:
            named = {wire.ACTOR: actor} if actor else {}
            given = {"Authorization": f"Bearer {token}", **named, **headers}
            return client.post(f"{wire.PATH}/{command}", content="{}", headers=given).status_code

        yield asked


class Acts:
    """Opens the store in somebody's name, one way or the other."""

    def __init__(self, store: DuckDBStore, over_http: HttpStore | None) -> None:
        self.file, self._http = store, over_http

    def __call__(self, name: str | None) -> Store:
        if self._http is not None:
            return self._http.acting_as(lambda: name)
        return acting(self.file, ROLL.of(name))


@pytest.fixture(params=["in process", "over http"])
def acts(request: pytest.FixtureRequest, in_process: DuckDBStore) -> Iterator[Acts]:
    if request.param == "in process":
        yield Acts(in_process, None)
        return
    service: Service = request.getfixturevalue("service")
    service.store, service.roll = in_process, ROLL
    client = HttpStore(service.url, DASHBOARD_TOKEN)
    yield Acts(in_process, client)
    client.close()


def its_case(acts: Acts, owner: str = OWNER) -> Case:
    with_case(acts.file, owner=owner)
    return the_case(acts.file)


class TestTheTable:
    def test_every_method_of_the_store_is_in_it(self):
        assert set(COMMANDS) == set(wire.methods())

    def test_every_right_has_a_lowest_role(self):
        assert set(LEAST) == set(Right)

    def test_a_command_that_leaves_something_behind_says_who_gave_it(self):
        looking = {Right.LOOK, Right.REPLAY, Right.ORIGINALS, Right.AUDIT, Right.SETTINGS, Right.CHECKS}
        for name in (name for name, right in COMMANDS.items() if right is not None and right not in looking):
            fields = wire.methods()[name].arguments.model_fields
            given = {*fields, *(inner for field in fields.values() for inner in getattr(field.annotation, "__dataclass_fields__", ()))}
            assert {"by", "actor", "change"} & given, f"{name} is recorded under nobody's name"


@pytest.mark.parametrize("role", Role)
class TestEachRole:
    def test_it_gives_the_commands_of_the_table_and_no_other(self, service: Service, ask: Asks, in_process: DuckDBStore, role: Role):
        service.store, service.roll = in_process, ROLL
        given = {command for command in COMMANDS if ask(command, actor=role.value) != 403}
        assert given == {command for command, right in COMMANDS.items() if right is not None and role.rank >= LEAST[right].rank}

    def test_it_makes_happen_to_a_case_what_it_may_and_nothing_else(self, acts: Acts, role: Role):
        its_case(acts, owner=role.value)
        made = set[EventType]()
        for event in EventType:
            case = the_case(acts.file)
            owner = "another" if event is EventType.HANDED_OVER else case.owner
            happened = Event(case.id, NOW, role.value, event, "said")
            with contextlib.suppress(NotAllowed):
                acts(role.value).record_change(CaseChange(replace(case, owner=owner, version=case.version + 1), (happened,)), ())
                made.add(event)
                after = the_case(acts.file)
                assert after.version == case.version + 1
                acts.file.record_change(CaseChange(replace(after, owner=role.value, version=after.version + 1), ()), ())
        assert made == {event for event, right in EVENTS.items() if role.rank >= LEAST[right].rank}


class TestTheName:
    def test_without_one_figures_are_read_and_nothing_else(self, acts: Acts):
        case = its_case(acts)
        assert acts(None).open_cases() == [case]
        with pytest.raises(NotAllowed, match="did not say who"):
            acts(None).record_change(changes.note(case, text="hm", actor=OWNER, at=NOW), ())
        with pytest.raises(NotAllowed, match="Admins may see the audit log"):
            acts(None).audit(10, 0)

    def test_nobody_acts_under_anothers(self, acts: Acts):
        case = its_case(acts)
        with pytest.raises(NotAllowed, match="under the name of owner"):
            acts(ADMIN).record_change(changes.note(case, text="hm", actor=OWNER, at=NOW), ())
        with pytest.raises(NotAllowed, match="under the name of AllEars"):
            acts(ADMIN).record_change(changes.note(case, text="hm", actor=SYSTEM, at=NOW), ())
        with pytest.raises(NotAllowed, match="under the name of Ada"):
            acts(MANAGER).record_correction(case.item_ids[0], None, Kind.PRAISE, "Ada", "ironic", NOW)
        with pytest.raises(NotAllowed, match="under the name of Ada"):
            acts(MANAGER).record_audit(AuditEntry(NOW, "Ada", Deed.SHOWED, "case C-1001"))
        assert the_case(acts.file) == case
        assert acts.file.audit(10, 0) == []

    def test_a_letter_goes_under_the_name_of_whoever_writes_it(self, acts: Acts):
        case = its_case(acts)
        reply = Reply("k", case.id, case.item_ids[0], "another", "email:jo@x.org", "Sorry.", NOW)
        change = changes.answer(case, replace(reply, by=OWNER), to="Jo", next_date=NOW)
        with pytest.raises(NotAllowed, match="under the name of another"):
            acts(OWNER).record_change(replace(change, reply=reply), ())

    def test_one_may_have_letters_that_no_header_carries(self, acts: Acts):
        case = its_case(acts, owner="Hélène")
        acts("Hélène").record_change(changes.acknowledge(case, actor="Hélène", at=NOW), ())
        assert the_case(acts.file).acknowledged_at == NOW


class TestACase:
    def test_only_its_owner_works_on_it(self, acts: Acts):
        case = its_case(acts, owner="another")
        with pytest.raises(NotAllowed, match="another has C-1001"):
            acts(ADMIN).record_change(changes.acknowledge(case, actor=ADMIN, at=NOW), ())

    def test_it_changes_hands_by_being_handed_over_and_not_besides(self, acts: Acts):
        case = its_case(acts)
        noted = changes.note(case, text="hm", actor=OWNER, at=NOW)
        with pytest.raises(NotAllowed, match="only by being handed over"):
            acts(OWNER).record_change(replace(noted, case=replace(noted.case, owner="another")), ())
        over = changes.hand_over(case, to="another", reason="away", actor=OWNER, at=NOW, next_date=NOW + timedelta(days=1))
        acts(OWNER).record_change(over, ())
        assert the_case(acts.file).owner == "another"

    def test_of_two_of_one_customer_one_may_be_made_and_of_one_two(self, acts: Acts):
        case = its_case(acts, owner="another")
        with_case(acts.file, an_item("m-2"), 1002, owner=OWNER, customer_id=case.customer_id)
        merged = joining.merge(case, the_case(acts.file, 1002), actor=OWNER, reason="the same parcel", at=NOW)
        with pytest.raises(NotAllowed):
            acts(VIEWER).record_change(merged, ())
        acts(OWNER).record_change(merged, ())
        whole = the_case(acts.file)
        split = joining.split(whole, merged.moved, CaseId("C-1003"), topic=None, actor=OWNER, reason="another order", at=NOW)
        stolen = replace(split, beside=tuple(replace(part, case=replace(part.case, owner=OWNER)) for part in split.beside))
        with pytest.raises(NotAllowed, match="AllEars opens cases"):
            acts(OWNER).record_change(stolen, ())
        forged = replace(split, beside=tuple(replace(part, events=(replace(part.events[0], actor="Ada"),)) for part in split.beside))
        with pytest.raises(NotAllowed, match="under the name of Ada"):
            acts(OWNER).record_change(forged, ())
        acts(OWNER).record_change(split, ())
        assert the_case(acts.file, 1003).owner == "another"

    def test_it_is_not_changed_without_a_word(self, acts: Acts):
        case = its_case(acts)
        with pytest.raises(NotAllowed):
            acts(ADMIN).record_change(CaseChange(replace(case, version=case.version + 1), ()), ())

    def test_no_letter_goes_with_a_note(self, acts: Acts):
        case = its_case(acts)
        key = outbox_key(MessageKind.REPLY, "email:jo@x.org", case.id)
        mail = OutboxMessage(key, MessageKind.REPLY, "email:jo@x.org", case.item_ids[0], case.id, NOW, NOW)
        with pytest.raises(NotAllowed, match="did not happen"):
            acts(OWNER).record_change(changes.note(case, text="hm", actor=OWNER, at=NOW), (mail,))
        assert mail not in acts.file.outbox_due(NOW, 10)


def two_customers(store: Store) -> None:
    """Jo's case is the owner's; Ines's is another's, and has an order's number and an address in its words."""
    with_case(store, an_item("1", author="Jo Lind", contact="email:jo@x.org"), 1001, owner=OWNER)
    text = "Order 4711-0815 is late. Write to ines@y.org, 15 days are enough."
    with_case(store, an_item("2", author="Ines Caldeira", contact="email:ines@y.org", text=text), 1002, owner="another")
    for external, number in (("1", 1001), ("2", 1002)):
        customer = store.items([an_item(external).id])[0].customer_id
        case = the_case(store, number)
        store.record_change(CaseChange(replace(case, customer_id=customer, version=case.version + 1), ()), ())


class TestSearching:
    """Whoever sees names and contacts masked does not find by them: what is found would tell what is hidden."""

    begun = staticmethod(two_customers)

    def cases(self, acts: Acts, name: str | None, words: str) -> list[str]:
        asked = Which(words, names_of=None)
        return [line.case.id for line in acts(name).case_lines(Show.OPEN, asked, NOW, NOW, None, 50).lines]

    def messages(self, acts: Acts, name: str | None, words: str) -> list[str | None]:
        return [line.case_id for line in acts(name).messages(Messages(Which(words)), None, 50).lines]

    def customers(self, acts: Acts, name: str | None, words: str) -> list[str]:
        return [line.name for line in acts(name).customers(words, First.CASES, NOW - timedelta(days=28), NOW, 50).lines]

    @pytest.mark.parametrize(
        ("name", "found"),
        [(None, []), (VIEWER, []), (OWNER, ["C-1001"]), (MANAGER, ["C-1001", "C-1002"]), (ADMIN, ["C-1001", "C-1002"])],
    )
    def test_names_and_contacts_find_what_their_reader_may_see(self, acts: Acts, name: str | None, found: list[str]):
        both = [("Jo", "lind", "JO@X"), ("Ines", "caldeira", "y.org")]
        for number, (first, last, contact) in zip(("C-1001", "C-1002"), both, strict=True):
            expected = [number] if number in found else []
            assert self.cases(acts, name, last) == self.cases(acts, name, f"late {last}") == expected
            assert self.messages(acts, name, last) == expected
            assert len(self.customers(acts, name, f"{first} {last}")) == len(self.customers(acts, name, contact)) == len(expected)

    @pytest.mark.parametrize("words", ["ines@", "@y", "4711", "order 4711-0815", "0815 C-1002"])
    @pytest.mark.parametrize(("name", "finds"), [(None, False), (VIEWER, False), (OWNER, False), (MANAGER, True), (ADMIN, True)])
    def test_what_is_masked_in_texts_by_its_form_is_not_looked_for(self, acts: Acts, name: str | None, finds: bool, words: str):
        assert self.messages(acts, name, words) == (["C-1002"] if finds else [])
        if "C-" not in words:
            assert self.cases(acts, name, words) == (["C-1002"] if finds else [])

    def test_an_owner_looks_for_it_in_their_own_cases(self, acts: Acts):
        with_case(acts.file, an_item("3", text="Call 0170 1234567."), 1003, owner=OWNER)
        assert self.cases(acts, OWNER, "1234567") == self.messages(acts, OWNER, "1234567") == ["C-1003"]

    def test_a_number_is_not_guessed_digit_by_digit(self, acts: Acts):
        assert self.messages(acts, VIEWER, "15 days") == ["C-1002"]
        for part in ("471", "order 47", "81"):
            assert self.messages(acts, VIEWER, part) == self.cases(acts, VIEWER, part) == []
        assert self.messages(acts, MANAGER, "471") == ["C-1002"]

    def test_words_and_a_cases_number_are_found_by_all(self, acts: Acts):
        for name in (None, VIEWER, OWNER, MANAGER, ADMIN):
            assert self.cases(acts, name, "order late") == self.messages(acts, name, "order late") == ["C-1002"]
            assert self.cases(acts, name, "c-1002") == self.messages(acts, name, "c-1002") == ["C-1002"]

    def test_who_lists_customers_without_words_sees_all_of_them(self, acts: Acts):
        for name in (None, VIEWER, OWNER):
            assert len(self.customers(acts, name, "")) == 2

    def test_where_all_is_masked_nobody_finds_by_names(self, in_process: DuckDBStore):
        at_a_screen = acting(in_process, Acting("Ada", Role.ADMIN, masked=True))
        assert at_a_screen.messages(Messages(Which("lind")), None, 50).found == 0
        assert at_a_screen.messages(Messages(Which("late")), None, 50).found == 2


class TestTheAuditLog:
    def test_it_tells_who_looked_newest_first_to_admins(self, acts: Acts):
        for minute, subject in enumerate(("case C-1001", "customer 4f", "case C-1002")):
            acts(MANAGER).record_audit(AuditEntry(NOW + timedelta(minutes=minute), MANAGER, Deed.SHOWED, subject))
        assert [entry.subject for entry in acts(ADMIN).audit(2, 0)] == ["case C-1002", "customer 4f"]
        assert acts(ADMIN).audit(2, 2) == [AuditEntry(NOW, MANAGER, Deed.SHOWED, "case C-1001")]
        with pytest.raises(NotAllowed, match=r"Admins may see the audit log\. manager is a manager\."):
            acts(MANAGER).audit(2, 0)

    def test_of_one_moment_what_came_last_stands_first(self, acts: Acts):
        for subject in ("case C-1", "case C-2", "case C-3"):
            acts(ADMIN).record_audit(AuditEntry(NOW, ADMIN, Deed.SHOWED, subject))
        assert [entry.subject for entry in acts(ADMIN).audit(10, 0)] == ["case C-3", "case C-2", "case C-1"]


class TestWhereNobodySignsIn:
    LOCAL = Roll({"Ada": Acting("Ada", Role.ADMIN)}, nameless=Acting("", Role.ADMIN))

    def test_whoever_has_chosen_no_name_sees_all_and_leaves_nothing(self, in_process: DuckDBStore):
        somebody = acting(in_process, self.LOCAL.of(None))
        assert somebody.audit(10, 0) == []
        with pytest.raises(NotAllowed, match="Choose your name"):
            somebody.remove_example(1, "", NOW)

    def test_whoever_has_chosen_one_may_all(self, in_process: DuckDBStore):
        assert acting(in_process, self.LOCAL.of("Ada")).remove_example(1, "Ada", NOW) is False


class TestOverHttp:
    @pytest.fixture(autouse=True)
    def served(self, service: Service, in_process: DuckDBStore):
        service.store, service.roll = in_process, ROLL

    def test_a_role_that_is_sent_counts_for_nothing(self, ask: Asks):
        claims = {"X-AllEars-Role": "admin", "Role": "admin"}
        assert ask("audit", actor=VIEWER, **claims) == 403
        assert ask("export", actor=VIEWER, **claims) == 403

    def test_a_name_that_nobody_has_opens_nothing(self, service: Service, ask: Asks):
        assert ask("open_cases", actor="Mallory") == 403
        client = HttpStore(service.url, DASHBOARD_TOKEN)
        with pytest.raises(NotAllowed, match="Mallory is in no list of people"):
            client.acting_as(lambda: "Mallory").open_cases()
        client.close()

    def test_a_wrong_token_opens_nothing_whoever_it_names(self, service: Service, ask: Asks):
        for token in ("guessed", DASHBOARD_TOKEN[:-1], f"{TOKEN}{DASHBOARD_TOKEN}"):
            assert ask("open_cases", actor=ADMIN, token=token) == 401
        client = HttpStore(service.url, "guessed")
        with pytest.raises(StoreError, match="token does not open"):
            client.acting_as(lambda: ADMIN).open_cases()
        client.close()

    def test_the_full_token_needs_no_name(self, ask: Asks):
        assert ask("alarms", actor=None, token=TOKEN) == 200
        assert ask("claim", actor=None, token=TOKEN) == 422

    def test_a_role_that_was_changed_counts_from_the_next_request_on(self, service: Service, ask: Asks):
        assert ask("audit", actor=ADMIN) == 422
        service.roll = Roll({ADMIN: Acting(ADMIN, Role.OWNER)})
        assert ask("audit", actor=ADMIN) == 403
