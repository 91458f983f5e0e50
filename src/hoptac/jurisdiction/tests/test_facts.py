"""What nobody has held against the official text yet: who confirms it, what follows, how it is undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from hoptac.foundation import rulebook
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit import journal
from hoptac.foundation.audit.models import Act
from hoptac.foundation.findings import Refused
from hoptac.foundation.rulebook import acts, facts, files, marks
from hoptac.foundation.rulebook.models import Confirmation
from hoptac.jurisdiction.actions import load_agencies
from hoptac.jurisdiction.models import Agency, AgencySuccession

SIZE = "rule:statistics.indicators:cooperatives"
LISTS = "rule:lists:units-2025"
DECREE = "Nghị định 113/2024/NĐ-CP"
READ = {"document": DECREE, "article": "Điều 4", "read_on": date(2026, 1, 5)}


@pytest.fixture
def keeper(officer: Callable) -> Any:
    return officer("rule_keeper", name="Trương Thị Luật")


@pytest.fixture
def agencies(the_system: Any) -> None:
    load_agencies(the_system)


@pytest.fixture
def rules(settings: Any, tmp_path: Any, monkeypatch: Any) -> Any:
    """A rulebook of one topic, whose file a test may write anew."""
    (tmp_path / "speed.toml").write_text(_speed(50), encoding="utf-8")
    settings.RULEBOOK = tmp_path
    _read_again()
    yield tmp_path / "speed.toml"
    settings.RULEBOOK = tmp_path  # pytest restores it afterwards
    _read_again()


def _speed(limit: int) -> str:
    return f"""
title = {{ en = "Speed", vi = "Tốc độ" }}
note = {{ en = "From hearsay.", vi = "Nghe nói." }}
[words]
limit = {{ en = "Limit", vi = "Giới hạn" }}
[[version]]
in_force = 2020-01-01
basis = "Điều 7"
confirmed = false
limit = {limit}
steps = [1, 2, 3]
where = "town"
[[version]]
in_force = 2024-01-01
basis = "Điều 8"
confirmed = true
limit = 60
steps = [1, 2, 4]
where = "road"
"""


def _read_again() -> None:

    rulebook.read_topic.cache_clear()
    rulebook.fingerprint_of_file.cache_clear()
    files.forget()
    rulebook._versions.clear()


KEY = "rule:speed:2020-01-01"


def seen(key: str) -> str:
    found = facts.standing_of(key)
    assert found is not None
    return found.fact.fingerprint


def state(key: str) -> str:
    found = facts.standing_of(key)
    assert found is not None
    return found.state


def confirm(ctx: Any, key: str, **changes: Any) -> Confirmation:
    return acts.confirm_fact(ctx, key, **{"fingerprint": seen(key), **READ, **changes})


def correct(ctx: Any, key: str, values: dict[str, Any], **changes: Any) -> Confirmation:
    told = {"fingerprint": seen(key), **READ, **changes}
    return acts.correct_fact(ctx, key, values=values, **told)


# --- Acts ---------------------------------------------------------------------------------------


def test_a_confirmed_line_is_confirmed_for_everybody_and_in_the_journal(
    rules: Any, keeper: Any
) -> None:
    assert state(KEY) == "open"
    assert rulebook.tables("speed")[0]["confirmed"] is False
    confirmation = confirm(keeper, KEY)
    assert state(KEY) == "confirmed"
    assert rulebook.tables("speed")[0]["confirmed"] is True
    entry = Act.objects.get(pk=confirmation.act_id)
    assert (entry.name, entry.subject_id) == ("rulebook.confirm_fact", str(confirmation.pk))
    assert entry.payload.content["details"]["document"] == DECREE
    assert journal.verify().broken is None
    with pytest.raises(Refused) as refused:
        confirm(keeper, KEY)
    assert refused.value.codes == {"confirmed_already"}


def test_another_process_learns_of_it_from_the_database(rules: Any, keeper: Any) -> None:
    confirm(keeper, KEY)
    marks.forget()
    assert rulebook.tables("speed")[0]["confirmed"] is False
    marks.refresh(at_once=True)
    assert rulebook.tables("speed")[0]["confirmed"] is True


def test_a_file_that_says_otherwise_asks_to_be_confirmed_anew(rules: Any, keeper: Any) -> None:
    confirm(keeper, KEY)
    rules.write_text(_speed(45), encoding="utf-8")
    _read_again()
    assert state(KEY) == "changed"
    assert rulebook.tables("speed")[0]["confirmed"] is False
    again = confirm(keeper, KEY)
    assert state(KEY) == "confirmed"
    assert Confirmation.objects.live().get(fact=KEY) == again


def test_a_correction_changes_what_the_rule_says_until_it_is_withdrawn(
    rules: Any, keeper: Any
) -> None:
    done = correct(
        keeper.because("Đọc lại văn bản"), KEY, {"limit": 55, "in_force": date(2019, 6, 1)}
    )
    table = rulebook.tables("speed")[0]
    assert (table["limit"], table["in_force"], table["basis"]) == (55, date(2019, 6, 1), "Điều 7")
    assert done.before == {"limit": 50, "in_force": "2020-01-01"}
    assert state(KEY) == "corrected"
    with pytest.raises(Refused) as refused:
        acts.withdraw_confirmation(keeper, done)
    assert refused.value.codes == {"reason_missing"}
    acts.withdraw_confirmation(keeper.because("Đọc nhầm trang"), done)
    assert rulebook.tables("speed")[0]["limit"] == 50
    assert state(KEY) == "open"
    undo = Act.objects.get(name="rulebook.withdraw_confirmation")
    assert undo.undoes_id == done.act_id
    done.refresh_from_db()
    assert done.retired_by == undo.pk
    with pytest.raises(Refused) as refused:
        acts.withdraw_confirmation(keeper.because("Lần nữa"), done)
    assert refused.value.codes == {"withdrawn_already"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"limit": 50}, "nothing_corrected"),
        ({}, "nothing_corrected"),
        ({"limit": -1}, "value_impossible"),
        ({"steps": [1, 2]}, "value_impossible"),
        ({"steps": [1, 3, 2]}, "value_impossible"),
        ({"where": "sea"}, "value_impossible"),
        ({"basis": " "}, "value_impossible"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(
    rules: Any, keeper: Any, values: dict, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        correct(keeper.because("Vì"), KEY, values)
    assert refused.value.codes == {code}
    assert not Confirmation.objects.exists()


def test_a_confirmation_names_its_text_and_a_day_that_has_come(rules: Any, keeper: Any) -> None:
    tomorrow = keeper.today + timedelta(days=1)
    for changes, code in (
        ({"document": " "}, "document_missing"),
        ({"read_on": tomorrow}, "date_in_future"),
        ({"fingerprint": "stale"}, "fact_changed"),
    ):
        with pytest.raises(Refused) as refused:
            confirm(keeper, KEY, **changes)
        assert refused.value.codes == {code}
    with pytest.raises(Refused) as refused:
        correct(keeper, KEY, {"limit": 1})
    assert refused.value.codes == {"reason_missing"}
    with pytest.raises(Refused) as refused:
        acts.confirm_fact(keeper, "rule:speed:1999-01-01", fingerprint="x", **READ)
    assert refused.value.codes == {"fact_unknown"}


def test_only_who_keeps_the_rules_of_the_province_confirms(
    officer: Callable, units: Any, the_system: Any
) -> None:
    for role in ("department_officer", "auditor", "registration_officer"):
        with pytest.raises(PermissionDenied):
            confirm(officer(role), SIZE)
    local = officer("rule_keeper", unit=units.commune("Rạch Giá", on=date(2026, 1, 1)))
    with pytest.raises(OutOfReach):
        confirm(local, SIZE)
    done = confirm(officer("administrator"), SIZE)
    with pytest.raises(OutOfReach):
        acts.withdraw_confirmation(local.because("Không phải việc của tôi"), done)


def test_several_facts_of_one_text_are_confirmed_together_or_not_at_all(
    keeper: Any, agencies: None
) -> None:
    keys = [s.fact.key for s in facts.standings() if s.fact.group == "successions"][:3]
    wrong = {k: seen(k) for k in keys} | {keys[2]: "stale"}
    with pytest.raises(Refused):
        acts.confirm_facts(keeper, wrong, **READ)
    assert not Confirmation.objects.exists()
    assert acts.confirm_facts(keeper, {k: seen(k) for k in keys}, **READ) == 3
    parent = Act.objects.get(name="rulebook.confirm_facts")
    assert Act.objects.filter(parent_id=parent.pk, name="rulebook.confirm_fact").count() == 3
    assert AgencySuccession.objects.filter(is_confirmed=True).count() == 3
    with pytest.raises(Refused) as refused:
        acts.confirm_facts(keeper, {}, **READ)
    assert refused.value.codes == {"facts_missing"}


def test_an_agency_takes_the_corrected_days_and_gives_them_back(
    keeper: Any, agencies: None
) -> None:
    key = "agency:so-gtvt"
    done = correct(
        keeper.because("Quyết định sắp xếp"), key,
        {"end": date(2025, 3, 1), "name": "Sở Giao thông vận tải Kiên Giang"},
    )  # fmt: skip
    agency = Agency.objects.get(code="so-gtvt")
    assert (agency.is_confirmed, agency.valid.upper) == (True, date(2025, 3, 1))
    assert agency.name == "Sở Giao thông vận tải Kiên Giang"
    assert state(key) == "corrected"
    acts.withdraw_confirmation(keeper.because("Nhầm cơ quan"), done)
    agency.refresh_from_db()
    assert (agency.is_confirmed, agency.valid.upper) == (False, date(2025, 7, 1))
    assert agency.name == "Sở Giao thông vận tải"
    assert state(key) == "open"


def test_confirmations_are_never_changed_or_deleted(keeper: Any) -> None:
    from django.db import DatabaseError, transaction

    done = confirm(keeper, SIZE)
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.filter(pk=done.pk).update(document="Khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        Confirmation.objects.filter(pk=done.pk).delete()


def test_every_rule_and_list_of_the_release_is_a_fact_with_words_and_a_basis() -> None:
    from hoptac.foundation.rulebook.files import Files

    found = list(Files().facts())
    assert {f.group for f in found} == {
        "rules", "papers", "indicators", "documents", "exchange", "lists", "plans",
    }  # fmt: skip
    for fact in found:
        assert fact.basis, fact.key
        assert all(v.label != v.name for v in fact.values), fact.key
    rules = rulebook.Rule.__subclasses__()
    known = {c.topic for c in rules if c.__module__.startswith("hoptac") and c.topic}
    assert {t.replace("/", ".") for t in known} <= {f.key.split(":")[1] for f in found}


# --- Pages --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sees", "confirms"),
    [
        ("rule_keeper", 200, 200), ("administrator", 200, 200), ("department_officer", 200, 403),
        ("auditor", 200, 403), ("registration_officer", 403, 403), ("bank_officer", 403, 403),
    ],
)  # fmt: skip
def test_who_opens_the_pages(
    role: str, sees: int, confirms: int, officer: Callable, client_of: Callable
) -> None:
    desk = client_of(officer(role))
    assert desk.get(reverse("facts:list")).status_code == sees
    assert desk.get(reverse("facts:fact", args=[SIZE])).status_code == sees
    for name in ("confirm", "correct"):
        assert desk.get(reverse(f"facts:{name}", args=[SIZE])).status_code == confirms
    assert desk.post(reverse("facts:confirm", args=[SIZE])).status_code in {422, 403}
    assert not Confirmation.objects.exists()


def test_a_keeper_of_one_commune_finds_no_page(
    officer: Callable, client_of: Callable, units: Any
) -> None:
    desk = client_of(officer("rule_keeper", unit=units.commune("Rạch Giá", on=date(2026, 1, 1))))
    assert desk.get(reverse("facts:list")).status_code == 404
    assert desk.get(reverse("facts:confirm", args=[SIZE])).status_code == 403


def test_the_list_is_found_by_group_words_and_state(
    keeper: Any, client_of: Callable, agencies: None, django_assert_max_num_queries: Any
) -> None:
    desk = client_of(keeper)

    def listed(**asked: str) -> list[str]:
        answer = desk.get(reverse("facts:list"), asked)
        assert answer.status_code == 200
        return [row[0].fact.key for row in answer.context["rows"]]

    with django_assert_max_num_queries(12):
        assert len(listed()) == 25
    assert sorted(listed(q="lien minh hop tac xa", group="agencies")) == [
        "agency:lmhtx", "agency:lmhtx-ag",
    ]  # fmt: skip
    lists = listed(group="lists")
    assert lists[:2] == ["rule:lists:units-2019", LISTS]
    confirm(keeper, LISTS)
    assert listed(group="lists")[: len(lists) - 1] == [key for key in lists if key != LISTS]
    assert listed(group="lists", state="settled") == [LISTS]
    assert listed(group="lists", state="all") == lists
    assert listed(q="không có gì như thế") == []


def test_a_fact_is_confirmed_corrected_and_withdrawn_on_its_page(
    keeper: Any, client_of: Callable, agencies: None
) -> None:
    desk = client_of(keeper)
    key = "agency:so-ct"
    form = {"document": DECREE, "article": "", "read_on": "05/01/2026", f"seen:{key}": seen(key)}
    address = {
        n: reverse(f"facts:{n}", args=[key]) for n in ("fact", "confirm", "correct", "withdraw")
    }
    assert desk.get(address["withdraw"]).status_code == 404
    assert desk.post(address["confirm"], form).status_code == 302
    assert "Nghị định 113/2024" in desk.get(address["fact"]).content.decode()
    assert desk.post(address["withdraw"], {"reason": ""}).status_code == 422
    assert desk.post(address["withdraw"], {"reason": "Nhầm"}).status_code == 302
    shown = desk.get(address["correct"]).context["form"]
    values = {n: shown[n].value() or "" for n in shown.fields if n.startswith("value_")}
    values["value_end"] = "30/06/2025"
    answer = desk.post(address["correct"], {**form, **values, "reason": "Theo nghị quyết"})
    assert answer.status_code == 302
    assert Agency.objects.get(code="so-ct").valid.upper == date(2025, 6, 30)
    assert desk.post(address["correct"], {**form, **values, "reason": "Lại"}).status_code == 422


def test_a_rules_numbers_are_typed_as_people_write_them(keeper: Any, client_of: Callable) -> None:
    key = "rule:registry.size:1900-01-01"
    desk = client_of(keeper)
    address = reverse("facts:correct", args=[key])
    shown = desk.get(address).context["form"]
    form = {n: shown[n].value() for n in shown.fields if shown[n].value()}
    assert form["value_capital"] == "1.000.000.000; 5.000.000.000; 50.000.000.000"
    form |= {
        "value_in_force": "01/01/1900", "value_capital": "2.000.000.000; 5 000 000 000; 50000000000",
        "document": DECREE, "read_on": "05/01/2026", "reason": "Điều 5", f"seen:{key}": seen(key),
    }  # fmt: skip
    assert desk.post(address, form | {"value_capital": "hai tỷ"}).status_code == 422
    assert desk.post(address, form).status_code == 302
    assert Confirmation.objects.get().values == {
        "capital": [2_000_000_000, 5_000_000_000, 50_000_000_000]
    }


def test_ticked_facts_are_confirmed_on_one_page(
    keeper: Any, client_of: Callable, agencies: None
) -> None:
    desk = client_of(keeper)
    keys = ["agency:so-xd", "agency:so-nv"]
    several = reverse("facts:several")
    assert desk.get(several).status_code == 302
    shown = desk.get(several, {"fact": keys})
    assert len(shown.context["shown"]) == 2
    form = {"fact": keys, "document": DECREE, "read_on": "05/01/2026"}
    form |= {f"seen:{k}": seen(k) for k in keys}
    assert desk.post(several, form).status_code == 302
    assert Agency.objects.filter(is_confirmed=True).count() == 2


def test_home_tells_the_keeper_what_waits(keeper: Any, client_of: Callable) -> None:
    assert reverse("facts:list") in client_of(keeper).get("/").content.decode()
