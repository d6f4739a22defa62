"""What an owner means by answering one of our mails: a first line that acts, or else words for the customer.

The grammar forgives (case, punctuation, seven languages, a case number in front), but never guesses: what looks like an
instruction and is none that is known is not sent to a customer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial

from allears.domain.case import CaseId
from allears.domain.outbox import FOOTER


@dataclass(frozen=True, slots=True)
class Take:
    """The owner says "I have it"."""


@dataclass(frozen=True, slots=True)
class PromiseBy:
    """The customer was told that they hear by then; `when` as it was written."""

    when: str
    told: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """The matter is put right."""

    outcome: str


@dataclass(frozen=True, slots=True)
class GiveTo:
    """Somebody else shall have it; `to` is what they are called."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class NotMine:
    """It is not this person's, and they do not know whose."""

    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Words for whoever opens the case later."""

    text: str


@dataclass(frozen=True, slots=True)
class Write:
    """Words for the customer."""

    text: str


@dataclass(frozen=True, slots=True)
class Send:
    """What was held shall be sent to the customer after all."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """It may be meant to act, but how is not clear; `why` says what is missing, `letter` what may go to the customer all the same."""

    why: str
    letter: str = ""


Instruction = Take | PromiseBy | Resolve | GiveTo | NotMine | Note | Write | Send | Unclear


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer read: the case it names (None where it names none), what to do, and the lines below that are not part of it.

    `text` is all of it but the case's number.
    """

    case_id: CaseId | None
    instruction: Instruction
    rest: str
    text: str


_TAKE = (
    "ack|acknowledged?|ok|okay|mine|taken|(?:i(?:'ll)? )?take it|(?:i )?got it|(?:i )?have it|(?:i'm )?on it|"
    "(?:ich )?übernehme|übernommen|hab ich|habe ich|ich habe es|meins|ich kümmere mich|mach ich|"
    "je (?:le )?prends|je m'en occupe|pris(?: en charge)?|lo tengo|(?:yo )?me encargo|lo cojo|"
    "ci penso io|lo prendo io|me ne occupo|preso|fico com|eu trato|trato disso|é meu|ik pak het(?: op)?|heb ik|ik heb het"
)
_NOT_MINE = (
    "not mine|not for me|wrong person|nicht meins|nicht für mich|pas pour moi|pas à moi|no es mío|no es para mí|(?:è )?non (?:è )?mio|"
    "não é meu|niet van mij|niet voor mij"
)
_RESOLVED = (
    "resolved?|solved|done|fixed|closed|erledigt|gelöst|behoben|résolue?|réglée?|resuelt[oa]|solucionad[oa]|risolt[oa]|fatto|"
    "resolvid[oa]|opgelost|afgehandeld|klaar"
)
_NOTE = "note|internal|notiz|intern|note interne|nota|nota interna|notitie"
_WRITE = (
    "reply|send|write|answer|to the customer|antwort|antworten|an den kunden|an die kundin|répondre|réponse|responder|respuesta|"
    "rispondi|risposta|resposta|antwoord"
)
_SEND = "(?:yes,? )?send(?: it)?|yes|(?:ja,? )?senden|abschicken|ja|(?:oui,? )?envoyer|oui|enviar|sí|inviare|invia|verstuur|verzenden"
_BY = "by|until|bis|spätestens|avant|d['’]ici|pour|antes del?|para el|entro|até|voor|tegen|uiterlijk"
_HAND = "hand (?:it )?(?:over )?to|give (?:it )?to|pass to"
_TO = f"to|{_HAND}|for|an|für|à|pour|a|para|per|aan|voor"

_CASE = re.compile(r"^\[?#?(c-\d+)\b\]?\s*[:,.–-]?\s*", re.IGNORECASE)
_END = r"\s?[.!]*$"
_SAID = r"\s?[:,–—-]\s?(?P<said>\S.*)$"
_WHEN = r"(?P<when>[^:\n]{1,60}?(?:\d{1,2}:\d\d[^:\n]{0,20}?|\d\.\d{1,2}\.)?)"  # "24.12." is a day, "17.30" an hour
_VERBS = (
    "ack",
    "by",
    "resolved",
    "solved",
    "done",
    "fixed",
    "note",
    "not mine",
    "reply",
    "send",
    "erledigt",
    "notiz",
    "résolu",
    "resuelto",
)
_BRIEF = 6
"""A first line of more words is no mistyped instruction."""
_LIKE = 0.75
"""How like a known verb (0 to 1, as difflib counts) a mistyped one is."""
_FEWEST_WORDS = 4
"""Fewer words are no letter to a customer: they may be meant for us."""

_OF_PROGRAMS = re.compile(
    r"\b(?:iphone|ipad|android|windows|outlook|gmail|yahoo|thunderbird|proton|gmx|web\.de|samsung|galaxy|huawei|xiaomi|pixel|blackberry|"
    r"smartphone|mobile|mobiltelefon|handy|móvil|celular|telemóvel|téléphone|telefoon)\b|[:：]$",  # noqa: RUF001 - Chinese and Japanese
    re.IGNORECASE,
)
"""What mail programs put below an empty answer: who wrote what it quotes, or the device it was sent from."""
_LONGEST_OF_PROGRAMS = 15  # words

Made = tuple[Instruction, bool]
"""An instruction, and whether the lines below it are part of it."""


def _form(pattern: str) -> re.Pattern[str]:
    return re.compile(f"^(?:{pattern})", re.IGNORECASE)


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Made]], ...] = (
    (_form(rf"(?:{_TAKE}){_END}"), lambda _, __: (Take(), False)),
    (_form(rf"(?:{_NOT_MINE})(?:{_SAID}|\s?:?{_END})"), lambda found, below: _said(NotMine, found, below)),
    (_form(rf"(?:{_RESOLVED})(?:{_SAID}|\s?:?{_END})"), lambda found, below: _said(Resolve, found, below)),
    (_form(rf"(?:{_NOTE})\s?:\s?(?P<said>.*)$"), lambda found, below: (Note(_all(found["said"], below)), True)),
    (_form(rf"(?:{_WRITE})\s?:\s?(?P<said>.*)$"), lambda found, below: (Write(_all(found["said"], below)), True)),
    (
        _form(rf"(?:{_BY})\s{_WHEN}\s?:\s(?P<said>\S.*)$"),
        lambda found, _: (PromiseBy(found["when"].strip(), found["said"].strip()), False),
    ),
    (_form(rf"(?:{_BY})\s{_WHEN}{_END}"), lambda found, _: (PromiseBy(found["when"].strip(), ""), False)),
    (
        _form(rf"(?:{_TO})\s(?P<to>[^:\n]{{2,60}}?)\s?:\s?(?P<said>.*)$"),
        lambda found, below: _said(partial(GiveTo, found["to"].strip()), found, below),
    ),
    (_form(rf"(?:{_HAND}|to)\s(?P<to>\S+(?:\s\S+)?){_END}"), lambda found, below: (GiveTo(found["to"].strip(), unless_ours(below)), True)),
)
"""First lines that act, in the order in which they are tried; made into an instruction with the lines below. Spaces are single ones."""
_SEND_IT = _form(rf"(?:{_SEND}){_END}")
_AMONG_WORDS = (_CASE, *(_form(pattern) for pattern in (rf"(?:{_NOTE})\s?:", rf"(?:{_RESOLVED})\s?:", rf"(?:{_NOT_MINE})(?:\s?:|{_END})")))
"""How a line begins that is meant for us, and not for the customer among whose words it stands."""


def read_answer(text: str, *, may_send: bool = False) -> Answer:
    """Read the new words of an answer; `may_send` says that it answers a mail about words that are held."""
    named = _CASE.match(text.strip())
    text = text.strip()[named.end() :].strip() if named else text.strip()
    first, _, below = text.partition("\n")
    instruction, takes_all = _instruction(" ".join(first.split()), below, text, may_send=may_send)
    if isinstance(instruction, Write):
        instruction = _if_for_the_customer(instruction)
    return Answer(CaseId(named[1].upper()) if named else None, instruction, "" if takes_all else below.strip(), text)


def unless_ours(words: str) -> str:
    """The words, or "" if a mail of ours stands in them, because its quote was not recognised as one."""
    return "" if FOOTER in " ".join(words.replace(">", " ").split()) else words.strip()


def _if_for_the_customer(letter: Write) -> Instruction:
    """The letter, unless something stands in it that no customer may read."""
    if not unless_ours(letter.text):
        return Unclear("our own mail to you stands in it, which no customer may read. Take that out, and answer again")
    for line in (" ".join(line.split()) for line in letter.text.split("\n")):
        if any(form.match(line) for form in _AMONG_WORDS):
            why = f"“{line[:60]}” stands among words for the customer, and may be meant for us: one answer does one thing"
            return Unclear(why, letter.text)
    return letter


def _instruction(first: str, below: str, text: str, *, may_send: bool) -> Made:
    """What the first line says; without an instruction in it, words for the customer."""
    if may_send and _SEND_IT.match(first):
        return Send(), False
    for form, make in _FORMS:
        if found := form.match(first):
            return make(found, below)
    return _words(text, first), True


def _words(text: str, first: str) -> Instruction:
    """Words for the customer, unless they may be meant for us."""
    if not text:
        return Unclear("there is nothing in it")
    verb = re.split(r"[:,\s]", first, maxsplit=1)[0].casefold()
    is_brief = len(first.split()) <= _BRIEF or re.match(r"^\S+\s*:", first) is not None
    if is_brief and get_close_matches(verb, _VERBS, cutoff=_LIKE):
        return Unclear(f"“{first[:60]}” is like an instruction, but is none that is known")
    if all(_is_of_program(line.strip()) for line in text.split("\n")):
        return Unclear(f"“{first[:60]}” may be a line of your mail program")
    if len(text.split()) < _FEWEST_WORDS:
        return Unclear(f"“{text[:60]}” is no instruction, and very short for a letter")
    return Write(text)


def _is_of_program(line: str) -> bool:
    return not line or (len(line.split()) <= _LONGEST_OF_PROGRAMS and _OF_PROGRAMS.search(line) is not None)


def _said(make: Callable[[str], Instruction], found: re.Match[str], below: str) -> Made:
    """What was said beside the verb; where nothing was, the lines below it."""
    said = (found["said"] or "").strip()
    return make(said or unless_ours(below)), not said


def _all(first: str, below: str) -> str:
    return f"{first}\n{below}".strip()
