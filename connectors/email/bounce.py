"""Mail that came back: for whom, with which status, and whether for good.

Reads delivery status notifications (RFC 3464) and the many bounces that are plain prose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from connectors.email.message import RETURNED_HEADERS, Mail

_ENCLOSING = re.compile(r"^[<(\"']+|[>)\"'.,;:]+$")
_FIELD = re.compile(
    r"^(final-recipient|original-recipient|x-actual-recipient|action|status|diagnostic-code)\s*:\s*(.*(?:\n[ \t]+.*)*)",
    re.IGNORECASE | re.MULTILINE,
)
_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.:/-])(421|4[35]\d|5(?:0[0-5]|1\d|2[1-3]|3[05]|41|5\d|71))(?=[ ,-]|:\s)(?![ -]\d{4})")
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_DAEMON = re.compile(
    r"mailer-?daemon|post_?master|mail-?delivery|maildelivery|mdaemon|no-?reply-?bounce|bounce|delivery[ -]?(?:subsystem|system|"
    r"agent|failure)|"
    r"mail system|system administrator|systemadministrator|microsoft exchange",
    re.IGNORECASE,
)
_NOBODY = re.compile(r"^\s*<\s*(?:mailer-daemon.*)?>", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver|undelivrable|non[- ]?deliver|unzustellbar|not delivered|nicht zugestellt|delivery (?:status|failure|failed|"
    r"has failed|error|problem|report|"
    r"notification|incomplete|delayed|unsuccessful|attempts?)|(?:mail|message|e-?mail) (?:delivery|system error|returned|"
    r"could not be|undelivered|status)|"
    r"returned (?:mail|to sender|message)|return(?:ed)? to sender|failure (?:notice|delivery|notification)|failed (?:mail|delivery)|"
    r"delivery failed|could not be delivered|permanent (?:fail|delivery)|warning: could not send|warning: message .* delayed|"
    r"error (?:sending|in processing)|cannot (?:deliver|send)|unable to deliver|user unknown|rejected (?:mail|your)|"
    r"mail could not|nondeliverable|onbestelbaar|non remis|échec de (?:la )?(?:remise|distribution)|no se puede entregar|"
    r"non recapitabile|mancato recapito|não (?:foi )?entregue|não é possível entregar|(?:kunde|kan) inte levereras|ej levererat|"
    r"nie dostarczono|nie można dostarczyć|niedostarczaln|недоставлен|доставк|"
    r"配信(?:不能|できません|エラー)|送信エラー|エラーメール|配信失敗|不达|退信|無法|mail-?error|mail failure|bounce",
    re.IGNORECASE,
)
_PROSE = re.compile(
    r"(?:could ?n.t|could not|cannot|can ?not|unable to|not able to|unsuccessful|was not|were not|failed to|failure to|not been|"
    r"refused to|did not|has not)"
    r"[\w\s,'\"<>@.-]{0,60}(?:deliver|sent to|reach|accept|route|relay|send your|complete)|"
    r"delivery (?:to the following|has failed|failed|error|failure|attempt|temporarily)|undeliver|permanent (?:fatal )?error|"
    r"fatal error|transcript of session|"
    r"user unknown|unknown user|no such (?:user|mailbox|address|recipient|local)|mailbox (?:is )?(?:full|unavailable|not found)|"
    r"over ?quota|"
    r"returned (?:mail|message|to sender|unopened)|bounced? (?:mail|message)|unknown local|host unknown|recipient.{0,30}(?:reject|"
    r"unknown|invalid|not found)|"
    r"reason (?:of|for) (?:the )?(?:failure|non)|rejected|did not reach|message (?:was )?(?:returned|rejected|blocked)|konnte nicht|"
    r"n'a pas pu|échec de la remise|no se pudo|não foi possível|falha na entrega|recapito non riuscito|det gick inte att leverera|"
    r"nie powiodło się|bezorgen[^.]{0,60}mislukt|не может\s+быть отправлено|配信に失敗|送信できません|届けられません|配信できません|エラー",
    re.IGNORECASE,
)
_TEMPORARY = re.compile(
    r"\bdelayed\b|will (?:be )?(?:retr|try|continue to)|still trying|not yet been delivered|temporar|timed? ?out|deferred|"
    r"greylist|try again later|expired|"
    r"too long|retry time|warning|connection (?:refused|reset)|too many (?:connections|errors)|insufficient (?:disk|system)",
    re.IGNORECASE,
)
_RETURNED = re.compile(
    r"^.{0,12}(?:original message(?! was received)|"
    r"returned message|the following is the|this is a copy of (?:the|your)|copy of your|unsent message below|"
    r"below this line is a copy|message headers? follow|received: (?:from|by) )",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[>\s]{0,8}message-id:\s{0,9}<([^<>\s]{1,500})>", re.IGNORECASE | re.MULTILINE)
_TOLD_WITHIN = 4_000
"""Characters within which a bounce says that it is one."""

_READ = 10_000
"""Characters of prose in which a code is looked for."""

_DELIVERED = frozenset({"delivered", "relayed", "expanded"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A failed delivery. `status` is an RFC 3463 code such as "5.1.1", or an SMTP reply code where only that is told.

    `permanent` is the status's own word (class 5); a full mailbox may be permanent by status and empty tomorrow.
    """

    recipient: str | None
    status: str | None
    permanent: bool


def bounce_of(mail: Mail) -> Bounce | None:
    """What came back, None where nothing did: no bounce at all, or the news that a mail was delivered."""
    fields = _fields(mail)
    if fields.get("action", "").lower() in _DELIVERED:
        return None
    if not (fields or is_delivery_report(mail) or _reads_like_one(mail)):
        return None
    prose = _RETURNED.split(mail.text, maxsplit=1)[0]
    diagnosis = " ".join((fields.get("diagnostic-code", ""), mail.headers.get("diagnostic-code")))
    status = _status(fields, diagnosis, prose) or _status({}, "", mail.text[:_READ])
    recipient = _recipient(mail, fields, prose)
    return Bounce(recipient, status, _is_permanent(status, fields.get("action", ""), prose, mail.headers.get("subject")))


def returned_id(mail: Mail) -> str | None:
    """The Message-ID of the mail that came back, without angle brackets, if it or its headers came along; None if not."""
    for enclosed in mail.enclosed:
        if ids := enclosed.headers.ids("message-id"):
            return ids[0]
    headers = (text for kind, text in mail.reports if kind == RETURNED_HEADERS)
    found = next((match for text in (*headers, mail.text) if (match := _MESSAGE_ID.search(text))), None)
    return found[1] if found else None


def is_delivery_report(mail: Mail) -> bool:
    """Whether it says of itself that it reports on a delivery."""
    return (
        any(kind.endswith("delivery-status") for kind, _ in mail.reports)
        or mail.report_type == "delivery-status"
        or bool(mail.headers.get("x-failed-recipients"))
    )


def _fields(mail: Mail) -> dict[str, str]:
    """Fields of the first recipient that failed, of the first one at all where none did."""
    blocks = [block for kind, text in mail.reports if kind.endswith("delivery-status") for block in re.split(r"\n\s*\n", text)]
    recipients = [
        fields
        for block in blocks
        if (fields := {match[1].lower(): match[2].strip() for match in _FIELD.finditer(block)})
        and any(key.endswith("recipient") or key in ("action", "status") for key in fields)
    ]
    return next(
        (fields for fields in recipients if fields.get("action", "").lower() not in _DELIVERED), recipients[0] if recipients else {}
    )


def _reads_like_one(mail: Mail) -> bool:
    """Prose bounces: a mail system writes under a telling subject or tells of a failed delivery; others must do both."""
    sender = " ".join((mail.headers.get("from"), mail.headers.get("sender")))
    titled = bool(_SUBJECT.search(mail.headers.get("subject")))
    if _NOBODY.match(mail.headers.get("return-path")) or "mailer-daemon" in sender.lower():
        return titled or _tells_of_failure(mail)
    if _DAEMON.search(sender):
        coded, told = _has_code(mail), _tells_of_failure(mail)
        return (titled and (told or coded or _RETURNED.search(mail.text) is not None)) or (told and coded)
    return (
        titled and "in-reply-to" not in mail.headers and _has_code(mail) and _tells_of_failure(mail) and bool(_RETURNED.search(mail.text))
    )


def _tells_of_failure(mail: Mail) -> bool:
    return _PROSE.search(mail.text[:_TOLD_WITHIN]) is not None


def _has_code(mail: Mail) -> bool:
    start = mail.text[:_TOLD_WITHIN]
    return bool(_ENHANCED.search(start) or _REPLY.search(start))


def _status(fields: dict[str, str], diagnosis: str, prose: str) -> str | None:
    stated = _ENHANCED.search(fields.get("status", ""))
    told = _ENHANCED.search(diagnosis)
    if stated and not (told and stated[1].endswith(".0.0")):
        return stated[1]
    for where in (told, stated, _REPLY.search(diagnosis), _ENHANCED.search(prose), _REPLY.search(prose)):
        if where:
            return where[1]
    return None


def _is_permanent(status: str | None, action: str, prose: str, subject: str) -> bool:
    if status:
        return status.startswith("5")
    return action.lower() != "delayed" and not _TEMPORARY.search(f"{subject} {prose[:2000]}")


def _recipient(mail: Mail, fields: dict[str, str], prose: str) -> str | None:
    for key in ("final-recipient", "original-recipient", "x-actual-recipient"):
        address = _ADDRESS.search(fields.get(key, "").partition(";")[2] or fields.get(key, ""))
        if address:
            return _ENCLOSING.sub("", address[0])
    ours = {box.address.lower() for name in ("to", "from", "delivered-to") for box in mail.headers.mailboxes(name)}
    for text in (mail.headers.get("x-failed-recipients"), prose):
        for address in _ADDRESS.finditer(text[:20_000]):
            if address[0].lower() not in ours:
                return _ENCLOSING.sub("", address[0])
    return None
