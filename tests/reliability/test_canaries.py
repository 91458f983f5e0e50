# ruff: noqa: E501  (tables of addresses)
"""S2 and S3: what lies out of reach leaks by no page, no file, no answer, no count; by no carrier of an id.

Every object out of reach carries canary words. Officers of another district open everything that
they may, with ids of the objects put wherever an address, a form or a filter takes one; not one
word may come back.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from hoptac.api import callers
from hoptac.api.models import ApiToken
from hoptac.foundation.access import ROLES, Context, Coverage
from hoptac.foundation.audit.models import Act
from hoptac.foundation.transfers.models import ImportBatch, ImportFinding
from hoptac.foundation.transfers.terms import BatchState, FileKind
from hoptac.jurisdiction.actions import give_mandate
from hoptac.registry.actions import (
    change_particulars,
    correct_particulars,
    save_view,
    set_business_lines,
)
from hoptac.registry.models import Cooperative, FigureStatement, Period, RegisterLine, Verdict
from tests.reliability.bars import SEED, told

# Words that no text of the system holds; each object has its own, so that a leak names its source.
_COUNT = iter(range(1, 1000))


def canary(what: str) -> str:
    return f"Kanari{what.capitalize()}{next(_COUNT):03}"


@dataclass
class Hidden:
    """Objects of another district, their ids, and the words that they carry."""

    bodies: list[Any] = field(default_factory=list)
    ids: dict[str, list[Any]] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)

    def word(self, what: str) -> str:
        made = canary(what)
        self.words.append(made)
        return made


@pytest.fixture
def hidden(
    cooperative: Callable[..., Cooperative], officer: Callable[..., Context], units: Any,
    the_system: Context,
) -> Hidden:  # fmt: skip
    made = Hidden()
    theirs = officer(
        "registration_officer", unit=units.district("Tân Hiệp"), name=made.word("officer")
    )
    for n in range(6):
        body = cooperative(
            name=f"Hợp tác xã {made.word('name')}", district="Tân Hiệp", director=made.word("director"),
            chairman=made.word("chairman"), phone=f"09187{n}4321", address=made.word("address"),
            registration_number="", activity=made.word("activity"), members=7000 + n,
            charter_capital=77_000_000_000 + n, source=made.word("source"),
        )  # fmt: skip
        made.words.append(f"09187{n}4321")
        change_particulars(
            theirs.because(made.word("reason"), made.word("basis")), body,
            changes={"short_name": made.word("short")}, from_on=date(2021, 1, 1),
        )  # fmt: skip
        made.bodies.append(body)
    correct_particulars(
        theirs.because(made.word("mistake")), made.bodies[0], changes={"director": made.word("corrected")}
    )  # fmt: skip
    set_business_lines(
        theirs, made.bodies[0], codes=["0111"], main="0111", from_on=date(2021, 1, 1)
    )
    view = save_view(
        theirs, "registry:list", name=made.word("view"), query=f"q={made.word('query')}"
    )
    batch = ImportBatch.objects.create(
        province_code="91", kind=FileKind.REGISTER, filename=f"{made.word('file')}.csv", size=1,
        digest="0" * 64, path="canary.csv", state=BatchState.READY, user=theirs.user,
        as_of=date(2019, 12, 31), layouts=[],
    )  # fmt: skip
    content = f"STT;Tên hợp tác xã\n1;{made.word('cell')}\n"
    Path(settings.MEDIA_ROOT).mkdir(parents=True, exist_ok=True)
    (Path(settings.MEDIA_ROOT) / "canary.csv").write_text(content, encoding="utf-8")
    line = RegisterLine.objects.create(
        batch=batch, sheet="1", row=2, verdict=Verdict.QUARANTINED, established_precision="day",
        name=made.word("line"), director=made.word("linedirector"), fold=made.words[-1].lower(),
    )  # fmt: skip
    ImportFinding.objects.create(
        batch=batch, code="name_missing", severity="error", sheet="1", row=2,
        value=made.word("finding"), repair=made.word("repair"),
    )  # fmt: skip
    token, _secret = ApiToken.issue(
        theirs.user, made.word("token"), ["read"], timezone.now() + timedelta(days=1)
    )
    assert theirs.user is not None
    mandate = give_mandate(
        the_system, theirs.user, role="auditor", unit=units.district("Tân Hiệp"),
        from_on=date(2020, 1, 1), basis=made.word("decision"),
    )  # fmt: skip
    made.ids = {
        "body": [b.pk for b in made.bodies],
        "statement": list(FigureStatement.objects.filter(cooperative__in=made.bodies).values_list("pk", flat=True)),
        "batch": [batch.pk], "line": [line.pk], "view": [view.pk], "token": [token.pk],
        "person": [theirs.user.pk], "mandate": [mandate.pk],
        "act": list(Act.objects.filter(subject_id__in=[str(b.pk) for b in made.bodies]).values_list("pk", flat=True)),
        "commune": [units.a_commune_of("Tân Hiệp").pk], "district": [units.district("Tân Hiệp").pk],
    }  # fmt: skip
    return made


# --- Asking by every carrier ---------------------------------------------------------------------

_BODY_PAGES = (
    "/registry/{body}/", "/registry/{body}/?history=1", "/registry/{body}/?on=2020-01-01",
    "/registry/{body}/change/", "/registry/{body}/change/people/", "/registry/{body}/correct/people/",
    "/registry/{body}/figures/", "/registry/{body}/figures/{statement}/", "/registry/{own}/figures/{statement}/",
    "/registry/{body}/end/", "/registry/{body}/lineage/", "/registry/{body}/lines/",
    "/registry/{own}/lineage/?find={body}", "/registry/{own}/lineage/?q={body}", "/registry/{own}/lineage/?find=Kanari",
    "/registry/{own}/lineage/?q=Kanari",
)  # fmt: skip
_LISTS = (
    "/", "/registry/?all=1&per=200", "/registry/?q=Kanari", "/registry/?q={body}", "/registry/?q=09187",
    "/registry/?commune={commune}", "/registry/?district={district}&ended=1", "/registry/?on=2020-01-01",
    "/registry/?sort=phone&all=1", "/registry/?cols=name,director,phone,chairman&all=1", "/registry/views/",
    "/registry/export/?format=csv", "/registry/export/?format=xlsx", "/registry/export/?format=csv&q=Kanari",
    "/registry/export/?format=csv&district={district}&on=2020-06-30", "/registry/export/?format=csv&commune={commune}",
    "/imports/", "/imports/{batch}/", "/imports/{batch}/columns/", "/imports/{batch}/findings.xlsx",
    "/imports/{batch}/lines/{line}/", "/imports/{own_batch}/lines/{line}/", "/imports/{own_batch}/",
    "/statistics/", "/statistics/?rows=district", "/statistics/?rows=commune&district={district}",
    "/statistics/download/?format=csv&rows=commune", "/statistics/download/?rows=district", "/statistics/behind/?district={district}",
    "/people/", "/people/?q=Kanari", "/people/?unit={district}", "/people/{person}/", "/people/{person}/change/",
    "/people/{person}/mandates/{mandate}/", "/people/{own_person}/mandates/{mandate}/",
    "/journal/", "/journal/?subject={body}", "/journal/?person=Kanari", "/journal/{act}/",
    "/places/{commune}/", "/places/{district}/", "/places/agencies/", "/api/tokens/",
)  # fmt: skip
_MACHINE = (
    "cooperatives", "cooperatives?q=Kanari", "cooperatives?commune={commune}", "cooperatives?district={district}&ended=true",
    "cooperatives?as_of=2020-06-30", "cooperatives?sort=-members", "cooperatives?fields=name,director,phone",
    "cooperatives/{body}", "cooperatives/{body}?as_of=2020-06-30", "cooperatives/{body}/history",
    "cooperatives/{body}/figures", "statistics?rows=district", "statistics?rows=commune&district={district}", "journal/head", "me",
)  # fmt: skip
# Ids within forms: hidden fields, choices, decisions.
_SENT: tuple[tuple[str, dict[str, str]], ...] = (
    ("/registry/{body}/figures/", {"members": "9", "as_of": "31/12/2020", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{body}/change/people/", {"director": "Ai", "from_on": "01/01/2022", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{body}/correct/people/", {"director": "Ai", "reason": "x", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{body}/end/", {"on": "01/01/2022", "reason": "x", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{own}/lineage/", {"successor": "{body}", "kind": "merger", "on": "01/01/2022", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{own}/lineage/", {"successor": "{body}", "find": "{body}", "step": "check"}),
    ("/registry/{own}/change/place/", {"commune": "{commune}", "from_on": "01/01/2022", "version": "1", "key": "k", "step": "send"}),
    ("/registry/{own}/figures/{statement}/", {"members": "9", "reason": "x", "version": "1", "key": "k", "step": "send"}),
    ("/registry/enter/", {"name": "HTX Mới", "commune": "{commune}", "sector": "trade", "established_on": "01/05/2020", "key": "k", "step": "send"}),
    ("/registry/views/save/", {"view": "{view}", "name": "Của tôi"}),
    ("/registry/views/delete/", {"view": "{view}"}),
    ("/imports/{batch}/enter/", {"key": "k"}), ("/imports/{batch}/undo/", {"reason": "x"}), ("/imports/{batch}/aside/", {}),
    ("/imports/{batch}/day/", {"as_of": "31/12/2018"}), ("/imports/{batch}/columns/", {}),
    ("/imports/{batch}/lines/{line}/", {"decision": "skip"}), ("/imports/{own_batch}/lines/{line}/", {"decision": "skip"}),
    ("/imports/{own_batch}/lines/{own_line}/", {"decision": "same:{body}"}),
    ("/imports/{own_batch}/lines/{own_line}/", {"decision": "use:{body}"}),
    ("/people/{person}/change/", {"full_name": "Khác", "reason": "x"}), ("/people/{person}/close/", {"reason": "x"}),
    ("/people/{person}/mandates/new/", {"role": "auditor", "from_on": "01/01/2026", "unit": "{district}"}),
    ("/people/{own_person}/mandates/{mandate}/", {"last_on": "01/01/2026", "reason": "x"}),
    ("/api/tokens/{token}/revoke/", {}), ("/accounts/me/sessions/end/", {"session": "{token}"}),
    ("/api/v1/cooperatives/{body}/figures", {"figures": "members:9", "as_of": "2020-12-31"}),
    ("/api/v1/cooperatives/{body}/changes", {"changes": "director:Ai", "from_on": "2022-01-01"}),
    ("/api/v1/cooperatives/{body}/corrections", {"changes": "director:Ai", "reason": "x"}),
)  # fmt: skip


@dataclass
class Reader:
    """An officer of the own district, at a browser and by a machine, and what is the officer's own."""

    ctx: Context
    client: Client
    machine: Client
    own: dict[str, Any]


@pytest.fixture
def readers(
    hidden: Hidden, cooperative: Callable[..., Cooperative], officer: Callable[..., Context],
    units: Any, client_of: Callable[[Context], Client],
) -> list[Reader]:  # fmt: skip
    from tests.reliability.world import batch_of

    body = cooperative(name="Hợp tác xã Của Tôi", district="Giồng Riềng", members=20)
    found = []
    for role in sorted(set(ROLES) - {"system"}):
        place = (
            {"cooperative_id": body.pk} if role == "cooperative_director"
            else {"unit": units.district("Giồng Riềng")}
        )  # fmt: skip
        ctx = officer(role, **place)
        _token, secret = ApiToken.issue(ctx.user, "m", ["read", "write"], timezone.now() + timedelta(days=1))  # fmt: skip
        batch, line = batch_of(ctx.user)
        client = client_of(ctx)
        client.raise_request_exception = False
        machine = Client(
            raise_request_exception=False, headers={"authorization": f"Bearer {secret}"}
        )
        own = {"own": body.pk, "own_batch": batch.pk, "own_line": line, "own_person": ctx.user.pk}  # type: ignore[union-attr]
        found.append(Reader(ctx, client, machine, own))
    return found


def everything_said(response: Any) -> str:
    """Return an answer's text; what is packed in a workbook too."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b"\n".join(book.read(n) for n in book.namelist())
    text = content.decode("utf-8", "replace")
    return f"{text}\n{response.get('Location', '')}\n{response.get('Content-Disposition', '')}"


def state_of(hidden: Hidden) -> Any:
    """Return what no call of a stranger may change."""
    return (
        sorted(Cooperative.objects.filter(pk__in=hidden.ids["body"]).values_list("pk", "version")),
        list(ImportBatch.objects.filter(pk__in=hidden.ids["batch"]).values_list("state", "as_of", "mapping")),
        list(RegisterLine.objects.filter(pk__in=hidden.ids["line"]).values_list("verdict", "name")),
        list(ApiToken.objects.filter(pk__in=hidden.ids["token"]).values_list("revoked_at")),
        Period.objects.filter(cooperative__in=hidden.ids["body"]).count(),
    )  # fmt: skip


def ask(reader: Reader, path: str, sent: dict[str, str] | None) -> Any:
    callers.forget()
    is_machine = path.startswith("/api/v1/")
    client = reader.machine if is_machine else reader.client
    if sent is None:
        return client.get(path)
    if not is_machine:
        return client.post(path, sent)
    data: dict[str, Any] = {
        k: ({v.split(":")[0]: v.split(":")[1]} if ":" in v else v) for k, v in sent.items()
    }
    if "figures" in data:
        data["figures"] = {"members": 9}
    return client.post(
        path, json.dumps(data), content_type="application/json", headers={"if-match": '"1"'}
    )


def sweep(
    hidden: Hidden, readers: list[Reader], *, pairs: int, dice: random.Random
) -> tuple[int, list[str]]:
    """Put ids of hidden objects everywhere; return how many calls were made and what leaked or changed."""
    before = state_of(hidden)
    leaks, calls = [], 0
    questions: list[tuple[str, dict[str, str] | None]] = [
        (p, None) for p in (*_BODY_PAGES, *_LISTS)
    ]
    questions += [(f"/api/v1/{p}", None) for p in _MACHINE]
    questions += [(p, s) for p, s in _SENT]
    plan = [(r, q) for r in readers for q in questions]
    if pairs < len(plan):
        # Every question at least once, then by chance.
        first = [(dice.choice(readers), q) for q in questions]
        plan = first + dice.sample(plan, pairs - len(first))
    for reader, (path, sent) in plan:
        chosen = {k: dice.choice(v) for k, v in hidden.ids.items()} | reader.own
        address = path.format(**chosen)
        given = {k: v.format(**chosen) for k, v in sent.items()} if sent is not None else None
        with transaction.atomic():
            response = ask(reader, address, given)
            said = everything_said(response)
            changed = state_of(hidden) != before
            transaction.set_rollback(True)
        calls += 1
        asked = address + urlencode(given or {})
        role = reader.ctx.grants[0].role.code
        if response.status_code >= 500:
            leaks.append(f"{role} {path}: {response.status_code}")
        if changed:
            leaks.append(f"{role} {path} changed what is out of reach")
        leaks += [f"{role} {path}: {w}" for w in hidden.words if w in said and w not in asked]
        leaks += [f"{role} {path}: counted" for n in _sums(said) if n]
    return calls, leaks


def _sums(said: str) -> list[str]:
    """Return figures that only the hidden bodies can have given: 7000 members each, 77 billion."""
    plain = re.sub(r"(?<=\d)[.  ](?=\d{3})", "", said)
    return re.findall(
        r"(?<![\w.,-])(?:4201[5]|700[0-5]|7702\d|462000\d{6}|4620000000\d\d)(?![\w-])", plain
    )


def test_nothing_out_of_reach_comes_back_by_any_way(hidden: Hidden, readers: list[Reader]) -> None:
    dice = random.Random(SEED)
    calls, leaks = sweep(hidden, readers, pairs=450, dice=dice)
    told("S2", f"{len(leaks)} leaks or changes in {calls} calls, {len(hidden.words)} canaries of "
         f"{len(hidden.ids)} kinds", "0", seed=SEED, control="without territory: leaks")  # fmt: skip
    assert not leaks, "\n".join(sorted(set(leaks)))


@pytest.mark.slow
def test_nothing_comes_back_whoever_asks_for_whatever(
    hidden: Hidden, readers: list[Reader]
) -> None:
    dice = random.Random(SEED)
    calls, leaks = 0, []
    for _n in range(5):
        more, found = sweep(hidden, readers, pairs=10**9, dice=dice)
        calls, leaks = calls + more, leaks + found
    told("S2 full", f"{len(leaks)} leaks or changes in {calls} calls", "0", seed=SEED)
    assert not leaks, "\n".join(sorted(set(leaks)))


def test_without_territory_the_canaries_sing(
    hidden: Hidden, readers: list[Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Context, "coverage", lambda self, permission: Coverage(everything=True))
    department = [r for r in readers if r.ctx.grants[0].role.code == "department_officer"]
    _calls, leaks = sweep(hidden, department, pairs=10**9, dice=random.Random(1))
    told("S2 control", f"{len(leaks)} leaks when territory is not looked at", "many")
    sources = {w for w in hidden.words if any(w in leak for leak in leaks)}
    assert len(sources) > 20
    assert any("counted" in leak for leak in leaks)


# --- S3: fields ----------------------------------------------------------------------------------

# Reviewed: who may see people and telephones of bodies in reach. All others: nowhere.
SEE_PEOPLE = {
    "registration_officer", "registrar", "department_officer", "sector_officer",
    "alliance_officer", "cooperative_director", "auditor",
}  # fmt: skip
_CHANNELS = (
    "/", "/registry/{pk}/", "/registry/{pk}/?history=1", "/registry/{pk}/?on=2019-12-31",
    "/registry/?all=1&cols=name,director,phone,chairman", "/registry/?all=1&sort=director&cols=director",
    "/registry/export/?format=csv&cols=name,director,phone,chairman", "/registry/export/?format=xlsx&cols=director,phone",
    "/registry/{pk}/correct/", "/registry/{pk}/change/people/", "/registry/{pk}/correct/people/",
    "/journal/", "/journal/{act}/", "/api/v1/cooperatives", "/api/v1/cooperatives?fields=name,director,phone,chairman",
    "/api/v1/cooperatives/{pk}", "/api/v1/cooperatives/{pk}/history", "/statistics/", "/people/",
)  # fmt: skip


@pytest.fixture
def field_words() -> dict[str, str]:
    return {
        "director": canary("giamdoc"), "chairman": canary("chutich"), "phone": "0918765432",
        "corrected": canary("suasai"),
    }  # fmt: skip


@pytest.fixture
def private(cooperative: Callable[..., Cooperative], the_system: Context, field_words: Any) -> Any:
    body = cooperative(
        name="Hợp tác xã Có Người", district="Giồng Riềng", director=field_words["director"],
        chairman=field_words["chairman"], phone=field_words["phone"],
    )  # fmt: skip
    correct_particulars(
        the_system.because("gõ nhầm"), body, changes={"director": field_words["corrected"]}
    )
    return body


def asked_of(
    private: Any, reader: tuple[Client, Client], field_words: dict[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield channel and field for every restricted field that came back."""
    act = Act.objects.filter(subject_id=str(private.pk)).latest("number")
    client, machine = reader
    for channel in _CHANNELS:
        path = channel.format(pk=private.pk, act=act.pk)
        callers.forget()
        with transaction.atomic():
            response = (machine if path.startswith("/api/v1") else client).get(path)
            said = everything_said(response)
            transaction.set_rollback(True)
        shown = re.sub(r"(?<=\d)[  .](?=\d)", "", said)
        for name, word in field_words.items():
            if word in said or word in shown:
                yield channel, name


def _at(ctx: Context, client_of: Any) -> tuple[Client, Client]:
    _token, secret = ApiToken.issue(ctx.user, "m", ["read"], timezone.now() + timedelta(days=1))
    client = client_of(ctx)
    client.raise_request_exception = False
    return client, Client(headers={"authorization": f"Bearer {secret}"})


def test_people_and_telephones_are_shown_by_no_channel_to_who_may_not_see_them(
    private: Any, officer: Callable[..., Context], client_of: Any, units: Any, field_words: Any
) -> None:
    leaks, seen = [], set()
    for role in sorted(set(ROLES) - {"system"}):
        found = list(asked_of(private, _at(officer(role), client_of), field_words))
        if role in SEE_PEOPLE:
            seen |= {name for _channel, name in found}
        else:
            leaks += [f"{role} {channel}: {name}" for channel, name in found]
    told("S3", f"{len(leaks)} leaks of {len(field_words)} fields by {len(_CHANNELS)} channels", "0",
         control=f"who may see them does: {len(seen)} fields")  # fmt: skip
    assert not leaks, "\n".join(leaks)
    assert seen == set(field_words)


def test_a_second_mandate_shows_people_only_where_it_holds(
    private: Any, officer: Callable[..., Context], client_of: Any, units: Any, the_system: Context,
    field_words: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Who reads the province as a supervisor and keeps one district sees telephones only there."""
    ctx = officer("supervisor")
    give_mandate(
        the_system, ctx.user, role="registration_officer", unit=units.district("Tân Hiệp"),
        from_on=date(2015, 1, 1),
    )  # fmt: skip
    ctx.user.refresh_from_db()  # type: ignore[union-attr]
    leaks = list(asked_of(private, _at(ctx, client_of), field_words))
    assert not leaks, leaks
    with monkeypatch.context() as patch:  # the control: as if a permission held wherever any does
        patch.setattr(Context, "may_throughout", lambda self, permission, of: self.may(permission))
        assert list(asked_of(private, _at(ctx, client_of), field_words))
    give_mandate(
        the_system, ctx.user, role="sector_officer", unit=units.district("Giồng Riềng"),
        from_on=date(2015, 1, 1),
    )  # fmt: skip
    ctx.user.refresh_from_db()  # type: ignore[union-attr]
    assert ("/registry/{pk}/", "corrected") in set(
        asked_of(private, _at(ctx, client_of), field_words)
    )


def test_who_may_not_see_people_cannot_find_or_order_by_them(
    private: Any, cooperative: Callable[..., Cooperative], officer: Callable[..., Context],
    client_of: Any, field_words: Any,
) -> None:  # fmt: skip
    """No oracle: search, order and filter tell nothing of a field that is not shown."""
    cooperative(name="Hợp tác xã An Bình", director="Ông A", phone="0900000001")
    client, machine = _at(officer("supervisor"), client_of)
    for word in (field_words["corrected"], field_words["phone"], field_words["chairman"]):
        assert "Có Người" not in client.get("/registry/", {"q": word}).content.decode()
        callers.forget()
        assert machine.get("/api/v1/cooperatives", {"q": word}).json()["items"] == []
    plain = client.get("/registry/?all=1").content.decode()
    for sort in ("director", "-director", "phone", "-phone"):
        told_names = re.findall(r"Hợp tác xã [^<]+", client.get(f"/registry/?all=1&sort={sort}").content.decode())  # fmt: skip
        assert told_names == re.findall(r"Hợp tác xã [^<]+", plain), sort
    callers.forget()
    assert machine.get("/api/v1/cooperatives", {"sort": "phone"}).status_code == 422
