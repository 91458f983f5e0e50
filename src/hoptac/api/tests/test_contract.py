"""The API keeps its own description: every answer is one that OpenAPI announces, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as seeded
from hypothesis import strategies as st

from hoptac.api import acts, callers
from hoptac.foundation.access import ROLES, Context
from hoptac.jurisdiction import offices
from hoptac.plans import actions as plans
from hoptac.registration.actions import receive
from hoptac.reports import actions as reports
from hoptac.tasks import actions as tasks
from tests.reliability import acts_of_committees, acts_of_tasks


def run(
    ctx: Context, examples: int, *, seed: int = 0, known: dict[str, Any] | None = None
) -> Counter[int]:
    """Try every operation with made-up input; return how often each status was answered.

    Half of the calls that name a thing go to one that exists (``known``, by the collection it is in), with
    its present version.
    """
    _token, secret = acts.make_token(ctx, name="contract", scopes=["read", "write"])
    authorized = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    answered: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        subject = (known or {}).get(operation.path.split("/")[3])

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=not seed,
            phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @seeded(seed)
        @given(case=operation.as_strategy(), real=st.sampled_from([subject, None]))
        def try_it(case: Any, real: Any) -> None:
            callers.forget()
            headers = dict(authorized)
            if real is not None and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = str(real.pk)
                version = type(real)._default_manager.get(pk=real.pk).version
                case.headers["If-Match"] = f'"{version}"'
            response = case.call(headers=headers)
            answered[response.status_code] += 1
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            case.validate_response(response, checks=checks())

        try_it()
    return answered


def checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    return [
        not_a_server_error, status_code_conformance, content_type_conformance,
        response_schema_conformance,
    ]  # fmt: skip


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's connection open though a real WSGI application closes its own."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.fixture
def known(units: Any, the_system: Context) -> dict[str, Any]:
    """Return something of every collection of the plan at work, of one office of a commune."""
    stage = SimpleNamespace(commune=units.a_commune_of("Giồng Riềng"))
    office = acts_of_tasks.agency(stage, kind="committee")
    meeting = acts_of_committees.meeting(stage, "written", office)
    task = tasks.create_task(the_system, title="Rà soát", assigner=office)
    tasks.assign(the_system, task, lead=office)
    plan = plans.draft_plan(the_system, agency=office, year=the_system.today.year, approver=office)
    values = {"name": "HTX công nghệ cao", "unit_name": "HTX", "planned": 3}
    plans.set_target(the_system, plan, code="HTX-07", values=values)
    report = reports.begin_report(
        the_system, kind="year", year=the_system.today.year, issuer=office
    )
    offices.forget()
    return {
        "tasks": task, "plans": plan, "reports": report, "committees": meeting.committee, "meetings": meeting,
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_within_an_office(
    province: Any, units: Any, officer: Callable[..., Context], the_system: Context, known: Any
) -> None:
    filing = receive(the_system, "reissue", cooperative=province.hoa_an, applicant="Ai",
                     proposal={"reason": "mất"}, papers=["application"])  # fmt: skip
    answered = run(
        officer("registration_officer", unit=units.district("Giồng Riềng")),
        15,
        known={**known, "filings": filing},
    )
    assert answered[200] > 100


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_to_who_orders_the_work(
    units: Any, officer: Callable[..., Context], known: Any
) -> None:
    answered = run(
        officer("sector_officer", unit=known["meetings"].committee.unit), 15, known=known
    )
    assert answered[200] > 150


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced(province: Any) -> None:
    answered = run(province.department, 15, known={"cooperatives": province.hoa_an})
    assert answered.total() > 150
    assert answered[200] > 30


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_answer_is_unannounced_in_many_more_cases(province: Any, seed: int) -> None:
    answered = run(province.department, 180, seed=seed, known={"cooperatives": province.hoa_an})
    assert answered.total() > 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_whatever_the_role(
    province: Any, officer: Callable[..., Context], the_system: Context
) -> None:
    for number, role in enumerate(sorted(ROLES), start=10):
        if "accounts.own_tokens" in ROLES[role].permissions:
            run(officer(role), 25, seed=number, known={"cooperatives": province.hoa_an})
