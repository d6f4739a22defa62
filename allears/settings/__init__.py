"""The one settings tree, read from `allears.toml` at entry points and passed on as arguments.

A wrong file raises ConfigurationError with the line, the key and the nearest right word.
"""

from allears.settings.reading import explain, load
from allears.settings.servers import DashboardSettings, ServerSettings
from allears.settings.tree import (
    BusinessSettings,
    MailSettings,
    PersonSettings,
    ReaderSettings,
    RouteFilter,
    RouteSettings,
    Settings,
    SourceSettings,
    TagSettings,
    TargetSettings,
)
from allears.settings.values import Country, Duration, Email, Timezone

__all__ = [
    "BusinessSettings",
    "Country",
    "DashboardSettings",
    "Duration",
    "Email",
    "MailSettings",
    "PersonSettings",
    "ReaderSettings",
    "RouteFilter",
    "RouteSettings",
    "ServerSettings",
    "Settings",
    "SourceSettings",
    "TagSettings",
    "TargetSettings",
    "Timezone",
    "explain",
    "load",
]
