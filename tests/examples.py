"""Holds an example of the rulebook against the rules: what the legal desk wrote down, what is computed.

Beside each file of rules lies one of examples (``few_members`` and its like share one). Each says in
words what it shows, for a day, a kind of body and what is known of it; the rest is what must come out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import timezone

from hoptac.cases.rules.desk import CaseDeskRule
from hoptac.cases.rules.grounds import GROUNDS, REMINDERS, Held, Said, ground_on, judge
from hoptac.certificates.form import FormRule
from hoptac.directives.rules.desk import DirectiveDeskRule, reminders_reached
from hoptac.foundation import rulebook
from hoptac.foundation.documents.formats import PartyFormat, StateFormat
from hoptac.foundation.notices.rules import KeepingRule, digest_due, kept_since
from hoptac.foundation.rulebook import Rule, rule_in_force, versions
from hoptac.foundation.rulebook.files import topics
from hoptac.foundation.working_days import add_working_days, is_working_day, working_days_between
from hoptac.governance.rules import contribution_cap, least_age
from hoptac.plans.rules.standing import StandingRule
from hoptac.registration.applications import FormsRule
from hoptac.registration.clocks import silence_of
from hoptac.registration.models import FeeLine
from hoptac.registration.procedures import PROCEDURES
from hoptac.registration.rules.checks import Body, Case, check_filing
from hoptac.registration.rules.clocks import opened_on_effect, opened_on_receipt
from hoptac.registration.rules.fees import compute_fee
from hoptac.registration.rules.procedures import (
    DeskRule,
    grounds_on,
    is_known_on,
    procedure_on,
)
from hoptac.registry.rules.particulars import (
    RegistrarRule,
    check_members,
    compute_legal_era,
    compute_registrar_level,
)
from hoptac.registry.rules.size import bands
from hoptac.tasks.rules.lateness import EscalationRule, reached
from hoptac.workspace.baseline import BaselineRule

Example = dict[str, Any]
# Rules whose examples stand in one file.
_TOGETHER = {
    **{f"cases/{code}": "cases/grounds" for code in (*GROUNDS, *REMINDERS)},
    "cases/shares": "cases/grounds",
    "working_days/week": "working_days/terms",
}


def rules() -> list[str]:
    """Return every topic of the rulebook that has versions by day."""
    return [topic for topic, name in topics() if name == "version"]


def place_of(topic: str) -> str:
    """Return where the examples of a rule stand."""
    return _TOGETHER.get(topic, topic)


def examples_of(topic: str) -> list[Example]:
    """Return the examples of a rule, as they stand in its file; none where it has no file."""
    path = settings.RULEBOOK / f"{place_of(topic)}.examples.toml"
    if not path.exists():
        return []
    found: list[Example] = tomllib.loads(path.read_text(encoding="utf-8"))["example"]
    if topic.startswith("cases/") and topic.partition("/")[2] in (*GROUNDS, *REMINDERS):
        return [e for e in found if e["ground"] == topic.partition("/")[2]]
    if topic == "cases/shares":
        return [e for e in found if e["ground"] in {"capital_cap", "foreign_share"}]
    return found


def places() -> list[str]:
    """Return every file of examples, by topic."""
    ending = ".examples.toml"
    paths = sorted(settings.RULEBOOK.rglob(f"*{ending}"))
    return [p.relative_to(settings.RULEBOOK).as_posix().removesuffix(ending) for p in paths]


def hold(place: str, example: Example) -> None:
    """Compute what an example speaks of and compare.

    :raises AssertionError: the rules say otherwise
    """
    name = place.partition("/")[2]
    if place in _HOLDERS:
        _HOLDERS[place](example)
    elif place.startswith("registration/"):
        _procedure(name, example)
    else:
        raise AssertionError(f"nobody knows how to hold {place}")


# --- Procedures of the registration desk -----------------------------------------------------------

_PERSON = {
    "person": "Nguyễn Văn An", "birth_date": date(1980, 5, 1), "personal_number": "091080900001",
}  # fmt: skip
_NAMES = {
    "cooperative": "Hợp tác xã Hòa Bình", "union": "Liên hiệp hợp tác xã Hòa Bình",
    "group": "Tổ hợp tác Hòa Bình",
}  # fmt: skip


def _procedure(code: str, e: Example) -> None:
    """A dossier of a procedure, handed in on a day, about a body with nothing remarkable to it.

    ``kinds`` are the kinds of body that it holds for, ``not_for`` those that the law of the day does not
    know it for. ``asks`` and ``besides`` are its papers, ``due`` the last day for the decision,
    ``registrar`` the level of the office, ``gives`` values of the rule as they stand. ``finds`` are
    the findings, where the dossier says ``values`` (without ``lacks``) of a ``body``. ``opens`` are the last days of
    the terms of others, where the dossier is resolved, received and in effect on one day.
    """
    day = e["on"]
    for kind in e.get("not_for", ()):
        assert not is_known_on(code, day, kind), kind
    for kind in e.get("kinds", ()):
        assert is_known_on(code, day, kind), kind
        rule = procedure_on(code, day)
        if "asks" in e:
            assert list(rule.papers_required(kind)) == e["asks"]
        if "besides" in e:
            assert list(rule.optional) == e["besides"]
        if "due" in e:
            assert add_working_days(day, rule.clock) == e["due"]
        if "registrar" in e:
            assert compute_registrar_level(kind, on=day) == e["registrar"]
        for name, value in e.get("gives", {}).items():
            assert _plain(getattr(rule, name)) == value, name
        if "opens" in e:
            assert _terms(code, kind, day) == e["opens"]
        if "finds" in e:
            assert _findings(code, kind, e) == sorted(e["finds"])


def _terms(code: str, kind: str, day: date) -> dict[str, date]:
    rule = procedure_on(code, day)
    months = silence_of(code, kind, day)
    opened = [
        *opened_on_receipt(rule, {"decided_on": day}, day, add_working_days),
        *opened_on_effect(rule, months, day, add_working_days),
    ]
    return {term.code.value: term.due_on for term in opened}


def _findings(code: str, kind: str, e: Example) -> list[str]:
    day, procedure = e["on"], PROCEDURES[code]
    becomes = "cooperative" if code == "conversion" else kind
    ordinary = {
        "name": _NAMES[becomes], "commune": "a commune", "sector": "agriculture", "members": 12,
        "charter_capital": 500_000_000, "representatives": [_PERSON], "from_on": day,
        "until_on": day + timedelta(days=60), "decided_on": day, "reason": "a reason",
        "others": [{"body": "another"}], "branch": "a branch", "branch_kind": "branch",
        "branch_name": "Chi nhánh 1", "branch_commune": "a commune", "issuer": "Tòa án nhân dân",
        "abroad_kind": "office_abroad", "country": "Campuchia", "enterprise_kind": "enterprise",
        "enterprise_name": "Công ty TNHH Hòa Bình", "amount": 100_000_000, "money_source": "own",
        "document": "12/QĐ-TA", "mark_kind": "court", "mark": "a mark",
        "grounds": ["forged_dossier"], "new_bodies": [_part(kind, 12), _part(kind, 12)],
    }  # fmt: skip
    said = {n: ordinary[n] for n in procedure.required if n not in e.get("lacks", ())}
    said |= e.get("values", {})
    if "parts" in e:
        said["new_bodies"] = [_part(kind, members) for members in e["parts"]]
    case = Case(
        kind=kind, values=said, rule=procedure_on(code, day), judged_on=day, filed_on=day, today=day,
        despite_marks=procedure.despite_marks, body=_body(e.get("body", {})),
        others=tuple(_body(o) for o in e.get("others", ())),
        branch_state=e.get("branch_state", ""), add_working_days=add_working_days,
    )  # fmt: skip
    return sorted(f.code for f in check_filing(case, procedure.required, procedure.check))


def _part(kind: str, members: int) -> dict[str, Any]:
    return {
        "name": f"{_NAMES[kind]} mới", "commune": "a commune", "sector": "agriculture",
        "charter_capital": 250_000_000, "members": members,
    }  # fmt: skip


def _body(changes: Mapping[str, Any]) -> Body:
    known = {"name": "Hợp tác xã Cũ", "established_on": date(2015, 1, 1),
             "charter_capital": 500_000_000, "members": 12}  # fmt: skip
    return Body(
        **{**known, **{k: tuple(v) if isinstance(v, list) else v for k, v in changes.items()}}
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


# --- The others ------------------------------------------------------------------------------------


def _ground(e: Example) -> None:
    """How one ground for losing the certificate stands on a day, by what is kept of a body.

    ``gives`` are values of the rule itself, for ``kinds`` and ``not_for`` others.
    """
    if "standing" not in e:
        for kind in e.get("not_for", ()):
            assert ground_on(e["ground"], e["on"], kind) is None, kind
        for kind in e.get("kinds", ()):
            rule = ground_on(e["ground"], e["on"], kind)
            assert {n: _plain(getattr(rule, n)) for n in e["gives"]} == e["gives"]
        return
    held = Held(
        tuple(Said(on, _decimals(value)) for on, value in e["said"]),
        _stretches(e.get("covered", [])),
    )
    judged = judge(e["ground"], e["kind"], held, e["on"], _stretches(e.get("excused", [])))
    if e["standing"] == "none":
        assert judged is None
        return
    assert judged is not None
    assert (judged.standing, judged.since, judged.due_on) == (
        e["standing"], e.get("since"), e.get("due"),
    )  # fmt: skip
    if "procedure" in e:
        assert judged.rule.procedure == e["procedure"]


def _decimals(value: Any) -> Any:
    return {k: Decimal(str(v)) for k, v in value.items()} if isinstance(value, dict) else value


def _stretches(pairs: list[Any]) -> tuple[tuple[date, date], ...]:
    return tuple((a, b + timedelta(days=1)) for a, b in pairs)


def _size(e: Example) -> None:
    found = [
        b.code
        for b in bands(e["measure"], on=e["on"]).values()
        if (b.least is None or e["value"] >= b.least) and (b.below is None or e["value"] < b.below)
    ]
    assert found == [e["gives"]]


def _term(e: Example) -> None:
    assert add_working_days(e["received"], e["days"]) == e["due"]
    assert working_days_between(e["received"], e["due"]) == e["days"]
    assert is_working_day(e["due"])


def _members(e: Example) -> None:
    found = [f.code for f in check_members(e["kind"], e["members"], on=e["on"])]
    assert found == e["finds"]


def _era(e: Example) -> None:
    assert compute_legal_era(e["on"], today=date(2026, 1, 1)) == e["gives"]


def _registrar(e: Example) -> None:
    if e["gives"] == "":
        assert not any(v.in_force <= e["on"] for v in versions(RegistrarRule))
        return
    assert compute_registrar_level(e["kind"], on=e["on"]) == e["gives"]


def _cap(e: Example) -> None:
    assert contribution_cap(e["on"], is_union=e["union"]) * 100 == e["percent"]


def _age(e: Example) -> None:
    assert least_age(e["on"], is_associate=e["associate"]) == e["years"]


def _grounds_of_law(e: Example) -> None:
    assert [g.code for g in grounds_on(e["of"], e["on"], e["kind"])] == e["gives"]


def _fee(e: Example) -> None:
    """The fee of a dossier by a province's table and by law."""
    lines = [FeeLine(procedure=p, kind=k, channel=c, amount=a) for p, k, c, a in e["table"]]
    fee = compute_fee(
        lines, e["procedure"], e["kind"], e.get("channel", "counter"), e["on"],
        by_office=PROCEDURES[e["procedure"]].by_office,
    )  # fmt: skip
    assert (fee.standing, fee.amount) == (e["gives"], e.get("amount", 0))
    assert (fee.exemption.code if fee.exemption else "") == e.get("freed_by", "")


def _values(rule: type[Rule]) -> Callable[[Example], None]:
    """Values that a desk or a form is ruled by, as they stand on a day; ``unknown``: no law yet."""

    def compare(e: Example) -> None:
        if e.get("unknown"):
            try:
                rule_in_force(rule, on=e["on"])
            except rulebook.NotInForce:
                return
            raise AssertionError(f"{rule.topic} is known on {e['on']}")
        held = rule_in_force(rule, on=e["on"])
        assert {n: _plain(getattr(held, n)) for n in e["gives"]} == e["gives"]

    return compare


def _keeping(e: Example) -> None:
    """What is kept of notices, and whether a digest goes out ``at`` an hour of the day."""
    if "kept_since" in e:
        assert kept_since(e["on"]) == e["kept_since"]
    elif "at" in e:
        moment = timezone.make_aware(datetime.combine(e["on"], e["at"]))
        assert (digest_due(moment) is not None) == e["goes_out"]
    else:
        _values(KeepingRule)(e)


def _escalation(e: Example) -> None:
    """The steps that a task reached so many working days ``late``, and whom the last of them told."""
    if "late" not in e:
        _values(EscalationRule)(e)
        return
    found = list(reached(rule_in_force(EscalationRule, on=e["on"]), working_days_late=e["late"]))
    assert [s.code for s in found] == e["reaches"]
    if "told" in e:
        assert list(found[-1].to) == e["told"]


def _desk_of_directives(e: Example) -> None:
    """Clocks of the desk; the steps that what is ``owed`` reached so many working days ``late``, whom the last told."""
    if "late" not in e:
        _values(DirectiveDeskRule)(e)
        return
    rule = rule_in_force(DirectiveDeskRule, on=e["on"])
    found = list(reminders_reached(rule, e["owed"], working_days_late=e["late"]))
    assert [s.code for s in found] == e["reaches"]
    if "told" in e:
        assert list(found[-1].to) == e["told"]


_HOLDERS: dict[str, Callable[[Example], None]] = {
    "cases/grounds": _ground,
    "cases/desk": _values(CaseDeskRule),
    "certificates/form": _values(FormRule),
    "directives/desk": _desk_of_directives,
    "documents/party_format": _values(PartyFormat),
    "documents/state_format": _values(StateFormat),
    "governance/contribution_cap": _cap,
    "governance/least_age": _age,
    "notices/keeping": _keeping,
    "plans/standing": _values(StandingRule),
    "registration/desk": _values(DeskRule),
    "registration/fees": _fee,
    "registration/forms": _values(FormsRule),
    "registration/grounds": _grounds_of_law,
    "registry/least_members": _members,
    "registry/legal_era": _era,
    "registry/registrar": _registrar,
    "registry/size": _size,
    "tasks/escalation": _escalation,
    "workspace/baseline": _values(BaselineRule),
    "working_days/terms": _term,
}


# --- Rules that were tampered with -----------------------------------------------------------------


@contextmanager
def tampered(monkeypatch: Any, topic: str, table: int, **changes: Any) -> Iterator[None]:
    """Let a table of a topic say otherwise for a while."""
    released = rulebook.read_topic(topic)
    tables = [dict(t) for t in released["version"]]
    tables[table] |= changes
    read = rulebook.read_topic

    def other(asked: str) -> dict[str, Any]:
        return {**released, "version": tables} if asked == topic else read(asked)

    with monkeypatch.context() as patch:
        patch.setattr(rulebook, "read_topic", other)
        _forget()
        yield
    _forget()


def _forget() -> None:
    """Let rules be read anew, by whoever keeps what was read."""
    rulebook._versions.clear()
    rulebook._generation += 1
