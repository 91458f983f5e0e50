"""Everybody who may call, everything they may call, and what the reviewed table says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection, transaction
from django.urls import URLPattern, URLResolver, get_resolver

from hoptac.api import callers
from hoptac.foundation.rulebook import facts
from hoptac.reports.models import Contribution
from tests.reliability.world import MISSING, Actor, World

TABLE = Path(__file__).with_name("permissions.txt")
# Tables that an ordinary visit may write to: when a session or a token was used, how often.
_VISITS = ("accounts_session", "accounts_ratecount", "api_apitoken", "accounts_attempt")
_WRITES = re.compile(r'^\s*(INSERT INTO|UPDATE|DELETE FROM|COPY|TRUNCATE)\s+"?(\w+)"?', re.I)


# What the machines' operations are sent: enough to be carried out, if the caller may.
SENT: dict[str, dict[str, Any]] = {
    "api-v1:change": {"changes": {"director": "Lê Mới"}, "from_on": "2020-01-01"},
    "api-v1:correct": {"changes": {"director": "Lê Mới"}, "reason": "gõ nhầm"},
    "api-v1:state": {"figures": {"members": 30}, "as_of": "2020-06-30"},
    "api-v1:receive": {"procedure": "reissue", "applicant": "Ai", "proposal": {"reason": "mất"}},
    "api-v1:ask_supplement": {"missing": ["Điều lệ"]},
    "api-v1:propose": {"outcome": "grant"},
    "api-v1:decide_filing": {"outcome": "grant"},
    "api-v1:create_task": {"title": "Việc", "assigner_id": str(MISSING)},
    "api-v1:assign_task": {"lead_id": str(MISSING)},
    "api-v1:spread_task": {"agency_ids": [str(MISSING)]},
    "api-v1:add_helper": {"agency_id": str(MISSING)},
    "api-v1:judge_task": {"verdict": "done"},
    "api-v1:extend_task": {"due_on": "2099-12-31", "words": "chờ"},
    "api-v1:gather_task": {"words": "giao nhầm"},
    "api-v1:decide_extension": {"verdict": "granted"},
    "api-v1:ask_extension": {"due_on": "2099-12-31", "words": "mưa lũ"},
    "api-v1:cancel_task": {"words": "thôi"},
    "api-v1:reopen_task": {"words": "lại"},
    "api-v1:tie_indicator": {
        "code": "register.ended", "target": 3, "target_on": "2099-01-01", "baseline_on": "2026-01-01",
    },
    "api-v1:untie_indicator": {"indicator_id": str(MISSING)},
    "api-v1:wait_for_task": {"needed_id": str(MISSING)},
    "api-v1:refuse_task": {"words": "không thuộc"},
    "api-v1:hand_on_task": {"words": "không thuộc", "to_id": str(MISSING)},
    "api-v1:give_on_task": {"lead_id": str(MISSING)},
    "api-v1:release_task": {"words": "lấy lại", "released_id": str(MISSING)},
    "api-v1:report_progress": {"words": "đã làm thêm"},
    "api-v1:report_done": {"result": "xong", "proofs": [{"record": "/registry/"}]},
    "api-v1:state_actual": {"code": "HTX-07", "value": 2, "as_of": "2026-01-01", "source": "BC"},
    "api-v1:retire_actual": {"stated_id": str(MISSING)},
    "api-v1:add_conclusion": {"content": "Đồng ý", "kind": "noted"},
    "api-v1:strike_conclusion": {"conclusion_id": str(MISSING)},
    "api-v1:hand_in": {"section": "chinh_sach", "text": "Đã làm."},
    "api-v1:enter": {
        "kind": "cooperative", "as_of": "2019-12-31", "figures": {"members": 12},
        "particulars": {"name": "Hợp tác xã Mới Tinh", "sector": "agriculture", "established_on": "2015-06-01"},
    },
}  # fmt: skip


# --- The table -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of the table: an address, a method, the roles that may, and what it is about."""

    name: str
    method: str
    who: frozenset[str]
    about: str
    bare: str = ""


def read_table(path: Path = TABLE) -> dict[tuple[str, str], Row]:
    """Return the reviewed table by address and method."""
    groups: dict[str, frozenset[str]] = {}
    rows: dict[tuple[str, str], Row] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        if words[0].startswith("@"):
            groups[words[0]] = frozenset(words[1:])
            continue
        name, method, who, about, *bare = words
        assert (name, method) not in rows, f"two rows for {name} {method}"
        rows[name, method] = Row(name, method, groups.get(who, frozenset({who})), about, *bare)
    return rows


@dataclass(frozen=True)
class Address:
    """An address of the system: its name, its path with places for ids, the pattern behind it."""

    name: str
    route: str
    pattern: URLPattern

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/v1/")


def addresses(
    resolver: URLResolver | None = None, space: str = "", route: str = ""
) -> Iterator[Address]:
    """Walk through every address there is."""
    for part in (resolver or get_resolver()).url_patterns:
        here = f"{route}{part.pattern}"
        if isinstance(part, URLResolver):
            inner = f"{space}{part.namespace}:" if part.namespace else space
            yield from addresses(part, inner, here)
        else:
            yield Address(f"{space}{part.name}" if part.name else here, here, part)


# --- Calls ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """What a call came to: refused how, or not; what it wrote; what it said."""

    status: int
    where: str
    body: bytes
    wrote: frozenset[str]

    @property
    def is_refused(self) -> bool:
        return self.status in {401, 403, 404, 405} or self.is_at_a_gate

    def is_as_said(self, row: Row) -> bool:
        """Tell whether who may was let in, or got what the table says of a bare call."""
        if row.bare:
            said = "login" if self.where.startswith("/accounts/login/") else str(self.status)
            return said in row.bare.split(",")
        return not self.is_refused and self.status < 500

    @property
    def is_at_a_gate(self) -> bool:
        gates = ("/accounts/login/", "/accounts/me/no-mandate/", "/accounts/me/second-factor/")
        return self.status == 302 and self.where.startswith(gates)


_STEPS = {
    "registration:own_step": "submit", "cases:step": "hand_over", "tasks:step": "progress",
    "committees:committee_step": "change", "committees:member_step": "charge", "committees:charge_step": "end",
    "committees:meeting_step": "item", "committees:item_step": "paper", "officers:officer_step": "training",
    "plans:step": "edit", "reports:step": "withdraw",
}  # fmt: skip


# What a code in an address names: a target of the plan, a section of the report, else a certificate.
_CODES = {"plans": "HTX-07", "reports": "kho_khan"}


def _paper_of(world: World, address: Address, which: str) -> Any:
    """Return the paper that an address means: one handed in, by number, or one that was issued."""
    if ":issued" not in address.name:
        return 1
    return world.filing.issued.get().pk if which != "missing" else MISSING


def _file_of(world: World, address: Address) -> Any:
    """Return the file that an address means: of a case, a proof, a meeting."""
    if address.name in {"tasks:proof", "api-v1:task_file"}:
        return world.task.steps.get(kind="progress").proofs.get().file_id
    laid = world.board["file"]
    kept = {"cases:file": world.kept["file"], "committees:file": laid, "api-v1:meeting_file": laid}
    return kept.get(address.name, MISSING)


_WHAT = {
    "directives:answer": "acknowledge", "exchange:report_export": "counts", "committees:print": "invitation",
}  # fmt: skip


def path_of(address: Address, world: World, actor: Actor, about: str, which: str) -> str:
    """Return the path to the thing itself (``it``), to somebody else's, or to what is not there."""
    pk: Any = MISSING
    line: Any = 1
    own = actor if which == "it" and actor.user else world.others
    if which != "missing":
        pk = {
            "body": world.body.pk, "case": world.case.pk, "person": world.person.pk, "mandate": world.person.pk,
            "entry": world.entry.pk, "filing": world.filing.pk, "unit": world.unit.pk,
            "certificate": world.certificate.pk, "agency": world.agency.pk, "fact": MISSING,
            "directive": world.directive.pk, "kept": world.directive.pk,
            "answered": world.directive.pk, "office": world.office.pk,
            "root": MISSING, "task": world.task.pk, "line": world.task.pk,
            "plan": world.plan.pk, "planner": world.plan.pk, "difference": world.difference.pk,
            "extract": world.difference.extract_id, "message": world.message.pk,
            "letter": world.letter.pk, "report": world.report.pk, "drafted": world.report.pk,
            "written": world.report.pk, **world.board,
        }.get(about)  # fmt: skip
        if about == "own":
            made = {"api:revoke": own.token, "notices:open": own.notice}
            pk, line = made.get(address.name, own.batch).pk, own.line
            if address.name.startswith("certificates:"):
                pk = own.issue.pk
    there = which != "missing"
    # Only what the address asks for is looked up.
    values: dict[str, Callable[[], Any]] = {
        "pk": lambda: pk, "id": lambda: pk, "line": lambda: line,
        "mandate": lambda: world.mandate.pk if there else pk,
        "statement": lambda: world.statement if there else 1,
        "matter": lambda: "people", "act": lambda: "close", "part": lambda: 1,
        "procedure": lambda: "establishment", "entry": lambda: 1,
        "format": lambda: "pdf" if address.name == "plans:document" else "csv",
        "item": lambda: Contribution.objects.get(section__report=world.report).pk
        if address.name.startswith("reports:") else 1,
        "paper": lambda: _paper_of(world, address, which),
        "file": lambda: _file_of(world, address),
        "tied": lambda: world.task.indicators.get().pk, "needed": lambda: world.task.pk,
        "row": lambda: world.kept["shares" if ":shares_" in address.name else "date"],
        "what": lambda: _WHAT.get(address.name, "receipt"),
        "passage": lambda: world.directive.passages.filter(
            state="aim" if address.name == "plans:aim" else "proposed"
        ).first().pk if there else MISSING,
        "how": lambda: "revoke", "batch": lambda: MISSING,
        "code": lambda: _CODES.get(address.name.partition(":")[0], "2222222222"),
        "stated": lambda: world.plan.stated.get().pk, "task": lambda: world.task.pk,
        "form": lambda: "docx" if address.name.startswith("reports:") else "pdf",
        "step": lambda: _STEPS.get(address.name, "propose"),
        "digest": lambda: world.certificate.digest, "size": lambda: 1, "first": lambda: 1, "tile": lambda: 0,
        "signed": lambda: MISSING, "system": lambda: "registration", "provider_id": lambda: "province",
        "key": lambda: facts.standings()[0].fact.key if which == "it" else "x",
    }  # fmt: skip
    return "/" + re.sub(
        r"<(?:\w+:)?(\w+)>", lambda m: str(values[m[1]]()), address.route
    ).removeprefix("/")


def call(actor: Actor, address: Address, method: str, path: str) -> Answer:
    """Make one call, see what it writes, and take it all back."""
    wrote: set[str] = set()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITES.match(sql)
        if found and not found[2].startswith(_VISITS):
            wrote.add(found[2])
        return execute(sql, params, many, context)

    client = actor.machine if address.is_api else actor.client
    kept = client.cookies.copy()
    callers.forget()
    more: dict[str, Any] = {}
    if address.is_api and method != "GET":
        more = {"content_type": "application/json", "data": json.dumps(SENT.get(address.name, {}))}
        more["HTTP_IF_MATCH"] = '"1"'
    with _taken_back(), connection.execute_wrapper(watch):
        response = client.generic(method, path, **more)
        content = b"".join(response.streaming_content) if response.streaming else response.content
    client.cookies = kept
    return Answer(response.status_code, response.get("Location", ""), content, frozenset(wrote))


@contextmanager
def _taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def plain(answer: Answer, path: str) -> tuple[int, bytes]:
    """Return an answer without what differs by the moment or repeats the question."""
    said = answer.body.replace(path.encode(), b"PATH").replace(
        quote(path, safe="").encode(), b"PATH"
    )
    said = re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", said)
    said = re.sub(rb'nonce="[^"]+"|"(?:instance|trace)":\s*"[^"]*"', b"", said)
    for word in re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", path):
        said = said.replace(word.encode(), b"ID")
    return answer.status, said


# Roles whose every relation is tried in the ordinary run; the others' in the full one.
_IN_FULL = {"department_officer", "cooperative_director", "administrator", "auditor"}


def matters(row: Row | None, actor: Actor) -> bool:
    """Tell whether a call teaches something that no quicker one does.

    Where the page itself is the matter, so is only the role; who is refused by the role is
    refused in every relation by the same line.
    """
    if actor.relation not in {"own", "anonymous", "no_mandate"} and actor.role not in _IN_FULL:
        return False
    if row is None or row.about == "-" or not (row.who & {actor.role, "mandate"}):
        return actor.relation in {"own", "expired", "anonymous", "no_mandate"}
    return True


def unlike(row: Row | None, actor: Actor, address: Address, method: str, world: World) -> list[str]:
    """Return in words how the system differs from the table for one caller and one address."""
    about = row.about if row else "-"
    has_id = "<" in address.route
    path = path_of(address, world, actor, about, "it")
    answer = call(actor, address, method, path)
    place = f"{actor} {method} {address.name}: {answer.status} {answer.where}"
    if row is None:  # a method that the table does not know
        return [f"{place}, wrote {sorted(answer.wrote)}"] if answer.wrote else []
    if "public" in row.who:
        return [] if answer.is_as_said(row) else [place]
    if actor.relation == "anonymous":
        asked = 401 if address.is_api else 302
        ok = answer.status == asked and (asked == 401 or answer.where.startswith("/accounts/login"))
        return _with_writes(place, ok, answer)
    if "signed-in" in row.who:
        return [] if answer.is_as_said(row) else [place]
    if not actor.is_in_office:
        refused = answer.status == 403 if address.is_api else answer.is_at_a_gate
        return _with_writes(place, refused, answer)
    if "mandate" not in row.who and actor.role not in row.who:
        found = _with_writes(place, answer.status == 403, answer)
        if has_id and about in {
            "body", "filing", "certificate", "difference", "extract", "message", "person", "mandate", "entry",
            "letter",
        }:  # fmt: skip
            found += _differs(place, actor, address, method, world, about, path, answer)
        return found
    if not actor.reaches(about):
        outside = {403, 404} if about == "fact" else {404}
        found = _with_writes(place, answer.status in outside, answer)
        if not has_id:
            return found
        return found + _differs(place, actor, address, method, world, about, path, answer)
    found = [] if answer.is_as_said(row) else [f"{place} (may, and is refused)"]
    if about == "own":
        theirs = path_of(address, world, actor, about, "theirs")
        other = call(actor, address, method, theirs)
        found += _with_writes(f"{place} (somebody else's)", other.status == 404, other)
        found += _differs(place, actor, address, method, world, about, theirs, other)
    return found


def _with_writes(place: str, ok: bool, answer: Answer) -> list[str]:
    found = [] if ok else [place]
    return found + ([f"{place} wrote {sorted(answer.wrote)}"] if answer.wrote else [])


def _differs(
    place: str,
    actor: Actor,
    address: Address,
    method: str,
    world: World,
    about: str,
    path: str,
    answer: Answer,
) -> list[str]:
    """Tell when a refusal looks otherwise than the answer for what does not exist."""
    nowhere = path_of(address, world, actor, about, "missing")
    missing = call(actor, address, method, nowhere)
    same = plain(missing, nowhere) == plain(answer, path)
    return [] if same else [f"{place}: told apart from what is missing ({missing.status})"]
