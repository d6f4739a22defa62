"""From a configured source to its connector. Each channel's code is loaded only when a source uses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from allears.domain.feedback import Channel, SourceName
from allears.errors import ConfigurationError
from allears.ports import Clock, Connector
from allears.settings import Settings, SourceSettings, explain
from connectors.context import SourceContext


@dataclass(frozen=True, slots=True)
class ChannelKit:
    """What a channel brings: the settings of its sources, and how a connector is made from them."""

    settings: type[BaseModel]
    connector: Callable[[SourceContext, Any], Connector]


def kit(channel: Channel) -> ChannelKit:
    """The kit of a channel."""
    # ruff: noqa: PLC0415 - praw, tweepy and imap_tools cost time and memory; who does not use a channel does not pay for it
    match channel:
        case Channel.EMAIL:
            from connectors.email.connector import EmailConnector
            from connectors.email.settings import EmailSettings

            return ChannelKit(EmailSettings, EmailConnector)
        case Channel.FORM:
            from connectors.form.connector import FormConnector
            from connectors.form.settings import FormSettings

            return ChannelKit(FormSettings, FormConnector)
        case Channel.FILE:
            from connectors.file.connector import FileConnector
            from connectors.file.settings import FileSettings

            return ChannelKit(FileSettings, FileConnector)
        case Channel.REDDIT:
            from connectors.reddit.connector import RedditConnector
            from connectors.reddit.settings import RedditSettings

            return ChannelKit(RedditSettings, RedditConnector)
        case Channel.X:
            from connectors.x.connector import XConnector
            from connectors.x.settings import XSettings

            return ChannelKit(XSettings, XConnector)


def connector_for(settings: Settings, source: SourceSettings, clock: Clock) -> Connector:
    """The connector of one source; nothing is contacted yet. Raises ConfigurationError with the line of a wrong key."""
    made = kit(source.channel)
    context = SourceContext(SourceName(source.name), settings.base, clock, source.password, settings.business.own_addresses)
    return made.connector(context, _options(settings, source, made.settings))


def check_options(settings: Settings) -> None:
    """Check what every source says to its channel. Raises ConfigurationError with everything that is wrong."""
    problems = []
    for source in settings.source:
        try:
            _options(settings, source, kit(source.channel).settings)
        except ConfigurationError as error:
            problems.append(str(error))
    if problems:
        raise ConfigurationError("\n".join(problems))


def _options(settings: Settings, source: SourceSettings, model: type[BaseModel]) -> BaseModel:
    try:
        return model.model_validate(source.options)
    except ValidationError as error:
        index = settings.source.index(source)
        text = settings.path.read_text("utf-8")
        raise ConfigurationError("\n".join(explain(settings.path, text, error, model, ("source", index)))) from error
