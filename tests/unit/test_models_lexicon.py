import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from models.lexicon import LexiconClassifier
from models.lexicon.phrases import Phrases
from models.lexicon.wordbook import LANGUAGES, wordbook


def predict(text: str) -> Prediction:
    return LexiconClassifier().predict([text])[0]


@pytest.mark.parametrize(
    ("text", "kind", "sentiment"),
    [
        ("My order has not arrived.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("I was charged twice for the same booking.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Mir wurde der Betrag doppelt abgebucht.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Je n'ai toujours pas reçu ma commande.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Todavía no he recibido mi pedido.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Non ho ancora ricevuto il mio ordine.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Ainda não recebi a minha encomenda.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Mijn bestelling is nog steeds niet geleverd.", Kind.COMPLAINT, Sentiment.NEGATIVE),
        ("Thank you so much for the wonderful service!", Kind.PRAISE, Sentiment.POSITIVE),
        ("Vielen Dank für die schnelle und freundliche Hilfe!", Kind.PRAISE, Sentiment.POSITIVE),
        ("Merci beaucoup pour votre accueil très chaleureux !", Kind.PRAISE, Sentiment.POSITIVE),
        ("What are your opening hours on Sunday?", Kind.QUESTION, Sentiment.NEUTRAL),
        ("It would be great if you could add a dark mode.", Kind.SUGGESTION, Sentiment.NEUTRAL),
    ],
)
def test_sorts_a_message_as_a_support_lead_would(text: str, kind: Kind, sentiment: Sentiment):
    prediction = predict(text)
    assert (prediction.kind, prediction.sentiment) == (kind, sentiment)


@pytest.mark.parametrize(
    ("plain", "turned"), [("The food was good.", "The food was not good."), ("Das Essen war gut.", "Das Essen war nicht gut.")]
)
def test_a_negation_turns_the_tone(plain: str, turned: str):
    assert predict(plain).score > 0 > predict(turned).score


def test_what_follows_but_weighs_more():
    assert predict("The food was good but the waiter was bad.").score < 0 < predict("The waiter was bad but the food was good.").score


def test_sentences_that_disagree_are_mixed():
    assert predict("The staff were wonderful and kind. The room was filthy and disgusting.").sentiment is Sentiment.MIXED


def test_thanks_in_advance_is_no_praise():
    assert predict("Thanks in advance. Kind regards").sentiment is Sentiment.NEUTRAL


@pytest.mark.parametrize(
    ("text", "urgency", "reason"),
    [
        ("Sparks came out of the machine.", Urgency.CRITICAL, "safety: sparks"),
        ("My solicitor will write to you.", Urgency.HIGH, "threatens legal action: solicitor"),
        ("Ich kündige, das Gerät ist defekt.", Urgency.HIGH, "threatens to leave: kündige"),
    ],
)
def test_urgency_says_why(text: str, urgency: Urgency, reason: str):
    prediction = predict(text)
    assert prediction.urgency is urgency
    assert reason in prediction.urgency_reasons


def test_a_script_it_cannot_read_is_named_and_held_loosely():
    prediction = predict("Я очень недоволен обслуживанием")
    assert prediction.language == "ru"
    assert prediction.confidence < 0.6


def test_emoji_speak_where_words_do_not():
    assert predict("😡😡").sentiment is Sentiment.NEGATIVE


@settings(deadline=None)
@given(st.text())
def test_odd_text_never_raises(text: str):
    prediction = predict(text)
    assert prediction.p_negative + prediction.p_neutral + prediction.p_positive == pytest.approx(1)
    assert -1 <= prediction.score <= 1
    assert 0 <= prediction.confidence <= 1


@pytest.mark.parametrize("odd", ["a" * 100_000, "!" * 100_000, "not good " * 12_000, "a'" * 50_000, "a.b" * 40_000, "\ud800" * 100_000])
def test_an_enormous_text_takes_no_longer_than_a_long_one(odd: str):
    predict("warm up")
    start = time.process_time()
    predict(odd)
    assert time.process_time() - start < 15


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_list_can_be_read(language: str):
    assert wordbook(language).common


def test_a_phrase_may_have_choices_stems_gaps_and_words_that_may_be_missing():
    phrases = Phrases([("sent|got ... wrong very? item*", "x")])
    assert [(each.start, each.end) for each in phrases.find(["they", "sent", "me", "the", "wrong", "items"])] == [(1, 6)]
    assert phrases.find(["sent", ",", "wrong", "thing"]) == []


def test_a_phrase_must_start_with_a_word():
    with pytest.raises(ValueError, match="must start"):
        Phrases([("... wrong", "x")])
