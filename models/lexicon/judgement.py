"""What a reading and a tone come to: kind and urgency, as a support lead would sort the message.

Both take the sentiment as given, so that another classifier's word can stand in for the lexicon's.
"""

from __future__ import annotations

from allears.domain.feedback import Kind, Prediction, Sentiment, Urgency
from models.lexicon.reading import Reading
from models.lexicon.wordbook import Cue
from models.opinion import Opinion

# A lone harsh word in a statement is a complaint from here on; inside a question it is not.
_DISPLEASED = -1.2

_CRITICAL = {Cue.SAFETY: "safety"}
_HIGH = {
    Cue.LEGAL: "threatens legal action",
    Cue.SECURITY: "possible fraud or data leak",
    Cue.CHURN: "threatens to leave",
    Cue.PUBLIC: "threatens to go public",
    Cue.VULNERABLE: "vulnerable person",
    Cue.REPEATED: "has complained before",
    Cue.PRESSING: "time presses",
}
_ESCALATES_TOGETHER = 3


def judged(reading: Reading, opinion: Opinion, sentiment: Sentiment) -> Prediction:
    """The whole prediction: somebody's opinion of the sentiment, with the kind and urgency that follow from it and from the cues."""
    kind = kind_of(reading, sentiment)
    urgency, reasons = urgency_of(reading, kind)
    return Prediction(
        sentiment=sentiment,
        score=opinion.score,
        confidence=opinion.confidence(sentiment),
        p_negative=opinion.negative,
        p_neutral=opinion.neutral,
        p_positive=opinion.positive,
        kind=kind,
        language=reading.language,
        urgency=urgency,
        urgency_reasons=reasons,
    )


def kind_of(reading: Reading, sentiment: Sentiment) -> Kind:
    """Complaint before suggestion before question before praise: what needs most from a person comes first."""
    told = [each for each in reading.tones if not each.asks]
    fails = any(each.has(Cue.COMPLAINT) for each in reading.tones)
    displeased = sum(each.bad for each in told) <= _DISPLEASED and sentiment in {Sentiment.NEGATIVE, Sentiment.MIXED}
    asks = any(each.asks for each in reading.tones) or reading.has(Cue.REQUEST)
    suggests = reading.has(Cue.SUGGESTION)
    if suggests and not fails and sentiment is not Sentiment.NEGATIVE:
        return Kind.SUGGESTION
    if fails or displeased:
        return Kind.COMPLAINT
    if sentiment is Sentiment.POSITIVE and (not asks or _thanks_first(reading)):
        return Kind.PRAISE
    if suggests:
        return Kind.SUGGESTION
    if asks:
        return Kind.QUESTION
    if sentiment in {Sentiment.NEGATIVE, Sentiment.MIXED}:
        return Kind.COMPLAINT
    return Kind.OTHER


def urgency_of(reading: Reading, kind: Kind) -> tuple[Urgency, tuple[str, ...]]:
    """How soon a person must look, and why in words a person understands. Plain praise is never pressing."""
    if kind is Kind.PRAISE:
        return Urgency.LOW, ()
    critical = _reasons(reading, _CRITICAL)
    high = _reasons(reading, _HIGH)
    if critical or len(high) >= _ESCALATES_TOGETHER:
        return Urgency.CRITICAL, (*critical, *high)
    if high:
        return Urgency.HIGH, high
    return (Urgency.NORMAL if kind in {Kind.COMPLAINT, Kind.QUESTION} else Urgency.LOW), ()


def _reasons(reading: Reading, labels: dict[Cue, str]) -> tuple[str, ...]:
    return tuple(f"{label}: {words}" for cue, label in labels.items() if (words := reading.words_for(cue)) is not None)


def _thanks_first(reading: Reading) -> bool:
    """Whether the praise is told outright and outweighs what is asked."""
    told = sum(each.good for each in reading.tones if not each.asks)
    return reading.has(Cue.PRAISE) and told > sum(each.asks for each in reading.tones) * 3
