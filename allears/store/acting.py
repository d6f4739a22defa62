"""The store as one person may use it: every method asks the table of rights first (`allears.domain.access`).

The service puts it before the store for whoever holds the dashboard's token; in one process it goes before the file just the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, cast

from allears.domain.access import COMMANDS, EVENTS, Acting, Right, a_role, who_may
from allears.domain.case import Case, CaseChange, EventType
from allears.domain.inbox import Messages, Which
from allears.domain.outbox import MessageKind, OutboxMessage
from allears.errors import NotAllowed
from allears.ports import Store
from allears.store import wire

_SAYS_WHO = ("by", "actor")
"""Arguments, and fields of what is given as one, under whose name something is recorded."""
_NAMES_OF = "names_of"
"""Argument of a search by name."""
_TOLD = {MessageKind.ALERT: EventType.HANDED_OVER, MessageKind.REPLY: EventType.ANSWERED}
"""The mails that people cause, and what they tell of."""


def acting(store: Store, who: Acting | None) -> Store:
    """The store for one person; for nobody in particular, what anybody may read."""
    return cast("Store", ActingStore(store, who))


class ActingStore:
    """Implements `allears.ports.Store`; its methods raise NotAllowed besides what the store itself raises."""

    def __init__(self, store: Store, who: Acting | None) -> None:
        self._store, self._who = store, who

    def __getattr__(self, name: str) -> Any:
        """A method of the port, by its name."""
        method = wire.methods().get(name)
        if method is None:
            raise AttributeError(name)
        return partial(self._call, method)

    def close(self) -> None:
        """See the port."""
        self._store.close()

    def _call(self, method: wire.Method, /, *given: object, **named: object) -> Any:
        arguments = dict(zip(method.arguments.model_fields, given, strict=False)) | named
        require(self._who, method.name)
        _require_own_name(self._who, arguments)
        arguments = _within_sight(self._who, method, arguments)
        for change in (each for each in _flat(arguments) if isinstance(each, CaseChange)):
            self._require_change(change, [each for each in _flat(arguments) if isinstance(each, OutboxMessage)])
        return getattr(self._store, method.name)(**arguments)

    def _require_change(self, change: CaseChange, told: list[OutboxMessage]) -> None:
        """What happens to a case is what its events say, and each of them something that whoever acts may do with it."""
        for part in change.whole:
            before = self._store.case(case_id=part.case.id)
            if before is not None:
                self._require_part(part, before)
            elif not _is_split_off(part, change):
                raise NotAllowed(f"There is no case {part.case.id}. AllEars opens cases; people split them.")
        happened = {(part.case.id, event.type) for part in change.whole for event in part.events}
        for mail in told:
            if mail.case_id and (mail.case_id, _TOLD.get(mail.kind)) not in happened:
                raise NotAllowed(f"This mail tells of something that did not happen to {mail.case_id}.")

    def _require_part(self, part: CaseChange, before: Case) -> None:
        happened = {event.type for event in part.events}
        if not happened:
            raise NotAllowed(f"Case {before.id} is only changed by what people do with it.")
        for event in happened:
            _require(self._who, EVENTS.get(event), event.value)
        if (part.case.owner != before.owner) != (EventType.HANDED_OVER in happened):
            raise NotAllowed(f"{before.owner} has {before.id}. It becomes somebody else’s only by being handed over.")
        if any(EVENTS[event] is Right.WORK for event in happened) and self._who and self._who.name != before.owner:
            raise NotAllowed(f"{before.owner} has {before.id}. Hand it over to yourself first, with a reason.")
        if part.reply and EventType.ANSWERED not in happened:
            raise NotAllowed("A letter is only kept with its answer.")


def _is_split_off(part: CaseChange, change: CaseChange) -> bool:
    """Whether a case that is new comes of splitting the one that is changed, and stays with whoever has that."""
    split = any(event.type is EventType.SPLIT for event in change.events)
    opened = [event.type for event in part.events] == [EventType.OPENED]
    return split and opened and part.case.owner == change.case.owner


def require(who: Acting | None, command: str) -> None:
    """Raises NotAllowed if somebody may not give this command at all, whatever its arguments."""
    _require(who, COMMANDS.get(command), command)


def _require(who: Acting | None, right: Right | None, what: str) -> None:
    if right is None:
        raise NotAllowed(f"AllEars does this by itself, nobody else: {what}. (What people may do stands in allears/domain/access.py.)")
    if who is None and right is not Right.LOOK:
        raise NotAllowed(f"{who_may(right)} The request did not say who asks.")
    if who is None or who.may(right):
        return
    if not who.name:
        raise NotAllowed("Choose your name under “You are” in the side bar first.")
    raise NotAllowed(f"{who_may(right)} {who.name} is {a_role(who.role)}.")


def _require_own_name(who: Acting | None, arguments: Mapping[str, object]) -> None:
    """Nobody records anything under another's name."""
    for name in _names(arguments):
        if who is None or name != who.name:
            raise NotAllowed(f"This would be recorded under the name of {name}. Everybody acts under their own.")


def _within_sight(who: Acting | None, method: wire.Method, arguments: dict[str, object]) -> dict[str, object]:
    """What is asked, with words looked for only in such names and contacts as whoever asks may see."""
    names_of = who.names_of if who else ""
    if _NAMES_OF in method.arguments.model_fields:
        return arguments | {_NAMES_OF: names_of}
    return {name: _narrowed(value, names_of) for name, value in arguments.items()}


def _narrowed(value: object, names_of: str | None) -> object:
    if isinstance(value, Messages):
        return replace(value, which=replace(value.which, names_of=names_of))
    return replace(value, names_of=names_of) if isinstance(value, Which) else value


def _names(arguments: Mapping[str, object]) -> Iterator[str]:
    yield from (str(arguments[key]) for key in _SAYS_WHO if key in arguments)
    for each in _flat(arguments):
        yield from (str(getattr(each, key)) for key in _SAYS_WHO if hasattr(each, key))
        for part in each.whole if isinstance(each, CaseChange) else ():
            yield from (event.actor for event in part.events)
            yield from (part.reply.by,) if part.reply else ()


def _flat(arguments: Mapping[str, object]) -> Iterator[object]:
    """What is given, with what stands in lists and tuples by itself."""
    for value in arguments.values():
        if isinstance(value, list | tuple):
            yield from value
        else:
            yield value
