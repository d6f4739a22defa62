"""Thousands of random days in the life of a business: whatever happens, every open case has one person, and its history says why.

Hypothesis chooses what happens; the store, the outbox, routing, the watch, the mails and their delivery are the real ones, only the
clock stands still between steps and the mail server lives in this process. `ALLEARS_SIMULATED_DAYS=10000 pytest …` runs the long one.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from allears import caring
from allears.assigning import Plan
from allears.domain.case import SYSTEM, Case, CaseId, EventType, Remedy, RemedyKind
from allears.domain.feedback import Kind, Sentiment, Urgency
from allears.errors import CaseConflict, RecordRejected, TransientError
from allears.settings import Settings, TargetSettings, load
from allears.settings.tree import AwaySettings
from allears.store.duckdb_store import DuckDBStore
from allears.watching import Watch
from flows import round as rounds
from flows.wiring import Wiring
from tests.builders import SUPPORT, StandingClock, a_page, an_item, said, understanding_of

DAYS = int(os.environ.get("ALLEARS_SIMULATED_DAYS", "150"))
DAYS_A_LIFE = 80
SHORT = 3
"""Hours that are looked at one by one."""
NAMES = ("Ada Brook", "Ben Hall", "Cara Diaz", "Dan Webb", "Eva Roth", "Fay Lund")
BEGIN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CONFIGURATION = """
[business]
name = "Northwind Coffee"
timezone = "Europe/London"

[mail]
url = "console:"
sender = "AllEars <allears@northwind.example>"

[[source]]
name = "support"
channel = "form"

{people}

[[route]]
topic = "delivery"
about = "parcel is late"
to = "team:delivery"

[[route]]
topic = "billing"
about = "charged twice"
to = "team:billing"

[[route]]
topic = "press"
about = "journalist"
to = "person:Eva Roth"

[routing]
default = "person:Cara Diaz"
"""
PERSON = """
[[person]]
name = "{name}"
email = "{email}"
teams = ["{team}"]
{rest}
"""
REST = (
    'manager = "Cara Diaz"\ndeputy = "Ben Hall"\nhours = "Mon-Fri 09:00-17:00"\nholidays = "GB"',
    'manager = "Cara Diaz"\ndeputy = "Ada Brook"\nhours = "Mon-Sat 08:00-16:00"\ntakes_back = true',
    'deputy = "Eva Roth"\nhours = "Mon-Fri 09:00-18:00"',
    'manager = "Eva Roth"\ndeputy = "Ben Hall"\nhours = "Tue-Sun 12:00-20:00"\ntimezone = "America/New_York"',
    'manager = "Cara Diaz"\nhours = "Mon-Fri 10:00-15:00"\nholidays = "DE-BY"\ntimezone = "Europe/Berlin"\ntakes_back = true',
    'manager = "Dan Webb"\ndeputy = "Dan Webb"\nalerts = { quiet = "22:00-07:00", digest_at = ["09:00"], at_once = "normal" }',
)
TEAMS = ("billing", "billing", "care", "delivery", "press", "delivery")


class Server:
    """Implements `allears.ports.Mailer`: takes what it is given, unless it is down or an address is dead."""

    def __init__(self) -> None:
        self.down = False
        self.dead: set[str] = set()
        self.taken: list[EmailMessage] = []

    def check(self) -> str:
        return "fine"

    def send(self, message: EmailMessage) -> None:
        if self.down:
            raise TransientError("the server is down")
        if message["To"].addresses[0].addr_spec in self.dead:
            raise RecordRejected("550 no such user")
        self.taken.append(message)

    def close(self) -> None:
        pass


class Life(Wiring):
    """The wiring of a run, with this process's mail server."""

    server: Server

    def mailer(self) -> Server:
        return self.server


class Business(RuleBasedStateMachine):
    """What may happen, and what must hold after each step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        people = "".join(
            PERSON.format(name=name, email=f"{name[:3].lower()}@northwind.example", team=team, rest=rest)
            for name, team, rest in zip(NAMES, TEAMS, REST, strict=True)
        )
        (self.folder / "allears.toml").write_text(CONFIGURATION.format(people=people), "utf-8")
        self.settings: Settings = load(self.folder / "allears.toml")
        self.lived_by: Settings | None = None
        self.clock = StandingClock(BEGIN)
        self.store = DuckDBStore(self.folder / "store.duckdb", self.clock)
        self.server = Server()
        self.arrived = self.steps = 0
        self.counted = 0
        self.explained: dict[CaseId, int] = {}
        self.told: Counter[tuple[str, str]] = Counter()

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.folder)

    # the round, and what things look like

    def live(self) -> None:
        """Rounds until something else happens: now, and after some hours."""
        self.round()
        self.steps += 1
        self.clock.move(hours=self.steps * 7 % 47)
        self.round()

    def round(self) -> None:
        """A round, as a tick runs it."""
        wired = Life(self.settings, self.store, self.clock)
        object.__setattr__(wired, "server", self.server)
        report = rounds.run_round(wired, [], rounds.Stage.NOTIFY)
        assert not report.errors
        if self.settings is self.lived_by:
            assert not report.watched.dates_set, "dates were set anew although no rule changed"
        self.lived_by = self.settings

    def open_cases(self) -> list[Case]:
        return self.store.open_cases()

    def plan(self) -> Plan:
        """The rules as they are, and who can be reached."""
        plan = Life(self.settings, self.store, self.clock).plan
        return plan.knowing({each.email: each.why for each in self.store.unreachable()})

    def change(self, name: str, **values: object) -> None:
        people = tuple(each.model_copy(update=values) if each.name == name else each for each in self.settings.person)
        self.settings = self.settings.model_copy(update={"person": people})

    # what may happen

    @initialize()
    def opens(self) -> None:
        self.live()

    @rule(
        customers=st.lists(st.integers(0, 12), min_size=1, max_size=6),
        topic=st.sampled_from(["delivery", "billing", "press", ""]),
        urgency=st.sampled_from(list(Urgency)),
    )
    def customers_write(self, customers: list[int], topic: str, urgency: Urgency) -> None:
        items = []
        for customer in customers:
            self.arrived += 1
            text = f"The parcel number {self.arrived} is late and nobody answers."
            items.append(an_item(f"m-{self.arrived}", text, contact=f"email:c{customer}@x.org", author=None, received_at=self.clock.now()))
        self.store.record_page(SUPPORT, a_page(items), self.clock.now())
        words = said(Kind.COMPLAINT, Sentiment.NEGATIVE, urgency=urgency)
        self.store.record_understanding([understanding_of(item, words, topics=(topic,) if topic else ()) for item in items])
        self.live()

    @rule(hours=st.sampled_from([1, 1, 3, 8, 24, 72]))
    def time_passes(self, hours: int) -> None:
        for _ in range(hours if hours <= 3 else hours // 4):
            self.clock.move(hours=1 if hours <= 3 else 4)
            self.live()

    @rule(name=st.sampled_from(NAMES), after=st.integers(0, 2), days=st.integers(0, 12))
    def someone_is_away(self, name: str, after: int, days: int) -> None:
        first = self.clock.now().date() + timedelta(days=after)
        away = AwaySettings.model_validate({"from": first, "until": first + timedelta(days=days)})
        self.change(name, away=(away,))
        self.live()

    @rule(name=st.sampled_from(NAMES), active=st.booleans())
    def someone_leaves_or_comes(self, name: str, active: bool) -> None:
        self.change(name, active=active)
        self.live()

    @rule(name=st.sampled_from([each for each in NAMES if each not in ("Cara Diaz", "Eva Roth")]))
    @precondition(lambda self: len(self.settings.person) == len(NAMES))
    def someone_is_struck_off(self, name: str) -> None:
        rest = [each for each in self.settings.person if each.name != name]
        orphaned = [
            each.model_copy(
                update={key: None for key in ("manager", "deputy") if getattr(each, key) == name},
            )
            for each in rest
        ]
        self.settings = self.settings.model_copy(update={"person": tuple(orphaned)})
        self.live()

    @rule(name=st.sampled_from(NAMES), dead=st.booleans())
    def an_address_dies_or_is_mended(self, name: str, dead: bool) -> None:
        person = next((each for each in self.settings.person if each.name == name), None)
        if person is None:
            return
        if dead:
            self.server.dead.add(person.email)
        else:
            self.server.dead.discard(person.email)
            self.store.record_reachable(person.email)
        self.live()

    @rule(normal=st.sampled_from(["2 hours", "8 hours", "30 hours"]), take=st.sampled_from(["20 minutes", "4 hours", "10 hours"]))
    def the_rules_change(self, normal: str, take: str) -> None:
        targets = TargetSettings.model_validate({"normal": normal, "acknowledge": {"normal": take, "low": take}})
        self.settings = self.settings.model_copy(update={"targets": targets})
        self.live()

    @rule(name=st.sampled_from(NAMES), team=st.sampled_from(["billing", "delivery", "care"]), deputy=st.sampled_from(NAMES))
    def people_change_places(self, name: str, team: str, deputy: str) -> None:
        known = {each.name for each in self.settings.person}
        teams = [each.teams for each in self.settings.person if each.name != name]
        if name in known and deputy in known - {name} and all((one,) in teams for one in ("billing", "delivery")):
            self.change(name, teams=(team,), deputy=deputy)
        self.live()

    @rule(down=st.booleans())
    def the_mail_server_goes_or_comes(self, down: bool) -> None:
        self.server.down = down
        self.live()

    @rule(pick=st.integers(0, 50), act=st.sampled_from(["take", "take", "promise", "resolve", "give"]), to=st.sampled_from(NAMES))
    def someone_acts(self, pick: int, act: str, to: str) -> None:
        cases = self.open_cases()
        if not cases:
            return
        case = cases[pick % len(cases)]
        now = self.clock.now()
        wired = Life(self.settings, self.store, self.clock)
        try:
            if act == "take":
                caring.acknowledge(self.store, self.clock, case.id, case.owner)
            elif act == "promise":
                caring.promise(self.store, self.clock, case.id, now + timedelta(hours=5), "By tonight", case.owner)
            elif act == "resolve":
                remedy = Remedy(RemedyKind.GIFT)
                caring.resolve(self.store, self.clock, wired.plan.directory, case.id, "Put right", case.owner, remedy)
            else:
                caring.hand_over(self.store, self.clock, wired.plan, case.id, to, "knows the courier", case.owner)
        except CaseConflict:
            pass
        self.live()

    @rule(name=st.sampled_from(NAMES))
    def someone_clears_their_desk(self, name: str) -> None:
        directory = Life(self.settings, self.store, self.clock).plan.directory
        for case in self.open_cases():
            if case.owner == name:
                caring.resolve(self.store, self.clock, directory, case.id, "Put right", name)
        self.live()

    # what must hold

    @invariant()
    def everyone_has_one_person(self) -> None:
        people = self.plan().directory
        alarms = {each.key for each in self.store.alarms()}
        for case in self.open_cases():
            if people.why_not(case.owner, self.clock.now()):
                assert case.owner == people.default, f"{case.id} lies with {case.owner}, who cannot have it"
                assert f"unplaced {case.id}" in alarms

    @invariant()
    def the_watch_has_left_nothing_undone(self) -> None:
        """It asks the store for some cases only; this looks at all of them."""
        watch = Watch(self.plan(), self.clock.now())
        left = {case.id: step[0] for case in self.open_cases() if (step := watch.next_step(case))}
        assert not left

    @invariant()
    def every_date_stands_or_is_said_to_be_missed(self) -> None:
        now = self.clock.now()
        for case in self.open_cases():
            assert case.next_date is not None
            assert case.next_date >= now or (case.late_for is not None and case.late_for >= case.next_date)
            assert len(set(case.passed_by)) == len(case.passed_by)

    @invariant()
    def every_history_explains_its_owner(self) -> None:
        for case in self.open_cases():
            if self.explained.get(case.id) == case.version:
                continue
            self.explained[case.id] = case.version
            view = self.store.case_view(case.id)
            assert view is not None
            opened = next(event for event in view.events if event.type is EventType.OPENED)
            owner = opened.detail.partition(" made owner")[0]
            hops = [event for event in view.events if event.type is EventType.HANDED_OVER]
            chain = [owner]
            for event in hops:
                match = re.fullmatch(r"From (.+?) to (.+?): (.+)", event.detail)
                assert match, event.detail
                assert match[1] == chain[-1]
                assert event.actor in (SYSTEM, match[1])
                chain.append(match[2])
            assert chain[-1] == case.owner
            assert tuple(chain) == case.owners
            assert len(hops) == case.hops

    @invariant()
    def nobody_is_told_the_same_twice(self) -> None:
        for mail in self.server.taken[self.counted :]:
            self.told[(mail["Message-ID"], mail["To"].addresses[0].addr_spec)] += 1
            for url in set(re.findall(r"/acknowledge/\S+", mail.get_body(("plain",)).get_content())):  # a digest's cases, each by itself
                self.told[(url, mail["To"].addresses[0].addr_spec)] += 0
        self.counted = len(self.server.taken)
        assert not [step for step, times in self.told.items() if times > 1]

    @invariant()
    def who_has_a_case_was_told_of_it(self) -> None:
        if self.server.down:
            return
        waiting = {each.case_id for each in self.store.outbox_due(self.clock.now(), 1000)}
        assert not waiting, f"alerts of {waiting} wait although the mail server takes them"


def test_random_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As many days as ALLEARS_SIMULATED_DAYS says, each life about fifty of them."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    lived: list[float] = []
    teardown = Business.teardown

    def count(self: Business) -> None:
        lived.append((self.clock.now() - BEGIN).total_seconds() / 86_400)
        print(f"{sum(lived):,.0f} days in {len(lived)} lives so far", flush=True)
        teardown(self)

    monkeypatch.setattr(Business, "teardown", count)
    lives = max(1, DAYS // DAYS_A_LIFE)
    run_state_machine_as_test(
        Business,
        settings=settings(
            max_examples=lives,
            stateful_step_count=80,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            derandomize="ALLEARS_SIMULATED_DAYS" not in os.environ,
            database=None,
        ),
    )
    print(f"{sum(lived):,.0f} days in {len(lived)} lives")
