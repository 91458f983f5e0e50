"""The shapes that the API speaks, documented by OpenAPI 3.1: here those that every matter shares."""

from __future__ import annotations

import base64
from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

# Every text of PostgreSQL: anything but NUL.
WRITTEN = r"^[^\x00]*$"
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2200, 1, 1))]
Code = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]*$")]


def text(most: int, default: Any = None, *, least: int = 0) -> Any:
    """Return the field of a text of at most so many characters."""
    return Field(default, max_length=most, min_length=least, pattern=WRITTEN)


class Strict(Schema):
    """What is sent: a field that nobody reads is refused."""

    model_config = ConfigDict(extra="forbid")


def _decoded(value: Any) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (ValueError, TypeError):
        raise PydanticCustomError("base64", "Base64 is needed.") from None


Content = Annotated[
    bytes,
    BeforeValidator(_decoded),
    WithJsonSchema({"type": "string", "contentEncoding": "base64"}),
]


class FileIn(Strict):
    """A file: its name, which says its kind, and its bytes in Base64."""

    name: str = Field(max_length=200, min_length=1, pattern=WRITTEN)
    content: Content = Field(description="Base64")


class Note(Schema):
    """One reason for a refusal."""

    code: str = ""
    message: str
    field: str = ""
    basis: str = ""


class ProblemBody(Schema):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str | None = None
    findings: list[Note] | None = None


class Done(Schema):
    """What was acted upon and its new version."""

    id: UUID
    version: int


class Named(Schema):
    """Something by its id and the name it has."""

    id: UUID
    name: str
