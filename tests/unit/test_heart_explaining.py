"""The sentence that says why a case has its owner: the topic, the words or the example, the rule, and what else was considered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from allears.assigning import Assignment, choose_owner
from allears.domain.feedback import Channel, TopicMatch, UnderstoodItem, Urgency
from allears.settings import RouteFilter, RouteSettings
from tests.builders import NOW, a_person, a_plan, an_item, understood

ADA, CARA = a_person("Ada Brook", "billing"), a_person("Cara Diaz", "care")
BILLING = RouteSettings(topic="billing", about="charged twice", to="person:Ada Brook")
PRESS = RouteSettings(topic="press", about="journalist", to="person:Cara Diaz", when=RouteFilter(channel=Channel.X, language="en"))
VIP = RouteSettings(topic="key accounts", to="person:Cara Diaz", when=RouteFilter(customer="*@x.org"))


def assign(*found: TopicMatch, routes: tuple[RouteSettings, ...] = (BILLING, PRESS)) -> Assignment:
    each = understood(an_item(), topics=())
    matched = UnderstoodItem(each.item, replace(each.understanding, topics=found), NOW)
    return choose_owner(a_plan(ADA, CARA, routes=routes), matched, Urgency.NORMAL, (), {}, {}, NOW)


def match(topic: str, score: float, evidence: str = "charged me twice") -> TopicMatch:
    return TopicMatch(topic, score, evidence)


@pytest.mark.parametrize(
    ("found", "why"),
    [
        ([match("billing", 0.83)], "“charged me twice” is about billing (0.83). Ada Brook answers for it."),
        (
            [match("billing", 0.71, "“You took it again.” is like an earlier message that Ada Brook filed under billing")],
            "“You took it again.” is like an earlier message that Ada Brook filed under billing (0.71). Ada Brook answers for it.",
        ),
        (
            [match("billing", 0.83), match("delivery", 0.61), match("taste", 0.55), match("cafe", 0.51)],
            "“charged me twice” is about billing (0.83). Also near: delivery (0.61), taste (0.55). Ada Brook answers for it.",
        ),
        (
            [match("press", 0.97), match("billing", 0.6)],
            (
                "“charged me twice” is about billing (0.60). "
                "It may be about press (0.97), but that rule is only for channel x, language en. Ada Brook answers for it."
            ),
        ),
        (
            [match("press", 0.97)],
            (
                "It may be about press (0.97), but that rule is only for channel x, language en. "
                "No other topic of ours fits, so it goes to the default owner."
            ),
        ),
        ([], "No topic of ours fits, so it goes to the default owner."),
    ],
)
def test_what_decided_and_what_did_not(found: list[TopicMatch], why: str):
    assert assign(*found).why == why


def test_the_rule_is_told_where_it_asks_for_more_than_the_topic():
    only = replace_when(BILLING, RouteFilter(channel=Channel.EMAIL))
    assert assign(match("billing", 0.83), routes=(only,)).why == (
        "“charged me twice” is about billing (0.83). Its rule is for channel email. Ada Brook answers for it."
    )


def test_a_rule_without_a_topic_tells_what_it_asked_for():
    assert assign(match("press", 0.9), routes=(PRESS, VIP)).why == (
        "The rule for key accounts fits: customer *@x.org. "
        "It may be about press (0.90), but that rule is only for channel x, language en. Cara Diaz answers for it."
    )


def replace_when(route: RouteSettings, when: RouteFilter) -> RouteSettings:
    return route.model_copy(update={"when": when})
