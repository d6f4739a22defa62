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

_DISPLEASING = frozenset({Sentiment.NEGATIVE, Sentiment.MIXED})

# Praise this plain stays praise beside a question.
_OUTRIGHT = 3.5

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
    suggests = reading.has(Cue.SUGGESTION)
    asks = any(each.asks for each in reading.tones) or reading.has(Cue.REQUEST)
    if _fails(reading, sentiment) and not (suggests and _only_wishes(reading, sentiment)):
        return Kind.COMPLAINT
    if suggests:
        return Kind.SUGGESTION
    if sentiment is Sentiment.POSITIVE and (not asks or _thanks_first(reading)):
        return Kind.PRAISE
    if asks:
        return Kind.QUESTION
    return Kind.COMPLAINT if sentiment in _DISPLEASING else Kind.OTHER


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


def told_in_words(reading: Reading) -> tuple[str, ...]:
    """Reasons that only the lexicon's cues know: fraud, a repeated complaint, a deadline."""
    return _reasons(reading, {cue: _HIGH[cue] for cue in (Cue.SECURITY, Cue.REPEATED, Cue.PRESSING)})


def _reasons(reading: Reading, labels: dict[Cue, str]) -> tuple[str, ...]:
    return tuple(f"{label}: {words}" for cue, label in labels.items() if (words := reading.words_for(cue)) is not None)


def _fails(reading: Reading, sentiment: Sentiment) -> bool:
    """Whether something went wrong: told as such, or said with displeasure outside of a question."""
    told = sum(each.bad for each in reading.tones if not each.asks)
    return reading.has(Cue.COMPLAINT) or (told <= _DISPLEASED and sentiment in _DISPLEASING)


def _only_wishes(reading: Reading, sentiment: Sentiment) -> bool:
    """Whether a suggestion is made without anger, and without a failure outside of it."""
    return sentiment is not Sentiment.NEGATIVE and not any(
        each.has(Cue.COMPLAINT) and not each.has(Cue.SUGGESTION) for each in reading.tones
    )


def _thanks_first(reading: Reading) -> bool:
    """Whether the praise is told outright, as in "best coffee in town, who roasts it?"."""
    told = sum(each.good + each.bad for each in reading.tones if not each.asks)
    return reading.has(Cue.PRAISE) and told >= _OUTRIGHT
