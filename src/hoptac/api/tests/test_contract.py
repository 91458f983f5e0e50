"""The API keeps its own description: every answer is one that OpenAPI announces."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings

from hoptac.api import acts, callers
from hoptac.foundation.access import Context


def _run(ctx: Context, examples: int) -> int:
    _token, secret = acts.make_token(ctx, name="contract", scopes=["read", "write"])
    headers = {"Authorization": f"Bearer {secret}"}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    ran = 0
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(
            max_examples=examples, deadline=None, database=None, derandomize=True,
            phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        @given(case=operation.as_strategy())
        def try_it(case: Any) -> None:
            nonlocal ran
            callers.forget()
            response = case.call(headers=headers)
            ran += 1
            assert response.status_code < 500, (case.as_curl_command(), response.text)
            case.validate_response(response, checks=_checks())

        try_it()
    return ran


def _checks() -> list[Any]:
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

    return [not_a_server_error, status_code_conformance, content_type_conformance]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """Keep the test's connection open though a real WSGI application closes its own."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced(province: Any) -> None:
    assert _run(province.department, 20) > 100


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_no_answer_is_unannounced_in_many_more_cases(province: Any) -> None:
    assert _run(province.department, 700) > 5000
