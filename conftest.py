"""Fixtures for every test: units, cooperatives and officers in desk words.

The units are loaded once a session by the real act and outlive every test. A test that needs more
than its own transaction (``live_server``, ``transactional_db``) is swept by :func:`_sweep`, since
the register's tables refuse to be emptied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pgtrigger
import pytest
from django.db import connection, transaction
from django.test import Client, TransactionTestCase

from hoptac.foundation.access import Context, system_context

# The files that take longest go first, so that no process is left alone with one at the end.
_LONG = ("test_permission_matrix.py", "test_filings.py", "test_every_act.py", "test_canaries.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; what else there is keeps its order."""
    items.sort(key=lambda item: item.path.name not in _LONG)


# What the session's set-up made, and no test changes.
_KEPT = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "jurisdiction_adminunit",
    "jurisdiction_unitplacement",
    "jurisdiction_unitsuccession",
}
THEN = date(2019, 12, 31)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the province's units once, after the test database stands; leave it to nobody."""
    from hoptac.jurisdiction.actions import load_kien_giang_units

    TransactionTestCase._fixture_teardown = _sweep  # type: ignore[method-assign]
    with django_db_blocker.unblock():
        load_kien_giang_units(system_context())
    yield
    with django_db_blocker.unblock():
        _end_other_sessions()


def _end_other_sessions() -> None:
    """End what a browser's last request may still hold, so that the test database can be dropped."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _sweep(self: TransactionTestCase) -> None:
    """Empty every table but the kept ones, past the triggers that refuse it."""
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = ", ".join(connection.ops.quote_name(t) for t in sorted(set(tables) - _KEPT))
    with transaction.atomic(), pgtrigger.ignore(), connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names}")


@pytest.fixture(autouse=True)
def _fresh_caches() -> Iterator[None]:
    """Forget what one test's transaction taught the process, and its language."""
    from django.core.cache import cache
    from django.utils import translation

    from hoptac.foundation.rulebook import marks
    from hoptac.foundation.working_days import reckoning

    marks.forget()
    reckoning.forget()
    yield
    translation.activate("vi")
    cache.clear()


@dataclass(frozen=True)
class Units:
    """The units of the map by the names people say: ``units.district("Rạch Giá")``."""

    @staticmethod
    def district(name: str) -> Any:
        return _unit("district", name, THEN)

    @staticmethod
    def commune(name: str, district: str = "", on: date = THEN) -> Any:
        """Return a commune of the day (31 December 2019 unless said)."""
        return _unit("commune", name, on, parent=district)

    @staticmethod
    def a_commune_of(district: str) -> Any:
        return _unit("commune", "", THEN, parent=district)

    @staticmethod
    def province(on: date = THEN) -> Any:
        return _unit("province", "", on)


def _unit(level: str, name: str, on: date, parent: str = "") -> Any:
    from hoptac.jurisdiction.models import AdminUnit

    found = AdminUnit.objects.on(on).filter(level=level)
    if name:
        found = found.filter(name=name)
    if parent:
        found = found.filter(parent__name=parent)
    return found.in_order()[:1].get()


@pytest.fixture
def units(db: None) -> Units:
    return Units()


@pytest.fixture
def the_system(db: None) -> Context:
    """The system's own context, which may do everything; named by no person."""
    return system_context()


@pytest.fixture
def cooperative(units: Units, the_system: Context) -> Callable[..., Any]:
    """Enter a body by the real act: ``cooperative(name="HTX Hoà An", district="Giồng Riềng")``.

    ``members``, ``workers``, ``area``, ``charter_capital`` are figures as of ``on``; every other
    word is one of its particulars. ``commune`` is a unit or a commune's name.
    """
    from hoptac.registry.actions import record_cooperative

    count = iter(range(1, 100_000))

    def make(
        *,
        kind: str = "cooperative",
        district: str = "Rạch Giá",
        commune: Any = None,
        on: date = THEN,
        source: str = "",
        ctx: Context | None = None,
        **details: Any,
    ) -> Any:
        if commune is None:
            commune = units.a_commune_of(district)
        elif isinstance(commune, str):
            commune = units.commune(commune)
        measures = ("charter_capital", "area", "members", "workers")
        figures = {m: details.pop(m) for m in measures if m in details}
        particulars = {
            "name": f"Hợp tác xã Số {next(count)}",
            "sector": "agriculture",
            "commune_id": commune.pk,
            "established_on": date(2015, 6, 1),
            **details,
        }
        return record_cooperative(
            ctx or the_system, kind, particulars=particulars, figures=figures, as_of=on,
            source=source,
        )  # fmt: skip

    return make


@pytest.fixture
def officer(units: Units, the_system: Context) -> Callable[..., Context]:
    """Return a person in office: ``officer("department_officer")``, ``officer(role, unit=district)``.

    Without a unit, agency or cooperative the mandate covers the province.
    """
    from hoptac.foundation.accounts.middleware import context_of
    from hoptac.foundation.accounts.models import User
    from hoptac.jurisdiction.actions import give_mandate

    count = iter(range(1, 100_000))

    def make(role: str = "department_officer", *, name: str = "", **mandate: Any) -> Context:
        number = next(count)
        if not set(mandate) & {"unit", "agency", "cooperative_id"}:
            mandate["unit"] = units.province(date(2026, 1, 1))
        user = User.objects.create_user(
            f"{role}.{number}", "mật khẩu đủ dài", full_name=name or f"Nguyễn Văn {number}"
        )
        give_mandate(the_system, user, role=role, **{"from_on": date(2015, 1, 1), **mandate})
        user.refresh_from_db()
        return context_of(user)

    return make


@pytest.fixture
def client_of() -> Callable[[Context], Client]:
    """Return a browser in which the officer has signed in, with the second factor."""
    from django.conf import settings

    from hoptac.foundation.accounts.sessions import open_session

    def make(ctx: Context) -> Client:
        client = Client()
        assert ctx.user is not None
        client.cookies[settings.SESSION_COOKIE_NAME] = open_session(ctx.user)
        return client

    return make


@dataclass(frozen=True)
class Province:
    """A small province: two districts, a few bodies, an officer for the whole and for each."""

    units: Units
    department: Context
    district: Context
    other_district: Context
    hoa_an: Any
    tan_hiep: Any
    credit_fund: Any
    group: Any
    ended: Any


@pytest.fixture
def province(
    units: Units, cooperative: Callable[..., Any], officer: Callable[..., Context]
) -> Province:
    """Return bodies of both districts as of 31 December 2019 and the officers who keep them.

    ``hoa_an``, ``credit_fund`` and ``ended`` lie in Giồng Riềng, ``tan_hiep`` and ``group`` in
    Tân Hiệp. ``ended`` was dissolved on 1 March 2020.
    """
    from hoptac.registry.actions import end_cooperative

    ended = cooperative(name="Hợp tác xã Đã Xong", district="Giồng Riềng", members=12)
    end_cooperative(
        system_context(reason="Quyết định giải thể số 12/QĐ-UBND"), ended, on=date(2020, 3, 1)
    )
    return Province(
        units=units,
        department=officer("department_officer", name="Trần Thị Sở"),
        district=officer("registration_officer", unit=units.district("Giồng Riềng")),
        other_district=officer("registration_officer", unit=units.district("Tân Hiệp")),
        hoa_an=cooperative(
            name="Hợp tác xã Dịch vụ nông nghiệp Hoà An", district="Giồng Riềng", members=52,
            workers=9, area=120.5, charter_capital=350_000_000, director="Huỳnh Văn Hải",
            phone="0980002670", registration_number="1709551552", source="danh-sach-2019.xlsx",
        ),
        tan_hiep=cooperative(
            name="Hợp tác xã Nông nghiệp Tân Hiệp A", district="Tân Hiệp", members=6, workers=3,
            area=40, charter_capital=90_000_000, established_on=date(2002, 4, 15),
        ),
        credit_fund=cooperative(
            name="Quỹ tín dụng nhân dân Ấp Đông", district="Giồng Riềng", sector="credit",
            members=1200, workers=14, charter_capital=12_000_000_000,
        ),
        group=cooperative(
            kind="group", name="Tổ hợp tác Bơm tưới số 2", district="Tân Hiệp", members=20, area=66
        ),
        ended=ended,
    )  # fmt: skip
