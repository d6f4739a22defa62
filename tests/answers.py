"""What tests of acting by mail are made of: people, their cases, our mails, and what somebody answers."""

from __future__ import annotations

from allears.domain.case import CaseId
from allears.domain.feedback import FeedbackItem
from allears.domain.outbox import FOOTER, MessageKind, OutboxMessage, outbox_key
from allears.domain.people import Person
from tests.builders import NOW, a_case, a_person, a_plan, an_item

ADA = a_person("Ada Brook", "billing", manager="Cara Diaz", authority="refund up to 100 GBP")
BEN = a_person("Ben Hall", "billing", manager="Cara Diaz")
CARA = a_person("Cara Diaz", "care", authority="whatever it takes")
ZOE = a_person("Zoe Quill", active=False)
PLAN = a_plan(ADA, BEN, CARA, ZOE)
C1, C2, C3 = (CaseId(f"C-100{number}") for number in (1, 2, 3))
JO = an_item("jo-1", contact="email:jo@x.org", url="https://northwind.example/forms/1")
MO = an_item("mo-1", "My grinder is broken.", author="Mo Reed", contact="email:mo@y.org")
FORM = an_item("form-1", "Nobody answers.", author=None, contact=None)
CASES = {
    C1: a_case(1001, item_ids=(JO.id,), owners=("Ada Brook",)),
    C2: a_case(1002, item_ids=(MO.id,), owners=("Ben Hall", "Ada Brook")),
    C3: a_case(1003, item_ids=(FORM.id,), owners=("Ada Brook",)),
}
LETTER = "Dear Jo,\n\nI am sorry about that. You will have a new one tomorrow."
ALERT = f"Complaint · C-1001 · Northwind Coffee\n\nYou may  refund up to 100 GBP without asking\n\nSent today. {FOOTER} the case is yours."


def mail_to(
    to: str = "Ada Brook", kind: MessageKind = MessageKind.ALERT, case: CaseId | None = C1, item: FeedbackItem = JO
) -> OutboxMessage:
    return OutboxMessage(outbox_key(kind, to, case or "none", item.id), kind, to, item.id, case, NOW, NOW)


def answer(text: str, person: Person = ADA, external_id: str = "a-1", **changes: object) -> FeedbackItem:
    fields = {"author": None, "contact": f"email:{person.email}", "text": text} | changes
    return an_item(external_id, **fields)
