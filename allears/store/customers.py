"""Customers: lists of them, and all that is known of one."""

from __future__ import annotations

from datetime import datetime

from allears.domain.case import CustomerId
from allears.domain.customers import Contact, Customer, CustomerLine, CustomerPage, First, Mark
from allears.domain.inbox import Which
from allears.ports import Clock
from allears.store import rows, schemas
from allears.store.database import Database
from allears.store.inbox import patterns
from allears.store.keeping import Keeping, kept

MOST_MARKS = 500
MOST_CASES = 50


class CustomerMethods:
    """The part of the store that knows customers."""

    _db: Database
    _clock: Clock
    _keeping: Keeping

    @kept
    def customers(self, words: str, first: First, since: datetime, now: datetime, limit: int, names_of: str | None = None) -> CustomerPage:
        """See the port."""
        with self._db.reading() as session:
            found = session.rows(
                "customers", first=first.value, since=since, now=now, limit=limit, names_of=names_of, **patterns(Which(words))
            )
        total = found[0]["found"] if found else 0
        return CustomerPage(tuple(CustomerLine(**{key: row[key] for key in row if key != "found"}) for row in found), total)

    @kept
    def customer(self, customer_id: CustomerId) -> Customer | None:
        """See the port."""
        with self._db.reading() as session:
            contacts = session.rows("customer_contacts", id=customer_id)
            marks = session.rows("customer_marks", id=customer_id, limit=MOST_MARKS)
            cases = session.rows("customer_cases", id=customer_id, limit=MOST_CASES)
            with session.given(wanted=rows.ids((row["id"] for row in cases), schemas.CASE_IDS)):
                letters = session.rows("customer_letters") if cases else []
        if not contacts and not marks:
            return None
        return Customer(
            id=customer_id,
            contacts=tuple(Contact(**row) for row in contacts),
            marks=tuple(Mark(row["at"], row["sentiment"]) for row in reversed(marks)),
            messages=marks[0]["messages"] if marks else 0,
            cases=tuple(rows.case(row) for row in cases),
            all_cases=cases[0]["all_cases"] if cases else 0,
            letters=tuple(rows.reply(row) for row in letters),
        )
