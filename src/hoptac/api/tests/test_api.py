"""The machines' door: what it shows to whom, and what it refuses how."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from hoptac.api import acts, answers, limits, reading
from hoptac.api.callers import forget
from hoptac.api.models import Answer, ApiToken
from hoptac.foundation.access import Context
from hoptac.foundation.accounts import limits as counting
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.jurisdiction.models import Mandate
from hoptac.registry import filters
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
    one, other = (counting.Counter("t:x", 100, 10, clock=lambda: now) for _n in range(2))
    let_through = sum(not c.take().is_over for _n in range(150) for c in (one, other))
    assert 100 <= let_through <= 110
    now = 1010.0
    assert not one.take().is_over
    counting.forget_windows(before=2000.0)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_ratecount")
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


@pytest.mark.parametrize(
    ("query", "vietnamese", "english"),
    [
        ("limit=0", "Ít nhất 1.", "At least 1."),
        ("limit=ten", "Cần một số nguyên.", "A whole number is needed."),
        ("as_of=2019-02-30", "Đây không phải là ngày; hãy ghi 2019-12-31.",
         "This is not a day; write 2019-12-31."),
        ("q=a%00b", "Có ký tự không được phép.", "There are characters here that are not allowed."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_value_is_told_in_the_callers_language(
    reader: Client, query: str, vietnamese: str, english: str
) -> None:
    told = reader.get(f"{ROOT}?{query}").json()["findings"]
    assert [f["message"] for f in told] == [vietnamese]
    told = reader.get(f"{ROOT}?{query}", headers={"accept-language": "en"}).json()["findings"]
    assert [f["message"] for f in told] == [english]


def test_a_body_that_is_no_json_is_told_so(reader: Client) -> None:
    answer = reader.post(ROOT, b"{", content_type="application/json")
    assert (answer.status_code, answer.json()["detail"]) == (
        400,
        "Nội dung gửi không phải là JSON.",
    )


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
    asked = {"name": "báo cáo", "scopes": ["read"], "days": 30, "key": "k1"}
    assert "hop_" in client.post("/api/tokens/", asked).text
    assert client.post("/api/tokens/", asked).status_code == 302  # the page was loaded again
    assert ApiToken.objects.count() == 1
    assert client_of(officer("supervisor")).get("/api/tokens/").status_code == 403


def test_state_of_a_day_before_the_body_was_is_not_found(province: Any, reader: Client) -> None:
    address = f"{ROOT}/{province.hoa_an.pk}"
    assert reader.get(address, {"as_of": "2001-01-01"}).status_code == 404
    assert reader.get(address, {"as_of": str(date(2019, 12, 31))}).status_code == 200


@pytest.mark.parametrize("sort", [f"{way}{name}" for name in reading.SORTS for way in ("", "-")])
def test_every_order_is_walked_through_without_gap_or_repeat(reader: Client, sort: str) -> None:
    whole = reader.get(ROOT, {"sort": sort, "ended": "true"}).json()["items"]
    seen, cursor = [], ""
    while cursor is not None:
        page = reader.get(
            ROOT, {"sort": sort, "ended": "true", "limit": 2, "cursor": cursor}
        ).json()
        seen += page["items"]
        cursor = page["next_cursor"]
    assert seen == whole
    assert len({i["id"] for i in seen}) == len(seen) == 5
    name = sort.removeprefix("-")
    if name not in {"name", "registration_number"}:
        stated = [i[name] for i in whole if i[name] is not None]
        assert stated == sorted(stated, reverse=sort.startswith("-"))
        assert [i[name] for i in whole] == stated + [None] * (len(whole) - len(stated))


def test_a_cursor_belongs_to_its_order(reader: Client) -> None:
    cursor = reader.get(ROOT, {"limit": 1}).json()["next_cursor"]
    assert reader.get(ROOT, {"limit": 1, "cursor": cursor, "sort": "-members"}).status_code == 400


def test_a_parameter_misspelt_is_refused_and_fields_are_kept(reader: Client) -> None:
    assert reader.get(ROOT, {"sectr": "credit"}).status_code == 422
    assert reader.get(ROOT, {"fields": "id,nmae"}).status_code == 422
    (item, *_rest) = reader.get(ROOT, {"fields": "id,members"}).json()["items"]
    assert set(item) == {"id", "members"}


@pytest.mark.parametrize(
    ("query", "on_page"),
    [("sector=credit", "sector=credit"), ("sector=credit&sector=trade", "sector=credit,trade"),
     ("kind=group", "kind=group"), ("as_of=2019-12-31", "on=2019-12-31"), ("ended=true", "ended=1"),
     ("legal_status=ended", "legal=ended"), ("established_from=2010", "from=2010"),
     ("established_to=2010", "to=2010"), ("lacks=few_members", "lacks=few_members"),
     ("lacks=old_figures", "lacks=old_figures"), ("lacks=no_number", "lacks=no_number"),
     ("q=hop+tac", "q=hop+tac"), ("q=hoa+an&as_of=2019-12-31", "q=hoa+an&on=2019-12-31")],
)  # fmt: skip
def test_filters_keep_what_the_page_keeps(
    province: Any, reader: Client, machine: Callable[..., Client], query: str, on_page: str
) -> None:
    for ctx, client in (
        (province.department, reader),
        (province.district, machine(province.district)),
    ):
        asked = filters.read(QueryDict(on_page), today=ctx.today)
        found = asked.periods(ctx)
        found = found.filter(kind=asked.kind) if asked.kind else found
        expected = sorted(found.values_list("name", flat=True))
        assert sorted(names(client.get(f"{ROOT}?{query}"))) == expected


def test_who_may_not_see_people_does_not_find_them(
    province: Any, officer: Callable[..., Context], monkeypatch: pytest.MonkeyPatch
) -> None:
    ctx = officer("supervisor")
    _token, secret = ApiToken.issue(ctx.user, "x", ["read"], timezone.now() + timedelta(days=1))
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert names(client.get(ROOT, {"q": "hoa an"}))
    assert not names(client.get(ROOT, {"q": "Huỳnh Văn Hải"}))
    assert "Huỳnh" not in client.get(f"{ROOT}/{province.hoa_an.pk}").text
    assert "Huỳnh" not in client.get(f"{ROOT}/{province.hoa_an.pk}/history").text


def test_nothing_is_told_before_the_token_is_known(db: None) -> None:
    client = Client()
    for address in (ROOT, f"{ROOT}/x", "/api/v1/nothing", f"{ROOT}?limit=x"):
        assert client.get(address).status_code == 401
    assert client.post(ROOT, b"{", content_type="text/plain").status_code == 401


def test_other_forms_are_refused(reader: Client) -> None:
    assert reader.get(ROOT, headers={"accept": "text/html"}).status_code == 406
    assert reader.get(ROOT, headers={"accept": "text/html;q=0.9, */*;q=0.1"}).status_code == 200
    assert reader.get(ROOT, headers={"accept": "application/json;q=0"}).status_code == 406
    assert reader.post(ROOT, "a=1", content_type="text/plain").status_code == 415
    assert reader.get(ROOT, headers={"host": "elsewhere.example"}).status_code == 400
    body = b'{"kind": "' + b"x" * 6 * 2**20 + b'"}'
    assert reader.post(ROOT, body, content_type="application/json").status_code == 413
    head = reader.head(ROOT)
    assert (head.status_code, head.content) == (200, b"")


def test_plain_http_is_refused_where_https_is_served(reader: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 3600
    assert reader.get(ROOT).status_code == 403
    secure = reader.get(ROOT, secure=True)
    assert secure.status_code == 200
    assert secure.headers["Strict-Transport-Security"] == "max-age=3600"


def test_a_fault_of_ours_is_a_500_without_particulars(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> bytes:
        raise ValueError("secret")

    monkeypatch.setattr(reading, "listed", broken)
    answer = reader.get(ROOT)
    assert answer.status_code == 500
    assert "secret" not in answer.text
    monkeypatch.setattr(reading, "listed", lambda *_a: (_ for _ in ()).throw(OperationalError()))
    assert reader.get(ROOT).status_code == 503


def test_a_key_goes_with_one_request_only(province: Any, reader: Client) -> None:
    address = f"{ROOT}/{province.hoa_an.pk}/figures"
    body = {"figures": {"members": 60}, "as_of": "2020-06-30"}
    tag = reader.get(f"{ROOT}/{province.hoa_an.pk}").headers["ETag"]
    first = send(reader, address, body, **{"if-match": tag, "idempotency-key": "k"})
    again = send(reader, address, body, **{"if-match": tag, "idempotency-key": "k"})
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert first.headers["ETag"] == again.headers["ETag"]
    other = body | {"as_of": "2020-07-31"}
    refused = send(reader, address, other, **{"if-match": tag, "idempotency-key": "k"})
    assert refused.status_code == 409
    Answer.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert answers.forget_old() == 1
    late = send(reader, address, body, **{"if-match": tag, "idempotency-key": "k"})
    assert late.status_code == 409


def test_statistics_are_those_of_the_page_and_of_the_own_ground(
    province: Any, reader: Client, machine: Callable[..., Client]
) -> None:
    query = {"indicator": ["cooperatives", "area"], "rows": "district", "as_of": "2019-12-31"}
    whole = reader.get("/api/v1/statistics", query).json()
    assert whole["total"] == {"cooperatives": 4, "area": 160.5}
    own = machine(province.district).get("/api/v1/statistics", query).json()
    assert own["total"]["cooperatives"] == 3
    assert {r["label"] for r in own["rows"]} == {"Huyện Giồng Riềng"}
    series = reader.get("/api/v1/statistics", {"columns": "year", "years": "2019-2020"}).json()
    assert series["total"]["cooperatives"] == {"2019": 4, "2020": 3}
    for wrong in ({"indicator": "none"}, {"years": "2020-2019"}, {"rows": "colour"}):
        assert reader.get("/api/v1/statistics", wrong).status_code == 422
    catalogue = reader.get("/api/v1/indicators").json()
    assert {"cooperatives", "growth"} <= {i["code"] for i in catalogue}


def test_who_calls_and_where_the_journal_stands(province: Any, reader: Client) -> None:
    me = reader.get("/api/v1/me").json()
    assert me["mandates"][0]["role"] == "department_officer"
    assert me["scopes"] == ["read", "write"]
    last = Act.objects.order_by("-number").first()
    assert last
    assert reader.get("/api/v1/journal/head").json()["number"] == last.number
    units = reader.get("/api/v1/units", {"on": "2019-12-31", "level": "district"}).json()
    assert len(units) == 15


def test_a_token_of_somebody_without_mandate_or_with_a_lost_password_opens_nothing(
    province: Any, machine: Callable[..., Client]
) -> None:
    client = machine(province.district)
    user = province.district.user
    user.must_change_password = True
    user.save()
    assert client.get(ROOT).status_code == 401
    user.must_change_password = False
    user.save()
    Mandate.objects.filter(user=user).delete()
    forget()
    assert client.get(ROOT).status_code == 403
    assert client.get("/api/v1/me").json()["mandates"] == []


def test_nobody_collects_tokens(province: Any) -> None:
    for n in range(acts.MOST_TOKENS):
        acts.make_token(province.department, name=str(n), scopes=["read"])
    with pytest.raises(Refused, match=str(acts.MOST_TOKENS)):
        acts.make_token(province.department, name="more", scopes=["read"])


def test_somebody_elses_token_is_not_mine_to_revoke(
    province: Any, client_of: Callable[[Context], Client]
) -> None:
    token, _secret = acts.make_token(province.department, name="x", scopes=["read"])
    assert client_of(province.district).post(f"/api/tokens/{token.pk}/revoke/").status_code == 404
    assert client_of(province.department).post(f"/api/tokens/{token.pk}/revoke/").status_code == 302
    token.refresh_from_db()
    assert token.revoked_at


def test_lines_of_business_come_with_their_names(province, reader):
    from hoptac.registry.actions import set_business_lines

    set_business_lines(
        province.department, province.hoa_an, codes=["0111", "9998"], main="0111",
        from_on=date(2026, 1, 1),
    )  # fmt: skip
    assert reader.get(f"{ROOT}/{province.hoa_an.pk}/lines").json() == [
        {
            "code": "0111",
            "name": "Trồng lúa",
            "is_main": True,
            "from_on": "2026-01-01",
            "until_on": None,
        },
        {"code": "9998", "name": None, "is_main": False, "from_on": "2026-01-01", "until_on": None},
    ]


def test_no_operation_that_reads_lets_a_misspelt_parameter_pass(
    machine: Callable[..., Client], province: Any
) -> None:
    client = machine(province.department)
    pk = "00000000-0000-4000-8000-000000000001"
    description = Client().get("/api/v1/openapi.json").json()
    paths = [p for p, methods in description["paths"].items() if "get" in methods]
    assert len(paths) > 30
    for path in paths:
        address = path.replace("{id}", pk).replace("{file}", pk)
        answer = client.get(address, {"colour": "red"})
        assert answer.status_code in {403, 422}, (path, answer.status_code)
        if answer.status_code == 422:
            assert answer.json()["findings"][0]["field"] == "colour", path
