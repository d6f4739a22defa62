"""An answer to one of our mails as it came: whether it is its reader's own, what it says, and what of it no customer has read."""

from __future__ import annotations

from allears.domain.feedback import BY_MAIL, FeedbackItem
from allears.domain.instructions import Answer, GiveTo, PromiseBy, Unclear, Write, read_answer, unless_ours
from allears.domain.people import Person


def doubt(item: FeedbackItem, person: Person) -> str | None:
    """Why an answer may not be the person's own, as a sentence; None if it is."""
    sender = (item.contact or "").removeprefix(BY_MAIL)
    if sender.casefold() != person.email.casefold():
        return f"It came from {sender or 'an unknown address'}, and only {person.email} may act on this."
    if messenger := item.extra.get("via"):
        return f"{messenger} passed it on, so that nobody can say who really sent it."
    if item.extra.get("sender_checked") == "fail":
        return f"The mail server could not confirm that {person.email} really sent it."
    return None


def answer_in(item: FeedbackItem, *, may_send: bool = False) -> Answer:
    """Read an answer; `may_send` says that it answers a mail about words that are held.

    Of an empty one mail programs leave what it quotes, or a line of their own: then nothing was said.
    """
    answer = read_answer(item.text, may_send=may_send)
    quoted = {_bare(line) for line in ("", *(item.quoted or "").split("\n"))}
    says_nothing = isinstance(answer.instruction, Write | Unclear) and all(_bare(line) in quoted for line in item.text.split("\n"))
    return read_answer("", may_send=may_send) if says_nothing else answer


def unsent(item: FeedbackItem, *, held: bool) -> str:
    """The words of an answer that did not go to the customer, and will if their writer says so; "" where there are none.

    Of one that was held it is all, unless it was plainly meant for us; else the lines below its instruction.
    """
    answer = answer_in(item, may_send=held)
    if not held:
        return unless_ours(answer.rest)
    match answer.instruction:
        case Write(text) | Unclear(letter=text) if text:
            return text
        case Unclear() | PromiseBy() | GiveTo():  # a letter may happen to begin like one
            return unless_ours(answer.text)
        case _:
            return ""


def _bare(line: str) -> str:
    """A line without its marks as a quote."""
    return " ".join(line.lstrip("> \t").split())
