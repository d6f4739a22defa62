"""Whether a person wrote a mail or a machine did, and which kind of machine.

A person's mail taken for a machine's is a customer unheard: a single weak hint is never enough.
"""

# ruff: noqa: RUF001 - colons of other scripts are meant

from __future__ import annotations

import re

from allears.domain.feedback import Automated
from connectors.email.absence import may_be_away, only_says_away
from connectors.email.bounce import bounce_of, is_delivery_report
from connectors.email.message import Mail
from connectors.email.phrases import REPLY_SUBJECT
from connectors.email.reply import split

_AUTO_REPLY_SUBJECT = re.compile(
    r"^\W{0,3}(?:auto(?:matic|mated|matische|matisk|matiskt|-)?[ -]?(?:reply|response|respons|antwort|svar|antwoord)|"
    r"automatisch antwoord|auto(?:reply|-?responder)?|"
    r"automaattinen vastaus|(?:[\w .'-]{2,40} (?:is )?)?out of (?:the )?office(?: auto-?reply| reply| message)?|"
    r"(?:i am |i'm )?away from (?:the |my )?(?:office|desk)|vacation (?:reply|response|notice|message)|"
    r"abwesenheits(?:notiz|nachricht|meldung|assistent)|abwesend|nicht im büro|automatische (?:antwort|rückantwort|empfangsbestätigung)|"
    r"réponse automatique|absence du bureau|message d.absence|absente? du bureau|"
    r"respuesta autom[aá]tica|fuera de (?:la )?oficina|risposta automatica|fuori (?:sede|ufficio)|"
    r"resposta autom[aá]tica|fora do escrit[oó]rio|ausência do escritório|afwezig(?:heid)?|niet aanwezig|buiten kantoor|"
    r"frånvaro(?:meddelande)?|inte på kontoret|odpowiedź automatyczna|automatyczna odpowiedź|poza biurem|nieobecność|"
    r"автоответ|自動(?:返信|応答)(?:メール)?|不在(?:通知|のお知らせ|連絡)|自动回复|自動回覆)"
    r"\s*(?:[:：(\[]|-\s|$|(?:to|für|auf|à|op) (?:your|ihre|votre|uw)\b|until\b|bis\b)",
    re.IGNORECASE,
)
"""A subject that a program wrote: the words stand first, and alone or before a colon. After "Re:" somebody answers one."""

_COMPLAINT_SUBJECT = re.compile(r"^complaint about message from [\d.:a-f]+$", re.IGNORECASE)
"""Hotmail's feedback reports come without the report format."""

_READ_RECEIPT = re.compile(
    r"^\W*(?:read|gelesen|lu|leído|letto|lida|gelezen|läst|przeczytano|not read|ungelesen gelöscht)\s*:|^(?:read receipt|"
    r"return receipt|lesebestätigung)",
    re.IGNORECASE,
)
_NOTIFIER = re.compile(
    r"^(?:(?:[\w.]{1,30}-)*(?:no-?reply|do-?not-?reply)|notifications?|notify|alerts?|mailer|newsletter|system|automated)(?:[+._-]|@)",
    re.IGNORECASE,
)
_AUTOMATIC_ID = re.compile(r"\b[0-9a-f]{24}\.[a-z2-7]{16}\.auto@", re.IGNORECASE)
"""What an AllEars, this one or another, calls mails that no person wrote: known even where a gateway took their headers away."""

_SPAM_YES = {
    "x-spam-flag": re.compile(r"^yes", re.IGNORECASE),
    "x-spam-status": re.compile(r"^yes", re.IGNORECASE),
    "x-spam": re.compile(r"^(?:yes|true|spam)", re.IGNORECASE),
    "x-barracuda-spam-flag": re.compile(r"^yes", re.IGNORECASE),
    "x-bogosity": re.compile(r"^(?:yes|spam)", re.IGNORECASE),
    "x-dspam-result": re.compile(r"^spam", re.IGNORECASE),
    "x-forefront-antispam-report": re.compile(r"\bSFV:(?:SPM|SKB)\b"),
    "x-ms-exchange-organization-scl": re.compile(r"^\s*[5-9]\b"),
    "x-proofpoint-spam-details": re.compile(r"\brule=\S*spam(?!_policy_notspam|_notspam)\S*\b(?!notspam)", re.IGNORECASE),
    "x-rspamd-action": re.compile(r"^(?:reject|add header|rewrite subject)", re.IGNORECASE),
}


def automated(mail: Mail, *, own_list: bool = False) -> Automated | None:  # noqa: PLR0911 - one return a kind of machine
    """Which kind of machine wrote it, None for a person. `own_list`: its List-Id is the business's own mailbox group."""
    if mail.report_type == "feedback-report" or any(kind == "message/feedback-report" for kind, _ in mail.reports):
        return Automated.FEEDBACK_REPORT
    if _COMPLAINT_SUBJECT.match(mail.headers.get("subject")):
        return Automated.FEEDBACK_REPORT
    absent = bool(_AUTO_REPLY_SUBJECT.match(mail.headers.get("subject")))
    if is_delivery_report(mail) or not (absent or _is_receipt(mail)):
        if bounce_of(mail) is not None:
            return Automated.BOUNCE
        if is_delivery_report(mail):
            return Automated.AUTO_GENERATED
    if absent or _is_receipt(mail) or _is_auto_reply(mail) or _is_bare_answer(mail) or _is_absence(mail):
        return Automated.AUTO_REPLY
    if not own_list and _is_list(mail):
        return Automated.LIST
    return Automated.AUTO_GENERATED if _is_generated(mail) else None


def spam(mail: Mail) -> bool:
    """Whether the receiving server has said that it is spam."""
    return any(pattern.search(mail.headers.get(name)) for name, pattern in _SPAM_YES.items())


def is_notifier(address: str) -> bool:
    """Whether an address belongs to a sender that nobody can answer."""
    return bool(_NOTIFIER.match(address))


def _is_receipt(mail: Mail) -> bool:
    if mail.report_type == "disposition-notification" or any(kind == "message/disposition-notification" for kind, _ in mail.reports):
        return True
    return bool(_READ_RECEIPT.match(mail.headers.get("subject"))) and _submitted(mail).startswith("auto")


def _is_bare_answer(mail: Mail) -> bool:
    """An answer to an invitation (iTIP) to which nobody added a word: the calendar wrote it at a click."""
    answer = mail.invitation
    if answer is None or not answer.is_answer or answer.comment:
        return False
    return mail.text == answer.line or "calendar-notification@google.com" in mail.headers.get("sender")


def _is_absence(mail: Mail) -> bool:
    """An answer that only says that somebody is away."""
    answers = "in-reply-to" in mail.headers or REPLY_SUBJECT.match(mail.headers.get("subject"))
    return bool(answers and may_be_away(mail.text)) and only_says_away(split(mail.text, is_reply=True).text)


def _is_auto_reply(mail: Mail) -> bool:
    headers = mail.headers
    if _submitted(mail).startswith(("auto-replied", "auto-reply")):
        return True
    if headers.get("x-autoreply").lower() not in ("", "no") or headers.get("x-autorespond") or headers.get("x-auto-reply-from"):
        return True
    return headers.get("precedence").lower().startswith(("auto_reply", "auto-reply")) or headers.get("x-autogenerated").lower().startswith(
        "reply"
    )


def _is_list(mail: Mail) -> bool:
    headers = mail.headers
    bulk = headers.get("precedence").lower().startswith(("bulk", "list"))
    posted = any(name in headers for name in ("list-id", "list-post", "list-subscribe"))
    newsletter = "list-unsubscribe" in headers and not ("in-reply-to" in headers or REPLY_SUBJECT.match(headers.get("subject")))
    return newsletter or (posted and (bulk or "list-unsubscribe" in headers or "in-reply-to" not in headers))


def _is_generated(mail: Mail) -> bool:
    headers = mail.headers
    if _AUTOMATIC_ID.search(headers.get("message-id")):
        return True
    if _submitted(mail).startswith("auto"):
        return True
    if headers.get("precedence").lower().startswith(("bulk", "junk")) or headers.get("x-autogenerated"):
        return True
    sender = next(iter(headers.mailboxes("from")), None)
    return bool(sender and is_notifier(sender.address) and "in-reply-to" not in headers and not headers.get("reply-to"))


def _submitted(mail: Mail) -> str:
    return mail.headers.get("auto-submitted").lower()
