"""Customers: who they are as far as it is known, what they wrote on any channel, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from allears.domain.case import Case, CustomerId, Reply


class First(StrEnum):
    """Who comes first in the list of customers."""

    CASES = "Open cases"
    MESSAGES = "Messages"


@dataclass(frozen=True, slots=True)
class CustomerLine:
    """A customer in a list, called as in their newest message, whose beginning `words` are.

    `messages` and `negative` count what they wrote in the period, `open` and `late` their cases.
    """

    id: CustomerId
    name: str
    channel: str
    words: str
    messages: int
    negative: int
    open: int
    late: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """Customers, and how many match in all."""

    lines: tuple[CustomerLine, ...]
    found: int


@dataclass(frozen=True, slots=True)
class Contact:
    """One address or handle (`email:jo@x.org`), the name it first came with, and since when it is known."""

    contact: str
    name: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Mark:
    """A message as a point in time; without a sentiment as long as it was not read."""

    at: datetime
    sentiment: str | None


@dataclass(frozen=True, slots=True)
class Customer:
    """Everything known of a customer but their messages' words.

    `marks` are their newest messages without duplicates and spam, oldest first, and `messages` how many there are in all; `cases` their
    newest ones, newest first, of `all_cases`; `letters` what they were written in these, oldest first.
    """

    id: CustomerId
    contacts: tuple[Contact, ...]
    marks: tuple[Mark, ...]
    messages: int
    cases: tuple[Case, ...]
    all_cases: int
    letters: tuple[Reply, ...]
