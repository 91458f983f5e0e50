"""The API keeps its own description: every answer is one that OpenAPI announces, whoever asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
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
from hoptac.registration.actions import receive
from hoptac.registration.models import Filing
from hoptac.registry.models import Cooperative


def run(
    ctx: Context, examples: int, *, seed: int = 0, bodies: list[Any] | None = None,
    dossiers: list[Any] | None = None,
) -> Counter[int]:  # fmt: skip
    """Try every operation with made-up input; return how often each status was answered.

    Half of the calls go to bodies or filings that exist, with their present version.
    """
    _token, secret = acts.make_token(ctx, name="contract", scopes=["read", "write"])
    authorized = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    answered: Counter[int] = Counter()
    for found in schema.get_all_operations():
        operation = found.ok()
        is_of_filings = operation.path.startswith("/api/v1/filings")
        known: list[Any] = [*((dossiers if is_of_filings else bodies) or []), None]

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=not seed,
            phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @seeded(seed)
        @given(case=operation.as_strategy(), real=st.sampled_from(known))
        def try_it(case: Any, real: Any) -> None:
            callers.forget()
            headers = dict(authorized)
            if real is not None and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = str(real)
                kind: Any = Filing if "filings" in case.operation.path else Cooperative
                version = kind.objects.get(pk=real).version
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


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_about_filings(
    province: Any, units: Any, officer: Callable[..., Context], the_system: Context
) -> None:
    filing = receive(the_system, "reissue", cooperative=province.hoa_an, applicant="Ai",
                     proposal={"reason": "mất"}, papers=["application"])  # fmt: skip
    answered = run(
        officer("registration_officer", unit=units.district("Giồng Riềng")),
        25,
        dossiers=[filing.pk],
    )
    assert answered[200] > 30


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced(province: Any) -> None:
    answered = run(province.department, 25, bodies=[province.hoa_an.pk])
    assert answered.total() > 150
    assert answered[200] > 30


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_answer_is_unannounced_in_many_more_cases(province: Any, seed: int) -> None:
    answered = run(province.department, 180, seed=seed, bodies=[province.hoa_an.pk])
    assert answered.total() > 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_whatever_the_role(
    province: Any, officer: Callable[..., Context], the_system: Context
) -> None:
    for number, role in enumerate(sorted(ROLES), start=10):
        if "accounts.own_tokens" in ROLES[role].permissions:
            run(officer(role), 25, seed=number, bodies=[province.hoa_an.pk])
