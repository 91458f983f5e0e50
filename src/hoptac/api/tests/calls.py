"""Calls as programs make them, and what they are answered."""

from __future__ import annotations

from typing import Any

from django.test import Client


def post(
    client: Client, address: str, version: int | None = None, key: str = "", **data: Any
) -> Any:
    """Send an act, with the version that was read and a key."""
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    if key:
        headers["Idempotency-Key"] = key
    return client.post(address, data, content_type="application/json", headers=headers)


def done(answer: Any) -> int:
    """Return the new version of what was acted upon."""
    assert answer.status_code == 200, answer.content
    return int(answer.json()["version"])


def codes(answer: Any) -> tuple[int, list[str]]:
    """Return the status of an answer, and why it was refused."""
    return answer.status_code, [f["code"] for f in answer.json().get("findings", ())]
