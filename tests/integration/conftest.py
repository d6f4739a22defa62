"""Servers that integration tests talk to."""

from tests.integration.dovecot import dovecot, dovecot_server

__all__ = ["dovecot", "dovecot_server"]
