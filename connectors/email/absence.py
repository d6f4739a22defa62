"""Absence notices that no header and no subject gives away: answers that say nothing but that somebody is away.

Each sentence must be one that such notices are made of. One that is not, and the mail is a person's.
"""

# ruff: noqa: RUF001 - marks of other scripts are meant

from __future__ import annotations

import re

from connectors.email.phrases import CLOSING

_SENTENCES = re.compile(r"(?<=\D[.!?])\s+|(?<=[。！？])|\n+")
_GREETING = re.compile(
    r"[^.!?]{2,50}[,、!]$|(?:hello|hi|hallo|guten tag|bonjour|hola|buenos días|buongiorno|ol[áa]|hej|dzień dobry)\b[^?]{0,40}$",
    re.IGNORECASE,
)
_MOST_CHARACTERS = 1_000
_LONGEST_SENTENCE = 250
_MOST_NAME_LINES = 6


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_AWAY = _any(
    r"(?:please note that )?(?:i(?: am|['’]m) |we are )?(?:currently |now )?(?:out of (?:the |my )?office|away from (?:the office|my desk)|"
    r"on (?:annual |parental |sick |maternity )?(?:leave|vacation|holidays?))\b[^?,;]{0,120}",
    r"(?:leider )?(?:bin ich|ich bin)\b[^?;]{0,80}(?:nicht im büro|außer haus|abwesend|im urlaub|nicht erreichbar|"
    r"wieder (?:erreichbar|im büro))[^?;]{0,60}",
    r"(?:actuellement,? )?je suis (?:actuellement )?(?:absente?|en congés?|en vacances|hors du bureau)\b[^?;]{0,80}",
    r"(?:actualmente )?(?:estoy|estaré|me encuentro) (?:fuera de la oficina|de vacaciones|ausente)\b[^?;]{0,80}",
    r"(?:al momento )?(?:sono|sarò) (?:attualmente )?(?:fuori (?:ufficio|sede)|assente|in ferie)\b[^?;]{0,80}",
    r"(?:no momento )?(?:estou|estarei|encontro-me) (?:fora do escritório|de férias|ausente)\b[^?;]{0,80}",
    r"(?:momenteel )?(?:ik ben|ben ik)\b[^?;]{0,60}\b(?:afwezig|niet op kantoor|op vakantie|met vakantie)\b[^?;]{0,60}",
    r"jag är\b[^?;]{0,60}\b(?:inte på kontoret|ledig|på semester|frånvarande)\b[^?;]{0,60}",
    r"(?:do|w dniach|obecnie|od)?\b[^?;]{0,40}(?:jestem|przebywam)\b[^?;]{0,60}\b(?:poza biurem|na urlopie|nieobecn[ya])\b[^?;]{0,60}",
    r"[^?？]{0,40}(?:不在|休暇|休業)[^?？]{0,40}",
)
_HINTS = (
    *("office", " desk", "leave", "vacation", "holiday", "büro", "außer haus", "abwesend", "urlaub", "erreichbar", "absent", "congé"),
    *("vacances", "bureau", "oficina", "vacaciones", "ausente", "ufficio", " sede", "assente", "ferie", "escritório", "férias", "afwezig"),
    *("kantoor", "vakantie", "kontoret", "ledig", "semester", "frånvarande", "biurem", "urlopie", "nieobecn", "不在", "休暇", "休業"),
)
"""Words of which each of those sentences has one."""

_MEANWHILE = _any(
    r"(?:for|in)(?: case of)?(?: any)? (?:urgen|emergenc|immediate)[^?]{0,160}",
    r"if (?:(?:your|the) (?:matter|request|message|enquiry) is urgent|you need (?:immediate|urgent))[^?]{0,160}",
    r"i(?: will|['’]ll| shall) (?:reply|respond|answer|get back|be back|return|read)\b[^?,;]{0,100}",
    r"(?:during this time )?i (?:will )?have (?:only )?(?:limited|no) access to[^?]{0,80}|your (?:e-?mail|message) will not be [^?]{0,60}",
    r"(?:ihre|die) (?:e-?mail|nachricht)(?:en)? (?:wird|werden) nicht (?:automatisch )?(?:weitergeleitet|gelesen)[^?]{0,60}",
    r"in dringenden (?:fällen|angelegenheiten)[^?]{0,140}|(?:bitte )?wenden sie sich[^?]{0,140}|ich (?:werde|melde)\b[^?,;]{0,100}",
    r"en cas d['’]urgence[^?]{0,140}|pour toute (?:urgence|demande urgente)[^?]{0,140}|je (?:vous )?répondrai\b[^?,;]{0,80}",
    r"(?:para (?:asuntos|temas) urgentes|en caso de urgencia|si es urgente)[^?]{0,140}|(?:le )?(?:responderé|contestaré)\b[^?,;]{0,80}",
    r"(?:per (?:urgenze|questioni urgenti|comunicazioni urgenti)|in caso di urgenza)[^?]{0,140}|(?:le )?risponderò\b[^?,;]{0,80}",
    r"(?:em caso de urgência|para assuntos urgentes)[^?]{0,140}|responderei\b[^?,;]{0,80}",
    r"(?:voor dringende (?:zaken|vragen)|bij (?:spoed|dringende zaken))[^?]{0,140}|uw (?:e-?mail|bericht) wordt niet [^?]{0,60}|"
    r"ik (?:zal|beantwoord|reageer)\b[^?,;]{0,80}",
    r"vid brådskande (?:ärenden|fall)[^?]{0,140}|jag (?:svarar|återkommer)\b[^?,;]{0,80}",
    r"w (?:pilnych sprawach|sprawach pilnych|nagłych przypadkach)[^?]{0,140}|(?:odpowiem|odpiszę)\b[^?,;]{0,80}",
    r"(?:お急ぎ|緊急)[^?？]{0,100}|[^?？]{0,40}(?:返信|連絡|回答)(?:いた|させて)[^?？]{0,40}",
)
_POLITE = _any(
    r"(?:many )?thank(?:s| you) (?:very much )?for (?:your|contacting|getting in touch)[^?,;]{0,60}",
    r"(?:vielen|herzlichen) dank für ihre[^?,;]{0,50}|merci (?:beaucoup )?(?:pour|de) votre[^?,;]{0,50}",
    r"(?:muchas )?gracias por su[^?,;]{0,50}|grazie per (?:il suo|la sua|il tuo|la tua)[^?,;]{0,50}",
    r"obrigad[oa] pel[oa] (?:seu|sua)[^?,;]{0,50}",
    r"(?:hartelijk )?(?:dank|bedankt) voor uw[^?,;]{0,50}|tack för (?:ditt|ert|din)[^?,;]{0,50}|dziękuję za[^?,;]{0,50}",
    r"[^?？]{0,30}ありがとう[^?？]{0,20}|[^?？]{0,10}お世話になって[^?？]{0,10}",
)


def may_be_away(text: str) -> bool:
    """Whether a text is short and has a word that absence notices have: a cheap first look."""
    return len(text) <= 10 * _MOST_CHARACTERS and any(map(text[: 2 * _MOST_CHARACTERS].lower().__contains__, _HINTS))


def only_says_away(text: str) -> bool:
    """Whether new words say that somebody is away, and what to do meanwhile, and nothing else."""
    if not 0 < len(text) <= _MOST_CHARACTERS:
        return False
    sentences = [sentence.strip() for sentence in _SENTENCES.split(_before_closing(text)) if sentence and sentence.strip()]
    said = [sentence for at, sentence in enumerate(sentences) if at > 0 or not _GREETING.match(sentence)]
    away = [sentence for sentence in said if _AWAY.fullmatch(sentence)]
    meanwhile = [sentence for sentence in said if _MEANWHILE.fullmatch(sentence)]
    polite = [sentence for sentence in said if _POLITE.fullmatch(sentence)]
    formal = polite or any("@" in sentence for sentence in meanwhile)  # "please ask my wife" is a person's answer
    if not (away and meanwhile and formal) or any(len(sentence) > _LONGEST_SENTENCE for sentence in said):
        return False
    return set(said) <= {*away, *meanwhile, *polite}


def _before_closing(text: str) -> str:
    """A text without "Kind regards" and a name below it."""
    lines = text.rstrip().split("\n")
    for at in range(len(lines) - 1, max(-1, len(lines) - _MOST_NAME_LINES), -1):
        if CLOSING.match(lines[at].strip()):
            return "\n".join(lines[:at])
    return text
