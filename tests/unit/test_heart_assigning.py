"""Who becomes the owner, and what the sentence says that tells why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from allears.assigning import Assignment, choose_owner
from allears.domain.feedback import Channel, Kind, SourceName, UnderstoodItem, Urgency
from allears.domain.hours import parse_hours
from allears.domain.people import Absence, Person
from allears.domain.records import Load
from allears.domain.targets import USUAL, Goal, Targets
from allears.settings import RouteFilter, RouteSettings
from tests.builders import NOW, a_person, a_plan, an_item, said, understood

AWAY = (Absence(NOW.date(), NOW.date()),)
ADA = a_person("Ada Brook", "billing", languages=("en",))
BEN = a_person("Ben Hall", "billing", languages=("en", "fr"))
CARA = a_person("Cara Diaz", "care")
TO_TEAM = RouteSettings(topic="billing", about="charged twice", to="team:billing")
BILL = understood(an_item(), topics=("billing",))


def assign(
    each: UnderstoodItem = BILL,
    routes: tuple[RouteSettings, ...] = (TO_TEAM,),
    people: tuple[Person, ...] = (ADA, BEN, CARA),
    *,
    urgency: Urgency = Urgency.NORMAL,
    has_customer: tuple[str, ...] = (),
    load: dict[str, tuple[int, float]] | None = None,
    last: dict[str, datetime] | None = None,
    bouncing: dict[str, str] | None = None,
    now: datetime = NOW,
) -> Assignment:
    """The decision; `load` is how many cases everyone has and what they weigh."""
    plan = a_plan(*people, routes=routes).knowing(bouncing or {})
    desks = {name: Load(*desk) for name, desk in (load or {}).items()}
    return choose_owner(plan, each, urgency, has_customer, desks, last or {}, now)


class TestToAPerson:
    ROUTE = RouteSettings(topic="billing", about="charged twice", to="person:Ada Brook")

    def test_who_answers_for_the_topic(self):
        chosen = assign(routes=(self.ROUTE,))
        assert (chosen.person, chosen.topic) == (ADA, "billing")
        assert chosen.why == "“parcel is late” is about billing (0.65). Ada Brook answers for it."

    def test_who_stands_in(self):
        chosen = assign(routes=(self.ROUTE,), people=(replace(ADA, away=AWAY, deputy="Ben Hall"), BEN, CARA))
        assert chosen.person == BEN
        assert chosen.why.endswith("Ada Brook is away until Thu 19 Nov, so Ben Hall has it.")


class TestToNobodyInParticular:
    def test_what_no_route_names_goes_to_the_default_owner(self):
        chosen = assign(understood(an_item(), topics=()))
        assert (chosen.person, chosen.topic, chosen.why) == (CARA, None, "No topic of ours fits, so it goes to the default owner.")

    def test_or_who_stands_in_for_them(self):
        chosen = assign(understood(an_item(), topics=()), people=(ADA, BEN, replace(CARA, away=AWAY, deputy="Ada Brook")))
        assert chosen.person == ADA
        assert chosen.why.endswith("Cara Diaz is away until Thu 19 Nov, so Ada Brook has it.")

    def test_a_topic_without_a_route_is_no_topic(self):
        assert assign(understood(an_item(), topics=("press",))).person == CARA


class TestToATeam:
    def test_the_only_member(self):
        chosen = assign(people=(ADA, CARA))
        assert (chosen.person, chosen.topic) == (ADA, "billing")
        assert chosen.why == "“parcel is late” is about billing (0.65). Ada Brook is the billing team."

    @pytest.mark.parametrize(
        ("ada", "ben", "why"),
        [
            ((3, 3.0), (2, 2.0), "Ben Hall had 2 open cases in the billing team, Ada Brook 3."),
            ((3, 3.0), (1, 1.0), "Ben Hall had 1 open case in the billing team, Ada Brook 3."),
            ((1, 1.0), (0, 0.0), "Ben Hall had no open cases in the billing team, Ada Brook 1."),
            ((2, 8.0), (3, 3.0), "Ben Hall had 3 less urgent open cases in the billing team, Ada Brook 2."),
            ((1, 4.0), (1, 1.0), "Ben Hall had 1 less urgent open case in the billing team, Ada Brook 1."),
        ],
    )
    def test_the_one_with_the_least_on_their_desk_by_urgency(self, ada: tuple[int, float], ben: tuple[int, float], why: str):
        chosen = assign(load={"Ada Brook": ada, "Ben Hall": ben})
        assert chosen.person == BEN
        assert chosen.why == f"“parcel is late” is about billing (0.65). {why}"

    def test_all_the_others_are_named(self):
        dan = a_person("Dan Roe", "billing")
        chosen = assign(people=(ADA, BEN, dan, CARA), load={"Ada Brook": (4, 4.0), "Dan Roe": (5, 3.0), "Ben Hall": (2, 2.0)})
        assert chosen.why.endswith("Ben Hall had 2 open cases in the billing team, Ada Brook 4, Dan Roe 5.")

    def test_at_the_same_load_the_one_who_waited_longest(self):
        chosen = assign(last={"Ada Brook": NOW, "Ben Hall": NOW - timedelta(hours=1)}, load={"Ada Brook": (1, 4.0), "Ben Hall": (4, 4.0)})
        assert chosen.person == BEN
        assert chosen.why.endswith(
            " Ben Hall has waited longest of those in the billing team who could take it, none of whom has less to do."
        )
        assert assign(last={"Ben Hall": NOW - timedelta(hours=1)}).person == ADA

    def test_where_nothing_tells_them_apart_the_one_named_first(self):
        chosen = assign()
        assert chosen.person == ADA
        assert "Ada Brook comes first of those in the billing team who could take it, none of whom has less to do." in chosen.why

    def test_who_has_the_customer_already_keeps_them_whatever_the_load(self):
        chosen = assign(has_customer=("Ben Hall",), load={"Ben Hall": (9, 9.0)})
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall already has a case of this customer.")

    def test_someone_of_another_team_who_has_the_customer_does_not_take_it(self):
        assert assign(has_customer=("Cara Diaz",)).person == ADA

    def test_who_speaks_the_language_goes_before_who_has_less(self):
        chosen = assign(understood(an_item(language="fr"), topics=("billing",)), load={"Ben Hall": (9, 9.0)})
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall is the one in the billing team who speaks French.")

    def test_the_detected_language_counts_where_none_is_given(self):
        assert assign(understood(an_item(), said(language="fr"), topics=("billing",)), load={"Ben Hall": (9, 9.0)}).person == BEN

    def test_where_nobody_speaks_it_somebody_has_it_still(self):
        assert assign(understood(an_item(language="ja"), topics=("billing",)), load={"Ada Brook": (1, 1.0)}).person == BEN

    def test_who_names_no_language_is_asked_in_any(self):
        silent = replace(ADA, languages=())
        japanese = understood(an_item(language="ja"), topics=("billing",))
        assert assign(japanese, people=(silent, BEN, CARA), load={"Ada Brook": (9, 9.0)}).person == silent


class TestWhoCannotBeReached:
    @pytest.mark.parametrize(
        ("changes", "bouncing"),
        [({"away": AWAY}, {}), ({"active": False}, {}), ({}, {"ada@northwind.example": "550 no such user"})],
        ids=["away", "gone", "bouncing"],
    )
    def test_they_are_left_out_and_keep_no_customer(self, changes: dict[str, Any], bouncing: dict[str, str]):
        people = (replace(ADA, **changes), BEN, CARA)
        chosen = assign(people=people, load={"Ben Hall": (9, 9.0)}, has_customer=("Ada Brook",), bouncing=bouncing)
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall is the only one of the billing team who can be reached.")

    def test_a_team_that_is_away_is_stood_in_for(self):
        chosen = assign(people=(replace(ADA, away=AWAY, manager="Cara Diaz"), replace(BEN, away=AWAY), CARA))
        assert chosen.person == CARA
        assert chosen.why.endswith("Nobody in the billing team can be reached. Ada Brook is away until Thu 19 Nov, so Cara Diaz has it.")

    def test_whoever_stands_in_does_so_for_one_who_has_not_left(self):
        people = (replace(ADA, active=False, deputy="Cara Diaz"), replace(BEN, away=AWAY, deputy="Dan Roe"), CARA, a_person("Dan Roe"))
        chosen = assign(people=people)
        assert chosen.person.name == "Dan Roe"
        assert chosen.why.endswith("Nobody in the billing team can be reached. Ben Hall is away until Thu 19 Nov, so Dan Roe has it.")

    def test_when_nobody_can_the_default_owner_has_it(self):
        chosen = assign(people=tuple(replace(each, away=AWAY) for each in (ADA, BEN, CARA)))
        assert chosen.person.name == "Cara Diaz"
        assert chosen.why.endswith("Ada Brook is away until Thu 19 Nov, and nobody who stands in can be reached, so Cara Diaz has it.")


class TestWorkingHours:
    EVENING = NOW.replace(hour=20)
    EARLY = replace(ADA, hours=parse_hours("Mon-Fri 06:00-14:00"))
    LATE = replace(BEN, hours=parse_hours("Mon-Fri 14:00-22:00"))

    def test_who_is_at_work_goes_before_who_has_less(self):
        chosen = assign(people=(self.EARLY, self.LATE, CARA), load={"Ben Hall": (9, 9.0)}, now=self.EVENING)
        assert chosen.person == self.LATE
        assert chosen.why.endswith("Ben Hall is the one in the billing team who is at work now.")

    @pytest.mark.parametrize("urgency", [urgency for urgency in Urgency if urgency is not Urgency.CRITICAL])
    def test_what_can_wait_goes_by_the_load_when_nobody_is_at_work(self, urgency: Urgency):
        night = NOW.replace(hour=23)
        chosen = assign(people=(self.EARLY, self.LATE, CARA), load={"Ada Brook": (9, 9.0)}, urgency=urgency, now=night)
        assert chosen.person == self.LATE

    def test_what_is_critical_goes_to_whoever_is_back_first(self):
        night = NOW.replace(hour=23)
        chosen = assign(people=(self.LATE, self.EARLY, CARA), load={"Ada Brook": (9, 9.0)}, urgency=Urgency.CRITICAL, now=night)
        assert chosen.person == self.EARLY
        assert chosen.why.endswith("Nobody in the billing team is at work now; Ada Brook is back first, Fri 20 Nov, 06:00.")

    def test_days_off_count_for_who_is_back_first(self):
        off = replace(self.EARLY, away=(Absence(NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=1)),))
        chosen = assign(people=(off, self.LATE, CARA), load={"Ben Hall": (9, 9.0)}, urgency=Urgency.CRITICAL, now=NOW.replace(hour=23))
        assert chosen.person == self.LATE
        assert chosen.why.endswith("Ben Hall is back first, Fri 20 Nov, 14:00.")

    def test_of_those_who_are_back_at_once_the_one_with_the_least(self):
        same = replace(self.LATE, hours=self.EARLY.hours)
        chosen = assign(people=(self.EARLY, same, CARA), load={"Ada Brook": (3, 3.0)}, urgency=Urgency.CRITICAL, now=NOW.replace(hour=23))
        assert chosen.person == same
        assert chosen.why.endswith(
            "Nobody in the billing team is at work before Fri 20 Nov, 06:00. Ben Hall had no open cases in the billing team, Ada Brook 3."
        )

    def test_what_is_critical_goes_by_the_load_while_somebody_is_at_work(self):
        chosen = assign(load={"Ada Brook": (3, 3.0)}, urgency=Urgency.CRITICAL)
        assert chosen.person == BEN


class TestRules:
    def test_their_name_changes_with_the_targets_and_with_when_the_owner_works(self):
        plan = a_plan()
        usual = plan.rules(ADA, Urgency.NORMAL, ())
        sooner = replace(plan, targets=Targets({**USUAL, Goal.RESOLVE: dict.fromkeys(Urgency, timedelta(hours=1))}))
        others = (
            sooner.rules(ADA, Urgency.NORMAL, ()),
            plan.rules(ADA, Urgency.HIGH, ()),
            plan.rules(replace(ADA, away=AWAY), Urgency.NORMAL, ()),
        )
        assert len({usual, *others}) == 4
        assert usual == plan.rules(replace(ADA, email="other@northwind.example"), Urgency.NORMAL, ())


class TestFilters:
    @pytest.mark.parametrize(
        ("when", "fits"),
        [
            ({"channel": Channel.EMAIL}, True),
            ({"channel": Channel.X}, False),
            ({"source": "support"}, True),
            ({"source": "care"}, False),
            ({"kind": Kind.COMPLAINT}, True),
            ({"kind": Kind.QUESTION}, False),
            ({"language": "en"}, True),
            ({"language": "de"}, False),
            ({"urgency": Urgency.HIGH}, True),
            ({"urgency": Urgency.LOW}, False),
            ({"customer": "JO@x.org"}, True),
            ({"customer": "*@x.org"}, True),
            ({"customer": "eve@x.org"}, False),
            ({"keyword": "PARCEL"}, True),
            ({"keyword": "invoice"}, False),
            ({"channel": Channel.EMAIL, "keyword": "invoice"}, False),
        ],
    )
    def test_a_route_applies_where_all_it_asks_for_holds(self, when: dict[str, Any], fits: bool):
        filtered = RouteSettings(topic="billing", about="charged twice", to="person:Ben Hall", when=RouteFilter(**when))
        chosen = assign(routes=(filtered,), urgency=Urgency.HIGH)
        assert chosen.person == (BEN if fits else CARA)

    def test_the_surest_topic_goes_first(self):
        each = understood(an_item(), topics=("press", "billing"))
        routes = (TO_TEAM, RouteSettings(topic="press", about="journalist", to="person:Cara Diaz"))
        assert assign(each, routes).topic == "press"

    def test_a_topic_whose_filter_does_not_hold_leaves_the_next(self):
        each = understood(an_item(), topics=("press", "billing"))
        routes = (TO_TEAM, RouteSettings(topic="press", about="journalist", to="person:Cara Diaz", when=RouteFilter(channel=Channel.X)))
        assert assign(each, routes).topic == "billing"

    def test_a_route_may_only_filter(self):
        vip = RouteSettings(topic="key accounts", to="person:Cara Diaz", when=RouteFilter(customer="*@x.org"))
        chosen = assign(understood(an_item(), topics=()), (vip,))
        assert (chosen.person, chosen.topic) == (CARA, "key accounts")
        assert chosen.why == "The rule for key accounts fits: customer *@x.org. Cara Diaz answers for it."

    def test_a_route_that_says_nothing_catches_nothing(self):
        empty = RouteSettings(topic="misc", to="person:Ben Hall")
        assert assign(understood(an_item(source=SourceName("care")), topics=()), (empty,)).person == CARA
