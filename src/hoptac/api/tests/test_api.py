"""The machines' door: what it shows to whom, and what it refuses how."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hoptac.api import acts, limits
from hoptac.api.callers import forget
from hoptac.foundation.access import Context
from hoptac.foundation.audit.models import Act
from hoptac.registry.models import Cooperative

ROOT = "/api/v1/cooperatives"


@pytest.fixture(autouse=True)
def _no_callers_kept() -> None:
    forget()


@pytest.fixture
def machine() -> Callable[..., Client]:
    """Return a program that acts for an officer: ``machine(officer, "read", "write")``."""

    def make(ctx: Context, *scopes: str) -> Client:
        _token, secret = acts.make_token(ctx, name="thử", scopes=list(scopes or ("read",)))
        return Client(headers={"authorization": f"Bearer {secret}"})

    return make


@pytest.fixture
def reader(province: Any, machine: Callable[..., Client]) -> Client:
    return machine(province.department, "read", "write")


def names(answer: Any) -> list[str]:
    return [item["name"] for item in answer.json()["items"]]


def test_a_search_without_marks_finds_the_same_as_one_with_marks(reader: Client) -> None:
    plain, marked = (
        reader.get(ROOT, {"q": "hop tac xa hoa an"}),
        reader.get(ROOT, {"q": "Hợp tác xã Hoà An"}),
    )
    assert names(plain) == names(marked) == ["Hợp tác xã Dịch vụ nông nghiệp Hoà An"]


def test_the_list_is_alphabetical_and_the_cursor_neither_repeats_nor_skips(reader: Client) -> None:
    whole = names(reader.get(ROOT))
    seen, cursor = [], ""
    while True:
        page = reader.get(ROOT, {"limit": 1, "cursor": cursor}).json()
        seen += [i["name"] for i in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert seen == whole
    assert len(whole) == 4  # the one that ended is left out


def test_the_list_of_a_past_day_shows_what_was(reader: Client) -> None:
    assert "Hợp tác xã Đã Xong" in names(reader.get(ROOT, {"as_of": "2019-12-31"}))
    assert "Hợp tác xã Đã Xong" not in names(reader.get(ROOT, {"as_of": "2020-06-30"}))


def test_another_districts_body_is_as_missing_as_one_that_never_was(
    province: Any, machine: Callable[..., Client]
) -> None:
    stranger = machine(province.other_district)
    outside = stranger.get(f"{ROOT}/{province.hoa_an.pk}")
    missing = stranger.get(f"{ROOT}/00000000-0000-7000-8000-000000000000")
    assert outside.status_code == missing.status_code == 404
    assert outside.content == missing.content
    assert "Hoà An" not in stranger.get(ROOT).text
    assert stranger.get(f"{ROOT}/{province.hoa_an.pk}/figures").status_code == 404
    assert stranger.get(f"{ROOT}/{province.hoa_an.pk}/history").status_code == 404


def test_people_are_shown_only_to_those_who_may_see_them(
    province: Any, officer: Callable[..., Context], machine: Callable[..., Client], reader: Client
) -> None:
    assert reader.get(f"{ROOT}/{province.hoa_an.pk}").json()["director"] == "Huỳnh Văn Hải"
    assert names(reader.get(ROOT, {"q": "Huỳnh Văn Hải"}))


def test_an_unchanged_body_is_not_sent_again(province: Any, reader: Client) -> None:
    first = reader.get(f"{ROOT}/{province.hoa_an.pk}")
    again = reader.get(
        f"{ROOT}/{province.hoa_an.pk}", headers={"if-none-match": first.headers["ETag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def send(client: Client, address: str, body: Any, **headers: str) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json", headers=headers)


def test_an_act_needs_the_version_read_and_counts_it_up(province: Any, reader: Client) -> None:
    address = f"{ROOT}/{province.hoa_an.pk}/figures"
    body = {"figures": {"members": 60}, "as_of": "2020-06-30"}
    assert send(reader, address, body).status_code == 428
    assert send(reader, address, body, **{"if-match": '"99"'}).status_code == 412
    tag = reader.get(f"{ROOT}/{province.hoa_an.pk}").headers["ETag"]
    done = send(reader, address, body, **{"if-match": tag})
    assert done.status_code == 200
    assert done.headers["ETag"] != tag
    assert send(reader, address, body, **{"if-match": tag}).status_code == 412
    assert reader.get(f"{ROOT}/{province.hoa_an.pk}").json()["members"] == 60


def test_the_same_key_does_one_thing_and_gives_one_answer(province: Any, reader: Client) -> None:
    commune = province.units.commune("Hoà An", "Giồng Riềng")
    body = {
        "kind": "cooperative", "as_of": "2020-01-31",
        "particulars": {"name": "Hợp tác xã Mới", "sector": "trade", "commune_id": str(commune.pk)},
    }  # fmt: skip
    count = Cooperative.objects.count()
    first = send(reader, ROOT, body, **{"idempotency-key": "k-1"})
    again = send(reader, ROOT, body, **{"idempotency-key": "k-1"})
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Cooperative.objects.count() == count + 1
    assert Act.objects.filter(name="registry.record", channel="api").count() == 1


def test_a_refusal_names_its_reasons(province: Any, reader: Client) -> None:
    tag = reader.get(f"{ROOT}/{province.hoa_an.pk}").headers["ETag"]
    answer = send(
        reader, f"{ROOT}/{province.hoa_an.pk}/changes",
        {"changes": {"registration_number": "123"}, "from_on": "2020-01-01"}, **{"if-match": tag},
    )  # fmt: skip
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["findings"][0]["code"] == "registration_number_format"


def test_a_token_that_may_only_read_does_not_write(
    province: Any, machine: Callable[..., Client]
) -> None:
    only_reads = machine(province.department, "read")
    assert send(only_reads, ROOT, {"kind": "group", "particulars": {}}).status_code == 403


@pytest.mark.parametrize(
    "head", ["", "Bearer", "Bearer x", "Basic abc", "Bearer hop_" + "x" * 5000]
)
def test_without_a_token_in_force_nothing_is_shown(db: None, head: str) -> None:
    answer = Client(headers={"authorization": head}).get(ROOT)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["status"] == 401


def test_a_revoked_token_stops_working(province: Any) -> None:
    token, secret = acts.make_token(province.department, name="x", scopes=["read"])
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get(ROOT).status_code == 200
    acts.revoke_token(province.department, token)
    forget()  # two seconds later
    assert client.get(ROOT).status_code == 401


def test_who_asks_too_often_is_told_to_wait(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_SECOND", 0.3)
    answers = [reader.get(ROOT) for _n in range(6)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429, 429]
    assert answers[0].headers["RateLimit-Policy"] == '"calls";q=3;w=10'
    assert answers[0].headers["RateLimit"].startswith('"calls";r=2;t=')
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 10


def test_all_workers_count_one_limit_together(db: None) -> None:
    """Two counters stand for two workers: each lets through what the other left, and little more."""
    now = 1000.0
    one, other = (limits.Counter("t:x", 100, 10, clock=lambda: now) for _n in range(2))
    let_through = sum(not c.take().is_over for _n in range(150) for c in (one, other))
    assert 100 <= let_through <= 110
    now = 1010.0
    assert not one.take().is_over
    limits.forget_windows(before=2000.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM api_ratecount")
        assert cursor.fetchone() == (0,)


def test_guessing_tokens_is_slowed_down_by_address(db: None) -> None:
    client = Client(headers={"authorization": "Bearer hop_guess"})
    answers = {client.get(ROOT).status_code for _n in range(limits.STRANGERS + 3)}
    assert answers == {401, 429}


ODD = [
    {"limit": "10" * 15}, {"limit": "-1"}, {"limit": "NaN"}, {"as_of": "99999-01-01"}, {"as_of": "x"},
    {"cursor": "x"}, {"cursor": "W10"}, {"district": "abc"}, {"q": "a\x00b"}, {"kind": "';--"}, {"sector": "' or 1=1"},
    {"q": "\ud800"}, {"as_of": "2020-02-31"}, {"limit": "1e3"}, {"cursor": "eyJhIjoxfQ"},
]  # fmt: skip


@pytest.mark.parametrize("query", ODD, ids=str)
def test_odd_input_is_the_callers_fault(reader: Client, query: dict[str, str]) -> None:
    from urllib.parse import urlencode

    text = urlencode(query, errors="surrogatepass")
    answer = reader.get(f"{ROOT}?{text}")
    assert 400 <= answer.status_code < 500 or (answer.status_code == 200 and "q" in query)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"kind": NaN}', b"[" * 5000, b'{"kind": "\\ud800"}', b"\xff\xfe"],
    ids=repr,
)
def test_odd_bodies_are_the_callers_fault(reader: Client, body: bytes) -> None:
    answer = reader.post(ROOT, body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_address_or_method_is_a_problem_too(reader: Client) -> None:
    assert reader.get("/api/v1/nothing").json()["status"] == 404
    answer = reader.delete(ROOT)
    assert answer.status_code == 405
    assert answer.json()["status"] == 405


def test_one_page_of_the_list_costs_one_statement(
    reader: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    reader.get(ROOT)
    with django_assert_max_num_queries(1):
        reader.get(ROOT)


def test_the_description_is_openapi_3_1_and_names_every_error(db: None) -> None:
    found = Client().get("/api/v1/openapi.json")
    assert found.status_code == 200
    spec = found.json()
    assert spec["openapi"].startswith("3.1")
    for methods in spec["paths"].values():
        for operation in methods.values():
            assert {"400", "401", "403", "404", "422", "429"} <= set(operation["responses"])


def test_the_pages_about_the_api(
    officer: Callable[..., Context], client_of: Callable[[Context], Client]
) -> None:
    client = client_of(officer("department_officer"))
    assert client.get("/api/").status_code == 200
    made = client.post("/api/tokens/", {"name": "báo cáo", "scopes": ["read"], "days": 30})
    assert "hop_" in made.text
    assert client_of(officer("supervisor")).get("/api/tokens/").status_code == 403


def test_state_of_a_day_before_the_body_was_is_not_found(province: Any, reader: Client) -> None:
    address = f"{ROOT}/{province.hoa_an.pk}"
    assert reader.get(address, {"as_of": "2001-01-01"}).status_code == 404
    assert reader.get(address, {"as_of": str(date(2019, 12, 31))}).status_code == 200
