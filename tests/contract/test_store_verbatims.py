"""Which customers' words stand for a topic. Both adapters quote the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from allears.domain.feedback import Kind, Sentiment, Status, TopicMatch, Urgency
from allears.domain.records import Routed
from allears.ports import Store
from tests.builders import NOW, an_item, understanding_of
from tests.contract.store_steps import opened, take_in

DAY = timedelta(days=1)


def heard(store: Store, name: str, topic: str, sentiment: Sentiment, **said: object):
    """A message about a topic, that went to *other*."""
    item = an_item(name, f"{name}: what a customer writes about {topic}, long enough to be read.", received_at=NOW - timedelta(hours=1))
    take_in(store, item)
    known = understanding_of(item)
    kind = Kind.PRAISE if sentiment is Sentiment.POSITIVE else Kind.COMPLAINT
    told = replace(known.prediction, sentiment=sentiment, kind=kind, **said)  # type: ignore[arg-type] # passed through as it came
    store.record_understanding([replace(known, prediction=told, topics=(TopicMatch(topic, 0.9, "words"),))])
    return item


class TestVerbatims:
    def test_the_most_urgent_complaint_and_the_surest_good_word_stand_for_a_topic(self, store: Store):
        usual = heard(store, "usual", "billing", Sentiment.NEGATIVE, confidence=0.99)
        worst = heard(store, "worst", "billing", Sentiment.NEGATIVE, confidence=0.6, urgency=Urgency.CRITICAL)
        unsure = heard(store, "unsure", "billing", Sentiment.POSITIVE, confidence=0.6)
        good = heard(store, "good", "billing", Sentiment.POSITIVE, confidence=0.9)
        others = [Routed(each.id, Status.OTHER, "a reason") for each in (usual, unsure, good)]
        store.record_routing([opened(worst, owner="Ada Brook"), *others])
        words = store.verbatims(["billing", "delivery"], NOW - DAY, NOW)
        assert set(words) == {"billing"}
        bad, best = words["billing"].bad, words["billing"].good
        assert bad is not None
        assert best is not None
        assert (bad.item.item, bad.owner) == (worst, "Ada Brook")
        assert (best.item.item, best.owner) == (good, None)

    def test_only_the_period_and_what_is_a_customers_is_quoted(self, store: Store):
        spam = heard(store, "spam", "billing", Sentiment.NEGATIVE)
        store.record_routing([Routed(spam.id, Status.SPAM, "a reason")])
        assert store.verbatims(["billing"], NOW - DAY, NOW) == {}
        late = heard(store, "late", "billing", Sentiment.NEGATIVE)
        store.record_routing([Routed(late.id, Status.OTHER, "a reason")])
        assert store.verbatims(["billing"], NOW - DAY, late.received_at) == {}
        assert store.verbatims(["billing"], late.received_at, NOW)["billing"].good is None
        assert store.verbatims([], NOW - DAY, NOW) == {}
