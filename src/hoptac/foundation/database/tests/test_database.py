"""The connection: questions that stay planned, and a server that went away."""

from __future__ import annotations

import copy

import pytest
from django.db import connection, transaction

from hoptac.foundation.accounts.models import Session, User
from hoptac.foundation.database import ask, ask_for, base


@pytest.fixture
def own(db):
    """A connection of its own, outside the test's transaction."""
    made = connection.copy()
    made.settings_dict = copy.deepcopy(made.settings_dict) | {"CONN_HEALTH_CHECKS": True}
    made.connect()
    yield made
    made.close()


def one(own, sql: str = "SELECT pg_backend_pid()"):
    with own.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def next_request(own, monkeypatch) -> list[bool]:
    """Let the connection serve another request; collect each time that the server is asked."""
    asked: list[bool] = []
    usable = base.base.DatabaseWrapper.is_usable
    monkeypatch.setattr(
        base.DatabaseWrapper, "is_usable", lambda self: (asked.append(True), usable(self))[1]
    )
    own.close_if_unusable_or_obsolete()
    return asked


def test_a_question_gives_its_rows_and_is_counted(db, django_assert_num_queries):
    User.objects.create_user("chi.sau", "mật khẩu đủ dài", full_name="Chị Sáu")
    for _n in range(3):
        with django_assert_num_queries(2):
            assert ask("SELECT full_name FROM accounts_user WHERE username = %s", ["chi.sau"]) == [
                ("Chị Sáu",)
            ]
            (user,) = ask_for(User, "username = ANY(%s) ORDER BY id", [["chi.sau", "nobody"]])
        assert user == User.objects.get(username="chi.sau")
        assert user.created_at == User.objects.get(username="chi.sau").created_at


def test_a_planned_question_outlives_a_rollback_and_a_new_column(db):
    sql = "SELECT count(*) FROM accounts_session WHERE key = %s"
    assert ask(sql, ["a"]) == [(0,)]
    with transaction.atomic():
        assert ask(sql, ["b"]) == [(0,)]
        transaction.set_rollback(True)
    assert ask_for(Session, "key = %s", ["a"]) == []
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_session ADD COLUMN later integer")
    assert ask(sql, ["a"]) == [(0,)]
    assert ask_for(Session, "key = %s", ["a"]) == []


def test_the_orm_plans_nothing_ahead(own):
    for _n in range(12):
        one(own)
    assert one(own, "SELECT count(*) FROM pg_prepared_statements") == 0
    with own.asking() as cursor:
        cursor.execute("SELECT %s::int", [1])
    assert one(own, "SELECT count(*) FROM pg_prepared_statements") == 1


def test_a_server_that_hung_up_is_noticed_before_the_next_request(own, monkeypatch):
    first = one(own)
    next_request(own, monkeypatch)
    assert one(own) == first
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [first])
    asked = next_request(own, monkeypatch)
    second = one(own)
    assert asked
    assert second != first


def test_a_quiet_connection_is_asked_seldom(own, monkeypatch):
    one(own)
    next_request(own, monkeypatch)
    one(own)
    assert next_request(own, monkeypatch) == []
    one(own)
    own._checked_at -= base.CHECKED_EVERY
    asked = next_request(own, monkeypatch)
    one(own)
    assert asked == [True]


def test_a_question_also_finds_a_server_that_hung_up(own, monkeypatch):
    first = one(own)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [first])
    next_request(own, monkeypatch)
    with own.asking() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != first
