"""Sessions: one row holds the browser's state, the person, and what must still be true of both.

The middleware reads session and person in one query and writes nothing on ordinary reads but the
moment of last use, at most once a minute.
"""

from __future__ import annotations

import functools
import hashlib
import json
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, login
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.database import ask

IDLE = timedelta(minutes=30)
WHOLE = timedelta(hours=12)
_NOTED_EVERY = timedelta(minutes=1)
EPOCH, SECOND, CONFIRMED = "epoch", "second_factor", "confirmed_at"


class SessionStore(SessionBase):
    """Django's session kept in :class:`Session`; ``row`` brings the person along.

    ``over`` says why a session that the browser still names is at its end: ``idle``, ``aged`` or
    ``revoked``, or ``ended`` where nothing more is known.
    """

    row: Session | None = None
    over = ""

    @staticmethod
    def digest(key: str) -> str:
        """Return what the table holds of a key."""
        return hashlib.sha256(key.encode()).hexdigest()

    def load(self) -> dict[str, Any]:
        if self.session_key is None:
            return {}
        row = _read(self.digest(self.session_key))
        if row is not None:
            self.over = why_over(row)
        if row is None or self.over:
            self.over = self.over or "ended"
            self._session_key = None
            return {}
        self.row = row
        return dict(row.data)

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(key=self.digest(session_key)).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            return self.create()
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now = timezone.now()
        values = {
            "data": data,
            "user_id": data.get(SESSION_KEY),
            "epoch": data.get(EPOCH),
            "address": data.get("address", ""),
            "device": data.get("device", ""),
            "seen_at": now,
        }
        key = self.digest(self.session_key)
        if not must_create:
            if not Session.objects.filter(key=key).update(**values):
                raise UpdateError
            return None
        try:
            with transaction.atomic():
                self.row = Session(key=key, started_at=now, **values)
                self.row.save(force_insert=True)
        except IntegrityError as error:
            raise CreateError from error
        return None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(key=self.digest(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        now = timezone.now()
        Session.objects.filter(seen_at__lt=now - IDLE).delete()
        Session.objects.filter(started_at__lt=now - WHOLE).delete()


@functools.cache
def _question() -> tuple[str, list[str], list[str]]:
    """Return the one statement that reads a session with its person, and the fields it gives."""
    mine, theirs = Session._meta.concrete_fields, User._meta.concrete_fields
    columns = [f's."{f.column}"' for f in mine] + [f'u."{f.column}"' for f in theirs]
    sql = (
        f"SELECT {', '.join(columns)} FROM {Session._meta.db_table} s"  # noqa: S608
        f" LEFT JOIN {User._meta.db_table} u ON u.id = s.user_id WHERE s.key = %s"
    )
    return sql, [f.attname for f in mine], [f.attname for f in theirs]


def _read(key: str) -> Session | None:
    """Read a session with its person: every page does, so it is asked without building a query."""
    sql, mine, theirs = _question()
    rows = ask(sql, [key])
    if not rows:
        return None
    found = rows[0]
    row = Session.from_db(connection.alias, mine, found[: len(mine)])
    if isinstance(row.data, str):
        row.data = json.loads(row.data)
    if row.user_id is not None:
        row.user = User.from_db(connection.alias, theirs, found[len(mine) :])
    return row


def why_over(row: Session) -> str:
    """Return why a session is over, or nothing where it goes on."""
    now = timezone.now()
    if row.started_at < now - WHOLE:
        return "aged"
    if row.seen_at < now - IDLE:
        return "idle"
    user = row.user
    if user is not None and not (
        user.is_active
        and row.epoch == user.session_epoch
        and constant_time_compare(row.data.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    ):
        return "revoked"
    return ""


def person_of(session: Any) -> User | None:
    """Return who signed in in this session, and note that it is in use."""
    session.get(SESSION_KEY)  # reads the row
    row: Session | None = session.row
    if row is None or row.user is None:
        return None
    now = timezone.now()
    if row.seen_at < now - _NOTED_EVERY:
        Session.objects.filter(pk=row.pk).update(seen_at=now)
    return row.user


def address_of(request: HttpRequest) -> str:
    """Return the client's address, as the last of our own proxies saw it."""
    proxies = settings.TRUSTED_PROXIES
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    if proxies and len(hops) >= proxies:
        return hops[-proxies][:45]
    return str(request.META.get("REMOTE_ADDR") or "")[:45]


def device_of(request: HttpRequest) -> str:
    """Return browser and system in words that a person recognises: ``Firefox, Windows``."""
    agent = request.headers.get("User-Agent", "")
    browsers = {"Edg": "Edge", "OPR": "Opera", "coc_coc": "Cốc Cốc", "Firefox": "Firefox",
                "Chrome": "Chrome", "Safari": "Safari"}  # fmt: skip
    systems = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows",
               "Mac OS": "macOS", "CrOS": "ChromeOS", "Linux": "Linux"}  # fmt: skip
    words = [
        next((name for mark, name in marks.items() if mark in agent), "")
        for marks in (browsers, systems)
    ]
    return ", ".join(w for w in words if w) or agent[:60]


def begin(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Note at sign-in what later requests are held against."""
    session = request.session
    SessionStore.clear_expired()
    session[EPOCH] = user.session_epoch
    session["address"] = address_of(request)
    session["device"] = device_of(request)
    confirm(request)


def confirm(request: HttpRequest) -> None:
    """Note that the person has just proved who they are."""
    request.session[CONFIRMED] = int(timezone.now().timestamp())


def is_confirmed(request: HttpRequest, within: timedelta) -> bool:
    """Tell whether the person proved who they are a short while ago."""
    since = request.session.get(CONFIRMED, 0)
    return bool(timezone.now().timestamp() - since < within.total_seconds())


def note_second_factor(request: HttpRequest, user: User) -> None:
    """Note that this person opened the session with the second factor, too."""
    request.session[SECOND] = str(user.pk)


def has_second_factor(session: Any, user: User) -> bool:
    """Tell whether the session was opened with a second factor, or belongs to the demonstration."""
    return bool(user.is_demo or session.get(SECOND) == str(user.pk))


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """Keep this one session after an act of its own person ended all (under a new key)."""
    session = request.session
    session.cycle_key()
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[EPOCH] = user.session_epoch


def open_session(user: User) -> str:
    """Open a session without signing in and return its key: for tests and measurements only."""
    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    note_second_factor(request, user)
    request.session.save()
    return str(request.session.session_key)


def connect() -> None:
    """Listen to sign-ins (called when the app starts)."""
    user_logged_in.connect(begin, dispatch_uid="accounts.begin")
