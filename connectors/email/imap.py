"""Mail in one or several folders of an IMAP account.

Folders take turns, a page each, so that a large one does not keep the others waiting; all over one connection.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date

from allears.domain.feedback import Cursor
from allears.errors import AllEarsError, ConfigurationError, TransientError
from connectors.email.imap_cursor import Place, read_places, write_places
from connectors.email.imap_reading import PAUSES, FolderReading
from connectors.email.imap_session import Account, ImapSession, Opened
from connectors.email.letters import Bag, Letter

_FolderFault = ConfigurationError | TransientError
_Step = tuple[tuple[Letter, ...], Place, tuple[str, ...]]


class ImapMailbox:
    """Some folders of one account. Connects for each check and each fetch, and leaves nothing open between them."""

    def __init__(
        self, account: Account, folders: Sequence[str], *, first: date | None = None, idle: bool = True, pauses: Sequence[float] = PAUSES
    ) -> None:
        self._account = account
        self._folders = folders
        self._first = first
        self._idle = idle
        self._pauses = pauses

    def check(self) -> str:
        """Log in, count each folder's messages, and see whether the server tells of new ones by itself."""
        found: list[str] = []
        faults: list[_FolderFault] = []
        with closing(ImapSession(self._account)) as session:
            for folder in self._folders:
                session.connect()
                try:
                    found.append(f"{session.examine(folder).count} messages in {folder}")
                except (ConfigurationError, TransientError) as fault:
                    faults.append(fault)
            pushed = session.offers_idle()
        if faults:
            raise _together(faults, f"Found: {', '.join(found)}." if found else "")
        heard = "the server tells of new mail at once (IDLE)" if pushed else "the server offers no IDLE: new mail is seen when it is asked"
        told = heard if self._idle or not pushed else "idle is off: new mail is seen when it is asked"
        return f"{self._account.address.user} on {self._account.address.host}: {', '.join(found)}; {told}"

    def bags(self, since: Cursor | None) -> Iterator[Bag]:
        """Letters of each folder, the newest first. What is wrong with a folder is raised once the others are read."""
        places = read_places(since, self._folders[0])
        faults: list[_FolderFault] = []
        with closing(ImapSession(self._account)) as session:
            turns = deque((folder, self._steps(session, folder, places.get(folder))) for folder in self._folders)
            while turns:
                folder, steps = turns.popleft()
                session.connect()  # what is wrong here is wrong for all of them
                try:
                    step = next(steps, None)
                except (ConfigurationError, TransientError) as fault:
                    faults.append(fault)
                    continue
                if step is not None:
                    letters, places[folder], notices = step
                    yield Bag(letters, write_places(places), (*notices, *(str(fault) for fault in faults)))
                    turns.append((folder, steps))
        if faults:
            raise _together(faults)

    def _steps(self, session: ImapSession, name: str, before: Place | None) -> Iterator[_Step]:
        """A folder's pages, its place after each, and what a person should know of it."""
        folder = session.examine(name)
        why = _began_anew(folder, before)
        place = before if before and not why else Place(folder.validity)
        notices = (f"{name} was rebuilt on the server ({why}); all of it is read again",) if why else ()
        for letters, reached in FolderReading(session, folder, self._first, self._pauses).pages(place.grown(folder.uidnext)):
            yield letters, reached, notices
            notices = ()


def _began_anew(folder: Opened, before: Place | None) -> str:
    """Why what is known of a folder says nothing any more, if so: UIDs may mean other messages now."""
    if before is None:
        return ""
    if before.validity != folder.validity:
        return "new UIDVALIDITY"
    return "it counts lower than before" if 0 < folder.uidnext <= before.top else ""


def _together(faults: Sequence[_FolderFault], others: str = "") -> AllEarsError:
    """One error of several folders, which is worth trying again only where each of them is."""
    if len(faults) == 1 and not others:
        return faults[0]
    text = " ".join((*(f"{str(fault).rstrip('.')}." for fault in faults), others)).strip()
    lasting = any(isinstance(fault, ConfigurationError) for fault in faults)
    return ConfigurationError(text) if lasting else TransientError(text)
