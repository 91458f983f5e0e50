"""Words of the journal are erased where the law asks for it; the chain still holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from hoptac.foundation.accounts import acts as account_acts
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit import erasing, journal
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.findings import Refused

CANARY = "Đỗ Thị Chim Hoàng Yến 0912345678"
ERASE = reverse("journal:erase")


@pytest.fixture(autouse=True)
def own_list(settings: Any, tmp_path: Any) -> None:
    settings.VAR = tmp_path


@pytest.fixture
def administrator(officer: Callable) -> Any:
    return officer("administrator", name="Lâm Thanh Trị")


@pytest.fixture
def entry(administrator: Any, officer: Callable) -> Act:
    """An entry whose reason holds a person's name and telephone."""
    account_acts.disable_user(administrator.because(f"{CANARY} yêu cầu"), officer().user)
    return Act.objects.get(name="accounts.disable_user")


def lawfully(ctx: Any) -> Any:
    return ctx.because("Chủ thể dữ liệu yêu cầu xóa", "Luật 91/2025/QH15, Điều 14")


def erase(ctx: Any, *acts: Any) -> int:
    return erasing.erase_words(ctx, [a.pk for a in acts], approved_by="Giám đốc Sở, số 12")


def test_the_words_are_gone_the_entry_stands_and_the_chain_holds(
    administrator: Any, entry: Act, django_capture_on_commit_callbacks: Callable
) -> None:
    assert erasing.holding(administrator, CANARY) == [entry]
    head = journal.verify().head
    with django_capture_on_commit_callbacks(execute=True):
        assert erase(lawfully(administrator), entry) == 1
    payload = ActPayload.objects.get(pk=entry.pk)
    assert (payload.content, payload.salt) == (None, None)
    assert payload.erased_at is not None
    assert erasing.holding(administrator, CANARY) == []
    assert journal.verify(head=head).broken is None
    proof = Act.objects.get(name="audit.erase_words")
    assert proof.payload.content == {
        "details": {"entries": [entry.number], "approved_by": "Giám đốc Sở, số 12"},
        "reason": "Chủ thể dữ liệu yêu cầu xóa", "basis": "Luật 91/2025/QH15, Điều 14",
    }  # fmt: skip
    assert list(erasing.listed()) == [entry.pk]


def test_erasing_names_its_reason_its_ground_and_who_approved(
    administrator: Any, entry: Act
) -> None:
    with pytest.raises(Refused) as refused:
        erasing.erase_words(administrator, [entry.pk], approved_by=" ")
    assert refused.value.codes == {"reason_missing", "basis_missing", "approver_missing"}
    ctx = lawfully(administrator)
    with pytest.raises(Refused) as refused:
        erasing.erase_words(ctx, [], approved_by="A")
    assert refused.value.codes == {"entry_unknown"}
    erase(ctx, entry)
    with pytest.raises(Refused) as refused:
        erase(ctx, entry)
    assert refused.value.codes == {"erased_already"}
    with pytest.raises(Refused) as refused:
        erase(ctx, Act.objects.get(name="audit.erase_words"))
    assert refused.value.codes == {"words_kept"}


def test_only_the_provinces_administrator_erases(
    entry: Act, officer: Callable, units: Any, client_of: Callable
) -> None:
    for role in ("auditor", "department_officer", "rule_keeper"):
        ctx = officer(role)
        with pytest.raises(PermissionDenied):
            erase(lawfully(ctx), entry)
        assert client_of(ctx).get(ERASE).status_code == 403
    from datetime import date

    local = officer("administrator", unit=units.commune("Rạch Giá", on=date(2026, 1, 1)))
    with pytest.raises(OutOfReach):
        erase(lawfully(local), entry)
    assert erasing.holding(local, CANARY) == []


def test_an_erased_entry_is_never_filled_again(administrator: Any, entry: Act) -> None:
    erase(lawfully(administrator), entry)
    with pytest.raises(DatabaseError), transaction.atomic():
        ActPayload.objects.filter(pk=entry.pk).update(content={"reason": "khác"}, salt=b"1")


def test_what_a_restored_backup_brings_back_is_erased_again(
    administrator: Any, entry: Act, django_capture_on_commit_callbacks: Callable, capsys: Any
) -> None:
    import pgtrigger

    before = ActPayload.objects.filter(pk=entry.pk).values("content", "salt").get()
    with django_capture_on_commit_callbacks(execute=True):
        erase(lawfully(administrator), entry)
    with pgtrigger.ignore():
        ActPayload.objects.filter(pk=entry.pk).update(**before, erased_at=None)
    assert erasing.holding(administrator, CANARY) == [entry]
    with django_capture_on_commit_callbacks(execute=True):
        call_command("erase_again")
    assert "1 entries" in capsys.readouterr().out
    assert erasing.holding(administrator, CANARY) == []
    assert list(erasing.listed()) == [entry.pk]
    assert erasing.erase_again() == 0
    assert journal.verify().broken is None


@pytest.mark.django_db(transaction=True)
def test_after_sweeping_no_byte_is_left_in_the_tables_file(administrator: Any, entry: Act) -> None:
    def in_file() -> bool:
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
            cursor.execute("SELECT pg_read_binary_file(pg_relation_filepath('audit_actpayload'))")
            return CANARY.encode() in bytes(cursor.fetchone()[0])

    assert in_file()
    erase(lawfully(administrator), entry)
    erasing.sweep()
    assert not in_file()


def test_the_page_finds_by_a_text_that_is_never_in_the_address(
    administrator: Any, entry: Act, client_of: Callable
) -> None:
    desk = client_of(administrator)
    assert ERASE in desk.get(reverse("journal:list")).content.decode()
    assert CANARY not in desk.get(ERASE, {"words": CANARY}).content.decode()
    found = desk.post(ERASE, {"words": CANARY})
    assert [line.act for line in found.context["lines"]] == [entry]
    form = {"words": CANARY, "act": str(entry.pk), "erase": "1"}
    assert desk.post(ERASE, form).status_code == 422
    told = form | {"reason": "Yêu cầu", "basis": "Điều 14", "approved_by": "Giám đốc"}
    assert desk.post(ERASE, told | {"act": "không phải mã"}).status_code == 422
    assert desk.post(ERASE, told).status_code == 302
    shown = desk.get(reverse("journal:entry", args=[entry.pk])).content.decode()
    assert CANARY not in shown
    assert "đã bị xóa" in shown or "đã xóa" in shown or "xóa theo" in shown
    assert "Không có mục nào" in desk.post(ERASE, {"words": CANARY}).content.decode()
