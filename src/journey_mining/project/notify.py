"""`[notify]` of `journey.toml`: who is told of a night, and of what. Secrets stand in the environment, never here."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, model_validator

from journey_mining.project.values import Strict

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class WebhookSettings(Strict):
    """An address that takes JSON; it is a secret in itself."""

    url_variable: str = "JOURNEY_WEBHOOK_URL"
    """environment variable that holds the address"""


class MailSettings(Strict):
    """A server that takes mail."""

    host: str = Field(min_length=1)
    """name of the server"""
    port: int = Field(default=587, ge=1, le=65535)
    """where it listens"""
    security: Literal["starttls", "tls", "none"] = "starttls"
    """none is allowed on this machine only"""
    sender: str = Field(pattern=r"^\S+@\S+$")
    """address that mails come from"""
    to: tuple[str, ...] = Field(min_length=1)
    """addresses that mails go to"""
    user_variable: str = "JOURNEY_SMTP_USER"
    """environment variable with the name of the account; without it nobody logs in"""
    password_variable: str = "JOURNEY_SMTP_PASSWORD"  # noqa: S105 - the name of a variable
    """environment variable with its password"""

    @model_validator(mode="after")
    def _is_private_on_the_way(self) -> Self:
        if self.security == "none" and self.host not in _HERE:
            message = "mail leaves this machine with starttls or tls only"
            raise ValueError(message)
        return self


class TelegramSettings(Strict):
    """A bot that writes into a chat."""

    chat: str = Field(pattern=r"^(-?\d+|@\w+)$")
    """number of the chat, or @name of a channel"""
    token_variable: str = "JOURNEY_TELEGRAM_TOKEN"  # noqa: S105 - the name of a variable
    """environment variable that holds the bot's token"""
    api: str = "https://api.telegram.org"
    """another address for a Bot API server of your own; https, except on this machine"""

    @model_validator(mode="after")
    def _is_private_on_the_way(self) -> Self:
        if not self.api.startswith("https://") and urlsplit(self.api).hostname not in _HERE:
            message = "the token leaves this machine over https only"
            raise ValueError(message)
        return self


class NotifySettings(Strict):
    """All of `[notify]`; without a channel nobody is told."""

    about: tuple[Literal["alarm", "gate", "failed", "rejected"], ...] = ("alarm", "gate", "failed", "rejected")
    """what is told: behaviour that left its band, a source past a gate, a failed night, a rejected file"""
    language: Literal["ru", "en"] | None = None
    """default: the first language of the site"""
    site_url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    """where readers open the site; default: its place on disk"""
    webhook: WebhookSettings | None = None
    mail: MailSettings | None = None
    telegram: TelegramSettings | None = None
    prefect_blocks: tuple[str, ...] = ()
    """notification blocks such as "slack-webhook/alerts"; used where the nightly flow runs under Prefect"""
