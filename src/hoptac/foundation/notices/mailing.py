"""E-mail: how a letter is put together, and the server that takes it.

``HOPTAC_SMTP_URL`` names the server: ``smtp://user:password@host:587`` (encrypted by STARTTLS, or
nothing is sent), ``smtps://host:465`` (encrypted from the start), ``smtp+plain://localhost:25`` (not
encrypted: for a server on the same machine).
"""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from types import TracebackType
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from hoptac.foundation.outbox import Answer, Outcome

# Seconds that the server may take for each answer, and for the one that says that it has the letter.
_SECONDS = 20
_PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
# "Sign in first": nothing is wrong with the letter.
_SIGN_IN = frozenset({530, 534, 535, 538})


@dataclass(frozen=True)
class Server:
    """The mail server that the settings name."""

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @property
    def address(self) -> str:
        """What may be shown of it: everything but the name and password."""
        return f"{self.scheme}://{self.host}:{self.port}"


def server_of(url: str) -> Server | None:
    """Return the server that an address names; nothing for an empty one.

    :raises ValueError: it is no address of a mail server
    """
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise ValueError("HOPTAC_SMTP_URL: smtp://host:587, smtps://host:465, smtp+plain://host:25")
    return Server(
        parts.scheme, parts.hostname, parts.port or _PORTS[parts.scheme],
        unquote(parts.username or ""), unquote(parts.password or ""),
    )  # fmt: skip


def configured() -> Server | None:
    """Return the server that the settings name; nothing where e-mail is off."""
    return server_of(settings.SMTP_URL)


def sender() -> Address:
    """Return whom letters come from."""
    name, address = parseaddr(settings.MAIL_FROM)
    if "@" not in address:
        address = f"hoptac@{urlsplit(settings.PUBLIC_URL).hostname or 'localhost'}"
    local, _at, domain = address.rpartition("@")
    return Address(name or "Hoptac", local, domain.encode("idna").decode())


def compose(
    *,
    name: str,
    address: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    at: datetime,
    language: str,
    leave: str,
) -> EmailMessage:
    """Put a letter together: plain text and HTML, with what marks it as written by a machine.

    ``leave`` is the page on which the reader chooses what comes by e-mail.
    """
    letter = EmailMessage(policy=SMTP)
    local, _at, domain = address.strip().rpartition("@")
    letter["From"] = sender()
    letter["To"] = Address(" ".join(name.split()), local, domain.encode("idna").decode())
    letter["Subject"] = " ".join(subject.split())[:200]
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = message_id
    letter["Auto-Submitted"] = "auto-generated"
    letter["X-Auto-Response-Suppress"] = "All"
    letter["List-Unsubscribe"] = f"<{leave}>"
    letter["Content-Language"] = language
    letter.set_content(text, cte="base64")
    letter.add_alternative(html, subtype="html", cte="base64")
    return letter


class Post:
    """A connection to the mail server, opened with the first letter and kept for those that follow.

    ``send`` never raises for what the other side does. An answer without a status is trouble with the
    server as a whole (no connection, no encryption, no sign-in), not with the letter.
    """

    def __init__(self, server: Server, *, seconds: float = _SECONDS) -> None:
        self.server, self.seconds = server, seconds
        self._open: smtplib.SMTP | None = None

    def __enter__(self) -> Post:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        if self._open is not None:
            try:
                self._open.quit()
            except (OSError, smtplib.SMTPException):
                self._open.close()
            self._open = None

    def send(self, letter: EmailMessage, to: str) -> Answer:
        """Hand one letter over. Only the server's word that it has the whole letter counts."""
        try:
            connection = self._connection()
        except (OSError, smtplib.SMTPException, ValueError) as error:
            return self._trouble(error)
        local, _at, domain = to.strip().rpartition("@")
        try:
            return self._handed_over(
                connection, letter.as_bytes(), f"{local}@{domain.encode('idna').decode()}"
            )
        except (OSError, smtplib.SMTPException) as error:
            return self._trouble(error)

    def _connection(self) -> smtplib.SMTP:
        """Return the open connection, or a new one: greeted, encrypted, signed in."""
        if self._open is not None:
            try:
                if self._open.noop()[0] == 250:
                    return self._open
            except (OSError, smtplib.SMTPException):
                pass
            self._open.close()
            self._open = None
        server, safe = self.server, ssl.create_default_context()
        where: dict[str, Any] = {"host": server.host, "port": server.port, "timeout": self.seconds}
        found = (
            smtplib.SMTP_SSL(context=safe, **where)
            if server.scheme == "smtps"
            else smtplib.SMTP(**where)
        )
        try:
            if server.scheme == "smtp":
                found.starttls(context=safe)
            if server.user:
                found.login(server.user, server.password)
        except BaseException:
            found.close()
            raise
        self._open = found
        return found

    def _handed_over(self, connection: smtplib.SMTP, letter: bytes, to: str) -> Answer:
        connection.ehlo_or_helo_if_needed()
        code, said = connection.mail(sender().addr_spec)
        if code != 250:
            # The sender is ours: nothing is wrong with the letter.
            self.close()
            return Answer(Outcome.FAILED, None, _words(code, said))
        code, said = connection.rcpt(to)
        if code not in {250, 251, 252}:
            return self._turned_down(connection, code, said)
        try:
            code, said = connection.data(letter)
        except smtplib.SMTPDataError as error:
            code, said = error.smtp_code, _bytes(error.smtp_error)
        if code != 250:
            return self._turned_down(connection, code, said)
        return Answer(Outcome.ACCEPTED, code, "", _words(code, said)[:120])

    def _turned_down(self, connection: smtplib.SMTP, code: int, said: bytes) -> Answer:
        """Tell a letter that is refused for good (5xx) from one to be tried again (4xx)."""
        words = _words(code, said)
        if code == 421 or code in _SIGN_IN or not 400 <= code < 600:
            self.close()
            return Answer(Outcome.FAILED, None, words)
        connection.rset()
        return Answer(Outcome.REFUSED if code >= 500 else Outcome.FAILED, code, words)

    def _trouble(self, error: Exception) -> Answer:
        if self._open is not None:
            self._open.close()
            self._open = None
        if isinstance(error, smtplib.SMTPResponseException):
            words = _words(error.smtp_code, _bytes(error.smtp_error))
        else:
            words = str(error) or type(error).__name__
        return Answer(Outcome.FAILED, None, words)


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _words(code: int, said: bytes) -> str:
    return f"{code} {said.decode('utf-8', 'replace')}".strip()
