"""How a message reaches a national system: by a service, or in a package that people hand in.

The day a real service exists, only an adapter is written: an object with ``address`` and ``send``.
"""

from __future__ import annotations

import http.client
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings

from hoptac.foundation.outbox import Answer, Outcome

_SECONDS = 20
_MOST_ANSWER = 64 * 1024
# Answers that say "not now": the message is tried again later.
_LATER = frozenset({408, 421, 423, 425, 429})
# "We have this already": told before, and as good as accepted where the receipt comes along.
_KNOWN = 409
# The path under which the bundled stand-in serves, so that nobody takes it for the real system.
STAND_IN = "mo-phong"


def body_of(content: Mapping[str, Any]) -> bytes:
    """Return a message as it is sent: the same content is the same bytes."""
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


class Adapter(Protocol):
    """Sends messages somewhere. ``send`` never raises for what the other side does."""

    @property
    def address(self) -> str: ...

    def send(self, key: str, content: Mapping[str, Any]) -> Answer: ...


@dataclass(frozen=True)
class HttpAdapter:
    """Posts each message as JSON. The key goes along, so that one sent twice is counted once."""

    address: str
    token: str = ""
    seconds: float = _SECONDS

    def send(self, key: str, content: Mapping[str, Any]) -> Answer:
        """Post one message. Only an answer with a receipt counts as accepted."""
        parts = urlsplit(self.address)
        kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
        connect = kind.get(parts.scheme)
        if connect is None or not parts.hostname:
            return Answer(Outcome.FAILED, text=f"HOPTAC_EXCHANGE_URL: {self.address}")
        body = body_of(content)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Accept": "application/json",
            "Idempotency-Key": key,
        }
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        connection = connect(parts.hostname, parts.port, timeout=self.seconds)
        try:
            connection.request("POST", f"{parts.path.rstrip('/')}/records", body, headers)
            response = connection.getresponse()
            text = response.read(_MOST_ANSWER).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return Answer(Outcome.FAILED, text=f"{type(error).__name__}: {error}"[:1000])
        finally:
            connection.close()
        return _judged(response.status, text)


def _judged(status: int, text: str) -> Answer:
    try:
        said = json.loads(text)
    except ValueError:
        said = {}
    told = said if isinstance(said, dict) else {}
    words = str(told.get("message") or text)[:1000]
    receipt = str(told.get("receipt") or "")[:120]
    if 200 <= status < 300:
        if receipt:
            return Answer(Outcome.ACCEPTED, status, words, receipt)
        return Answer(Outcome.FAILED, status, words or "no receipt")
    if status == _KNOWN and receipt:
        return Answer(Outcome.ACCEPTED, status, words, receipt)
    if 400 <= status < 500 and status not in _LATER:
        return Answer(Outcome.REFUSED, status, words)
    return Answer(Outcome.FAILED, status, words)


@dataclass(frozen=True)
class FileAdapter:
    """Writes each message as a file into a folder, to be handed in; the file's name is the receipt."""

    folder: Path

    @property
    def address(self) -> str:
        return str(self.folder)

    def send(self, key: str, content: Mapping[str, Any]) -> Answer:
        """Write one package whole or not at all; the same key gives the same file."""
        safe = "".join(c if c.isalnum() or c in "-." else "-" for c in key)
        path = self.folder / f"{safe}.json"
        text = json.dumps({"key": key, **content}, ensure_ascii=False, indent=1, sort_keys=True)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(
                "w", encoding="utf-8", dir=self.folder, prefix=".", delete=False
            ) as part:
                part.write(text)
                part.flush()
                os.fsync(part.fileno())
            Path(part.name).replace(path)
        except OSError as error:
            return Answer(Outcome.FAILED, text=f"{error.strerror}: {error.filename}"[:1000])
        return Answer(Outcome.ACCEPTED, receipt=path.name)


def configured() -> Adapter | None:
    """Return the adapter that the settings name; nothing where nothing is to be sent."""
    if settings.EXCHANGE_URL:
        return HttpAdapter(settings.EXCHANGE_URL, settings.EXCHANGE_TOKEN)
    if settings.EXCHANGE_FOLDER:
        return FileAdapter(Path(settings.EXCHANGE_FOLDER))
    return None


def is_stand_in(adapter: Adapter | None) -> bool:
    """Tell whether messages go to the bundled stand-in, which no State system knows of."""
    return adapter is not None and f"/{STAND_IN}" in adapter.address
