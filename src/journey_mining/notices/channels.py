"""Ways to reach people: a webhook, mail, Telegram. Standard library only; secrets come from the environment.

In: settings and a message. Out: the message, sent, or an error without any secret in it.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import urlsplit

from journey_mining.errors import JourneyMiningError
from journey_mining.project import MailSettings, NotifySettings, TelegramSettings, WebhookSettings

TIMEOUT = 20.0
"""seconds; a night does not wait longer for a channel"""
_TEXT_LIMIT = 4000
"""letters that Telegram takes in one message"""
_FINE = range(200, 300)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that goes with a message."""

    name: str
    """of the file"""
    svg: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What people read."""

    subject: str
    sentences: tuple[str, ...]
    link: str
    kinds: tuple[str, ...] = ()
    """kind of each sentence: alarm, gate, failed or rejected"""
    pictures: tuple[Picture, ...] = ()

    @property
    def text(self) -> str:
        """The whole as plain text."""
        return "\n\n".join((*self.sentences, self.link))


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A way to reach people."""

    name: str
    send: Callable[[Message], None]
    """raises JourneyMiningError where the message did not get through"""


def channels_of(settings: NotifySettings) -> list[Channel]:
    """The channels that are switched on, in a fixed order."""
    found = []
    if settings.webhook is not None:
        webhook = settings.webhook
        found.append(Channel(name="webhook", send=lambda message: _to_webhook(webhook, message)))
    if settings.mail is not None:
        mail = settings.mail
        found.append(Channel(name="mail", send=lambda message: _to_mail(mail, message)))
    if settings.telegram is not None:
        telegram = settings.telegram
        found.append(Channel(name="telegram", send=lambda message: _to_telegram(telegram, message)))
    return found


def not_sent(channel: str, why: str) -> JourneyMiningError:
    """The error of a channel; `why` must hold no secret."""
    return JourneyMiningError(
        f"The {channel} channel did not take the message: {why}.",
        expected="a channel that answers, with its secret in the environment.",
        todo="Correct [notify] or the environment, try `journey notify`; the next run sends what is still open.",
        code="NOTIFY_FAILED",
    )


def _secret(channel: str, variable: str) -> str:
    value = os.environ.get(variable, "")
    if not value:
        raise not_sent(channel, f"the environment has no {variable}")
    return value


def _to_webhook(settings: WebhookSettings, message: Message) -> None:
    content: dict[str, object] = {
        "subject": message.subject,
        "text": message.text,
        "link": message.link,
        "notices": [{"kind": kind, "text": text} for kind, text in zip(message.kinds, message.sentences, strict=False)],
        "pictures": [{"name": one.name, "type": "image/svg+xml", "content": one.svg} for one in message.pictures],
    }
    _post_json("webhook", _secret("webhook", settings.url_variable), content)


def _to_telegram(settings: TelegramSettings, message: Message) -> None:
    """Post the text, then each picture as a document.

    The text decides whether the message got through: it has the link to where the pictures stand, and a chat that
    takes no documents must not be told the same text every night.
    """
    token = _secret("telegram", settings.token_variable)
    text = f"{message.subject}\n\n{message.text}"
    if len(text) > _TEXT_LIMIT:
        room = _TEXT_LIMIT - len(message.link) - 3
        text = f"{text[:room]}…\n\n{message.link}"
    content = {"chat_id": settings.chat, "text": text, "disable_web_page_preview": True}
    place = f"{settings.api.rstrip('/')}/bot{token}"
    _post_json("telegram", f"{place}/sendMessage", content)
    for picture in message.pictures:
        with suppress(JourneyMiningError):
            _post("telegram", f"{place}/sendDocument", *_form(settings.chat, picture))


def _form(chat: str, picture: Picture) -> tuple[bytes, str]:
    """A picture as a form with a file (RFC 7578), and the type of its content."""
    edge = hashlib.sha256(picture.svg.encode()).hexdigest()
    head = 'Content-Disposition: form-data; name="{}"'.format
    body = (
        f"--{edge}\r\n{head('chat_id')}\r\n\r\n{chat}\r\n"
        f'--{edge}\r\n{head("document")}; filename="{picture.name}"\r\nContent-Type: image/svg+xml\r\n\r\n'
        f"{picture.svg}\r\n--{edge}--\r\n"
    )
    return body.encode(), f"multipart/form-data; boundary={edge}"


def _post_json(channel: str, url: str, content: dict[str, object]) -> None:
    _post(channel, url, json.dumps(content, ensure_ascii=False).encode(), "application/json; charset=utf-8")


def _post(channel: str, url: str, body: bytes, content_type: str) -> None:
    """Post; redirects are not followed, since the address is a secret."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise not_sent(channel, "its address is no http or https address")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname, parts.port, timeout=TIMEOUT)
        try:
            connection.request("POST", path, body, {"Content-Type": content_type})
            status = connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as fault:
        # the fault may quote the address, which is a secret
        raise not_sent(channel, type(fault).__name__) from None
    if status not in _FINE:
        raise not_sent(channel, f"it answered {status}")


def _to_mail(settings: MailSettings, message: Message) -> None:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = message.subject, settings.sender, ", ".join(settings.to)
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.text)
    for picture in message.pictures:
        mail.add_attachment(picture.svg.encode(), maintype="image", subtype="svg+xml", filename=picture.name)
    user = os.environ.get(settings.user_variable, "")
    try:
        with _mail_server(settings) as server:
            if user:
                server.login(user, _secret("mail", settings.password_variable))
            server.send_message(mail)
    except (OSError, smtplib.SMTPException) as fault:
        # a server may repeat the account in its answer
        raise not_sent("mail", type(fault).__name__) from None


def _mail_server(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT)
    if settings.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server
