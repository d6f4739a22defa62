"""Who becomes the owner, and what the sentence says that tells why."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from allears.assigning import Assignment, Plan, choose_owner
from allears.domain.feedback import Channel, Kind, SourceName, UnderstoodItem, Urgency
from allears.domain.people import Absence, Person
from allears.settings import RouteFilter, RouteSettings, TargetSettings
from tests.builders import NOW, a_directory, a_person, an_item, said, understood

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
    load: dict[str, int] | None = None,
    last: dict[str, datetime] | None = None,
) -> Assignment:
    plan = Plan(routes, a_directory(*people), TargetSettings(), ())
    return choose_owner(plan, each, urgency, has_customer, load or {}, last or {}, NOW)


class TestToAPerson:
    ROUTE = RouteSettings(topic="billing", about="charged twice", to="person:Ada Brook")

    def test_who_answers_for_the_topic(self):
        chosen = assign(routes=(self.ROUTE,))
        assert (chosen.person, chosen.topic) == (ADA, "billing")
        assert chosen.why == "“parcel is late” is about billing (0.65). Ada Brook answers for it."

    def test_who_stands_in(self):
        chosen = assign(routes=(self.ROUTE,), people=(replace(ADA, away=AWAY, deputy="Ben Hall"), BEN, CARA))
        assert chosen.person == BEN
        assert chosen.why.endswith("Ada Brook is away, so Ben Hall has it.")


class TestToNobodyInParticular:
    def test_what_no_route_names_goes_to_the_default_owner(self):
        chosen = assign(understood(an_item(), topics=()))
        assert (chosen.person, chosen.topic, chosen.why) == (CARA, None, "No topic of ours fits, so it goes to the default owner.")

    def test_or_who_stands_in_for_them(self):
        chosen = assign(understood(an_item(), topics=()), people=(ADA, BEN, replace(CARA, away=AWAY, deputy="Ada Brook")))
        assert chosen.person == ADA
        assert chosen.why.endswith("Cara Diaz is away, so Ada Brook has it.")

    def test_a_topic_without_a_route_is_no_topic(self):
        assert assign(understood(an_item(), topics=("press",))).person == CARA


class TestToATeam:
    def test_the_one_with_fewest_open_cases(self):
        chosen = assign(load={"Ada Brook": 3, "Ben Hall": 1})
        assert chosen.person == BEN
        assert chosen.why.endswith("Of the billing team Ben Hall had 1 open cases, Ada Brook 3.")

    def test_at_the_same_load_the_one_who_waited_longest(self):
        assert assign(last={"Ada Brook": NOW, "Ben Hall": NOW - timedelta(hours=1)}).person == BEN
        assert assign(last={"Ben Hall": NOW - timedelta(hours=1)}).person == ADA

    def test_who_has_the_customer_already_keeps_them_whatever_the_load(self):
        chosen = assign(has_customer=("Ben Hall",), load={"Ben Hall": 9})
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall already has a case of this customer.")

    def test_someone_of_another_team_who_has_the_customer_does_not_take_it(self):
        assert assign(has_customer=("Cara Diaz",)).person == ADA

    def test_who_speaks_the_language_goes_before_who_has_less(self):
        chosen = assign(understood(an_item(language="fr"), topics=("billing",)), load={"Ben Hall": 9})
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall is the one in the billing team who speaks French.")

    def test_the_detected_language_counts_where_none_is_given(self):
        assert assign(understood(an_item(), said(language="fr"), topics=("billing",)), load={"Ben Hall": 9}).person == BEN

    def test_where_nobody_speaks_it_somebody_has_it_still(self):
        assert assign(understood(an_item(language="ja"), topics=("billing",)), load={"Ada Brook": 1}).person == BEN

    def test_who_names_no_language_is_asked_in_any(self):
        silent = replace(ADA, languages=())
        assert (
            assign(understood(an_item(language="ja"), topics=("billing",)), people=(silent, BEN, CARA), load={"Ada Brook": 9}).person
            == silent
        )

    def test_who_is_away_is_left_out(self):
        chosen = assign(people=(replace(ADA, away=AWAY), BEN, CARA), load={"Ben Hall": 9})
        assert chosen.person == BEN
        assert chosen.why.endswith("Ben Hall is the only one of the billing team who is not away.")

    def test_who_is_away_does_not_keep_a_customer(self):
        assert assign(people=(replace(ADA, away=AWAY), BEN, CARA), has_customer=("Ada Brook",)).person == BEN

    def test_a_team_that_is_away_is_stood_in_for(self):
        people = (replace(ADA, away=AWAY, manager="Cara Diaz"), replace(BEN, away=AWAY), CARA)
        chosen = assign(people=people)
        assert chosen.person == CARA
        assert chosen.why.endswith("The billing team is away; Ada Brook is away, so Cara Diaz has it.")


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
        assert chosen.why == "The rule for key accounts fits. Cara Diaz answers for it."

    def test_a_route_that_says_nothing_catches_nothing(self):
        empty = RouteSettings(topic="misc", to="person:Ben Hall")
        assert assign(understood(an_item(source=SourceName("care")), topics=()), (empty,)).person == CARA
