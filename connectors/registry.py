"""From a configured source to its connector. Each channel's code is loaded only when a source uses it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic import BaseModel, ValidationError

from allears.domain.feedback import Channel, SourceName
from allears.errors import ConfigurationError
from allears.ports import Clock, Connector
from allears.settings import Settings, SourceSettings, explain
from connectors.context import SourceContext

# ruff: noqa: PLC0415 - praw, tweepy, imap_tools and pyarrow cost time and memory; who does not use a channel does not pay for it


def settings_of(channel: Channel) -> type[BaseModel]:
    """What a channel's sources may say of themselves. Reading a configuration needs no more than this."""
    match channel:
        case Channel.EMAIL:
            from connectors.email.settings import EmailSettings

            return EmailSettings
        case Channel.FORM:
            from connectors.form.settings import FormSettings

            return FormSettings
        case Channel.FILE:
            from connectors.file.settings import FileSettings

            return FileSettings
        case Channel.REDDIT:
            from connectors.reddit.settings import RedditSettings

            return RedditSettings
        case Channel.X:
            from connectors.x.settings import XSettings

            return XSettings


def connector_of(channel: Channel) -> Callable[[SourceContext, Any], Connector]:
    """How a channel's connector is made, from its context and its own settings."""
    match channel:
        case Channel.EMAIL:
            from connectors.email.connector import EmailConnector

            return EmailConnector
        case Channel.FORM:
            from connectors.form.connector import FormConnector

            return FormConnector
        case Channel.FILE:
            from connectors.file.connector import FileConnector

            return FileConnector
        case Channel.REDDIT:
            from connectors.reddit.connector import RedditConnector

            return RedditConnector
        case Channel.X:
            from connectors.x.connector import XConnector

            return XConnector


def connector_for(settings: Settings, source: SourceSettings, clock: Clock) -> Connector:
    """The connector of one source; nothing is contacted yet. Raises ConfigurationError with the line of a wrong key."""
    context = SourceContext(
        SourceName(source.name),
        settings.base,
        clock,
        source.password,
        settings.business.own_addresses,
        source.refresh_token,
        source.client_secret,
        settings.state_dir,
    )
    return connector_of(source.channel)(context, _options(settings, source))


def check_options(settings: Settings) -> None:
    """Check what every source says to its channel. Raises ConfigurationError with everything that is wrong."""
    problems = []
    for source in settings.source:
        try:
            _options(settings, source)
        except ConfigurationError as error:
            problems.append(str(error))
    if problems:
        raise ConfigurationError("\n".join(problems))


def _options(settings: Settings, source: SourceSettings) -> BaseModel:
    model = settings_of(source.channel)
    try:
        return model.model_validate(source.options)
    except ValidationError as error:
        index = settings.source.index(source)
        text = settings.path.read_text("utf-8")
        raise ConfigurationError("\n".join(explain(settings.path, text, error, model, ("source", index)))) from error
