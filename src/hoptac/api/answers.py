"""Acts over the API: once for each Idempotency-Key, and the same answer again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

import orjson
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from hoptac.api.models import Answer
from hoptac.api.problem import Problem
from hoptac.foundation.access import Context
from hoptac.foundation.actions import AlreadyDone


class Subject(Protocol):
    """What an act was upon: a body, a filing."""

    pk: Any
    version: int


# For so long the same key gets the same answer; after it the key is refused, never done again.
KEPT = timedelta(days=7)


def once(
    request: HttpRequest, ctx: Context, act: Callable[[], Subject], status: int = 200
) -> HttpResponse:
    """Carry out an act and return its answer; the same call with the same key changes nothing.

    :raises Problem: 409 where the key came with another request
    """
    key = ctx.idempotency_key
    if not key or ctx.user is None:
        return _said(request, *_done(act), status)
    fingerprint = _fingerprint(request)
    earlier = _earlier(request, ctx, fingerprint)
    if earlier is not None:
        return earlier
    try:
        with transaction.atomic():
            pk, version = _done(act)
            Answer.objects.create(
                user=ctx.user, key=key, fingerprint=fingerprint, status=status, subject_id=pk,
                version=version,
            )  # fmt: skip
    except AlreadyDone:
        # Done meanwhile by the same call, or long ago, or by another way than the API.
        earlier = _earlier(request, ctx, fingerprint)
        if earlier is None:
            raise Problem(
                409, _("The key was used before; what it was answered is gone.")
            ) from None
        return earlier
    return _said(request, pk, version, status)


def _done(act: Callable[[], Subject]) -> tuple[UUID, int]:
    body = act()
    return body.pk, body.version


def _said(request: HttpRequest, pk: UUID, version: int, status: int) -> HttpResponse:
    return HttpResponse(
        orjson.dumps({"id": pk, "version": version}), status=status,
        content_type="application/json",
        headers={"ETag": f'"{version}"', "Location": f"{_collection(request)}/{pk}"},
    )  # fmt: skip


def _collection(request: HttpRequest) -> str:
    """Return the address of the things that a call acts upon: ``/api/v1/filings``."""
    return "/".join(request.path_info.split("/")[:4])


def _earlier(request: HttpRequest, ctx: Context, fingerprint: bytes) -> HttpResponse | None:
    found = Answer.objects.filter(user=ctx.user, key=ctx.idempotency_key).first()
    if found is None:
        return None
    if bytes(found.fingerprint) != fingerprint:
        raise Problem(409)
    return _said(request, found.subject_id, found.version, found.status)


def _fingerprint(request: HttpRequest) -> bytes:
    return hashlib.sha256(request.path_info.encode() + b"\n" + request.body).digest()


def forget_old() -> int:
    """Remove answers that are no longer kept; returns how many."""
    return Answer.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]
