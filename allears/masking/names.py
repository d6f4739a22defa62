"""Names of people: the author's own, and those after a salutation, a title, an introduction or in a sign-off."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from allears.masking.spans import Span, What
from allears.masking.words import PARTICLES, STOP, TITLES, UPPER

_LETTER = r"[^\W\d_]"
_ONE = rf"(?:[{UPPER}]\.(?!\w)|[{UPPER}](?:{_LETTER}|['’\-](?={_LETTER})){{0,30}})"
_PARTICLE = rf"(?:(?:{'|'.join(sorted(PARTICLES - {'und', 'and', 'of'}))})[ ]){{0,2}}"
_FULL = rf"(?P<name>{_PARTICLE}{_ONE}(?:[ ]{_PARTICLE}{_ONE}){{0,3}})"
_TITLE = rf"(?:(?:{'|'.join(map(re.escape, sorted(TITLES, key=len, reverse=True)))})\.?|M\.|Sig\.ra|Sig\.na|Fr\.|Hr\.)"
_GREETING = (
    "hi|hello|dear|hey|hiya|good (?:morning|afternoon|evening)|hallo|liebe[rs]?|guten (?:tag|morgen|abend)"
    "|moin|servus|sehr geehrte[rs]?|bonjour"
    "|bonsoir|salut|chère?|hola|buenos días|buenas(?: tardes| noches)?|estimad[oa]|querid[oa]|buongiorno|buonasera"
    "|ciao|salve|gentile|car[oa]|egregio"
    "|olá|oi|bom dia|boa (?:tarde|noite)|prezad[oa]|hoi|dag|beste|geachte|goede(?:morgen|middag|navond)"
)
_SIGN_OFF = (
    "(?:kind|best|warm|many)? ?regards|(?:best|kind|warm) wishes|(?:many )?thanks(?: again| so much)?|thank you|cheers|(?:yours )?sincerely"
    "|yours (?:faithfully|truly)|respectfully|mit (?:freundlichen|besten|herzlichen) gr(?:ü|ue)(?:ß|ss)en"
    "|(?:viele|liebe|beste|freundliche|schöne|herzliche) gr(?:ü|ue)(?:ß|ss)e|(?:lieben |besten )?gru(?:ß|ss)|mfg|lg|vg"
    "|vielen dank|danke(?: schön)?|hochachtungsvoll"
    "|(?:bien )?cordialement|(?:sincères |meilleures )?salutations|bien à vous|(?:un grand )?merci(?: d'avance| beaucoup)?|bises"
    "|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente|(?:un )?abrazo|(?:muchas )?gracias"
    "|(?:cordiali |distinti |cari )?saluti|cordialmente|grazie(?: mille)?|(?:com os melhores |melhores )?cumprimentos|atenciosamente"
    "|(?:muito )?obrigad[oa]|(?:um )?abraço|met (?:vriendelijke|hartelijke) groet(?:en)?|(?:vriendelijke )?groet(?:en|jes)?"
    "|mvg|(?:alvast )?bedankt"
)
_INTRODUCTION = (
    "my name(?: is|'s)|(?:mein )?name ist|ich heiße|ich heisse|je m['’]appelle|mon nom est|me llamo|mi nombre es|mi chiamo|il mio nome è"
    "|(?:eu )?chamo-me|me chamo|(?:o )?meu nome é|mijn naam is|ik heet"
    "|soy|sono|sou [oa]|je suis|ik ben|(?:ship|deliver) to ?:|attn ?:?|(?:full )?name ?:|nom ?:|nombre ?:|nome ?:|naam ?:"
)
_AFTER_GREETING = r"(?=[ ]{0,2}(?:[,!.:;–—\-\r\n]|\Z))"
_RULES = tuple(
    re.compile(rule, re.MULTILINE)
    for rule in (
        rf"(?<!\w)(?:{_TITLE}[ ]{{0,2}}){{1,3}}(?<=[ .]){_FULL}",
        rf"(?:^|(?<=[.!?] ))[ ]{{0,3}}(?i:{_GREETING})[ ]{_FULL}{_AFTER_GREETING}",
        rf"(?:^|(?<=[.!?] ))[ ]{{0,3}}(?i:hi|hello|dear|hey)[ ]{_FULL}(?=[ ](?:I[ ']|[a-z]))",
        rf"(?<!\w)(?i:{_SIGN_OFF})[ ]{{0,2}}[,.!:;–—\-]?\s{{1,4}}(?:i\. ?[AV]\. ?)?{_FULL}(?=[ ]{{0,2}}(?:[,.!\r\n|(]|\Z))",
        rf"(?<!\w)(?i:best|love|yours|tschüss|liebst|bis bald)[ ]{{0,2}}[,\r\n]\s{{0,4}}{_FULL}(?=[ .!]{{0,4}}(?:[,\r\n|(]|\Z))",
        rf"(?<![\w\[])(?i:{_INTRODUCTION})[ ]{{1,2}}{_FULL}",
        rf"(?<!\w)(?i:this is|i am|i['’]m|ich bin|hier ist)[ ](?P<name>{_ONE}[ ]{_PARTICLE}{_ONE})(?![ ][{UPPER}])",
        rf"(?:^|\s)(?:--?|–|—)[ ]{{0,2}}{_FULL}[ .]{{0,3}}\Z",
    )
)
_WORD = re.compile(rf"{_LETTER}+(?:['’\-]{_LETTER}+)*")
_HANDLE = re.compile(r"[\d_/@]")
_SHORTEST_HANDLE, _SHORTEST_PART = 3, 2


def names_by_rule(text: str) -> Iterator[Span]:
    """Names where a text's form says that one stands there; without the words of `STOP`."""
    for rule in _RULES:
        for match in rule.finditer(text):
            end = _end_of_name(match["name"])
            if end:
                yield Span(match.start("name"), match.start("name") + end, What.NAME)


def _end_of_name(name: str) -> int:
    """How much of what stands there with capitals is a name: up to the first word that is none."""
    end = 0
    for word in _WORD.finditer(name):
        is_initial = len(word[0]) == 1 and name[word.end() : word.end() + 1] == "."
        if is_initial or word[0].casefold() not in STOP:
            end = word.end() + is_initial
        elif word[0].casefold() not in PARTICLES:
            break
    return end


def names_given(text: str, names: Collection[str]) -> Iterator[Span]:
    """The given names and handles; a name's single parts only where they begin with a capital."""
    parts: set[str] = set()
    for name in names:
        if _HANDLE.search(name):
            yield from _handle(text, name.strip())
        else:
            parts.update(part for part in words_of(name) if len(part) >= _SHORTEST_PART and part not in STOP)
    if not parts:
        return
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        here = word[0].casefold()
        if run and not (text[run[-1].end() : word.start()] in {" ", ". ", "-"} and (here in parts or here in PARTICLES)):
            yield from _run(run, parts)
            run = []
        if here in parts or run:
            run.append(word)
    yield from _run(run, parts)


def _run(run: list[re.Match[str]], parts: set[str]) -> Iterator[Span]:
    """A run of words that begins with a part of a name: up to its last part."""
    while run and run[-1][0].casefold() not in parts:
        run.pop()
    said = [word for word in run if word[0].casefold() in parts]
    if len(said) > 1 or (said and said[0][0][0].isupper()):
        yield Span(run[0].start(), run[-1].end(), What.NAME)


def _handle(text: str, name: str) -> Iterator[Span]:
    if len(name) >= _SHORTEST_HANDLE:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            yield Span(match.start(), match.end(), What.NAME)


def words_of(text: str) -> set[str]:
    """The words of a text, casefolded."""
    return {word[0].casefold() for word in _WORD.finditer(text)}
