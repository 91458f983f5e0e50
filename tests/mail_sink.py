"""A mail server of the tests' own: keeps what it is given, and is in trouble when told to be.

with MailSink() as sink:
    settings.SMTP_URL = sink.url
    sink.answers["an@x.vn"] = "451 4.7.1 busy"      # at RCPT; a 5xx refuses for good
    sink.behaves = "dies"                            # takes the letter and closes without a word
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class MailSink:
    """Listens on a port of this machine, in a thread of its own, from ``start`` to ``stop``."""

    port: int = field(default_factory=free_port)
    answers: dict[str, str] = field(default_factory=dict)
    behaves: str = "ok"  # ok, dies, slow, full, closed
    seconds: float = 0.0
    letters: list[EmailMessage] = field(default_factory=list)
    connections: int = 0
    begun: int = 0  # letters whose words came, answered or not
    _controller: Any = None

    @property
    def url(self) -> str:
        return f"smtp+plain://127.0.0.1:{self.port}"

    def __enter__(self) -> MailSink:
        self.start()
        return self

    def __exit__(self, *_trouble: object) -> None:
        self.stop()

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, ready_timeout=10)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """Return the letters that came for an address."""
        return [x for x in self.letters if address in str(x["To"])]

    # --- What the server asks of us while somebody speaks to it -----------------------------------

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.behaves == "closed":
            return "421 4.3.2 closing for maintenance"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.begun += 1
        if self.behaves == "slow":
            await asyncio.sleep(self.seconds)
        if self.behaves == "full":
            return "552 5.2.2 mailbox full"
        self.letters.append(message_from_bytes(envelope.content, policy=default))
        if self.behaves == "dies":
            server.transport.abort()
        return f"250 2.0.0 OK queued as {len(self.letters):06d}"


def text_of(letter: EmailMessage) -> str:
    """Return the plain text of a letter, decoded."""
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())
