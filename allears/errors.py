"""Every error AllEars raises on purpose, grouped by what the caller does next.

AllEarsError
├── ConfigurationError      stop: a setting is wrong; the text names it and the mend
├── AuthenticationError     stop this source: the other side refused our credentials
├── TransientError          try again later (`retry_after` seconds, where the other side said)
├── RecordRejected          put this one message in quarantine and go on
├── RoutingError            no rule could place it: fall back to the default owner, visibly
├── CaseConflict            someone changed the case meanwhile, or it does not allow this step
├── CorrectionRefused       the correction lacks something or changes nothing; the text says what
├── NotAllowed              whoever acts has no right to this; the text says who has
├── LinkRefused             a link in a mail that we did not make, or that was changed: do nothing it says
│   └── LinkExpired         we made it, and its time is over
└── StoreError              the store could not be opened or did not take the command
    └── StoreBusy           another process holds the store
"""

from __future__ import annotations


class AllEarsError(Exception):
    """Base of all errors raised on purpose; its text is meant for a person and says what to do next."""


class ConfigurationError(AllEarsError):
    """A setting is wrong or missing. Stop, and show the text: it names the setting."""


class AuthenticationError(AllEarsError):
    """A service refused our credentials. Stop this source; others go on."""


class TransientError(AllEarsError):
    """A service could not answer now. Try again, after `retry_after` seconds if it said so."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class RecordRejected(AllEarsError):
    """One message could not be understood as a message. Quarantine it and go on."""


class RoutingError(AllEarsError):
    """No rule could place a case. The default owner takes it, and the case says so."""


class CaseConflict(AllEarsError):
    """The case changed since it was read, or its state does not allow this step."""


class CorrectionRefused(AllEarsError):
    """A correction without a name or reason, of nothing, or of a message that was not read yet."""


class NotAllowed(AllEarsError):
    """Whoever acts may not do or see this, or is not who they say. The text says who may."""


class LinkRefused(AllEarsError):
    """A link to act on that is not ours, or not as we made it. Do nothing that it says."""


class LinkExpired(LinkRefused):
    """A link of ours whose time is over. Do nothing that it says; point to where the same can be done."""


class StoreError(AllEarsError):
    """The store could not be opened, or did not take a command."""


class StoreBusy(StoreError):
    """Another process holds the store's file."""
