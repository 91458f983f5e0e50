"""A certificate is issued, replaced, revoked, restored; its number, file and log go with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from hoptac.certificates import keys, log, log_check, status
from hoptac.certificates.actions import restore_certificate, revoke_certificate, rotate_key
from hoptac.certificates.models import Certificate, LogEntry, LogHead, Standing
from hoptac.certificates.payload import decode
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.foundation.findings import Refused
from hoptac.registry.actions import end_cooperative


def verdict(certificate: Any) -> str:
    return status.of_text(certificate.payload).verdict.value


def test_a_certificate_has_number_file_code_and_entry(issue: Callable[..., Any]) -> None:
    first, second = issue(), issue(reason="change", on=date(2026, 5, 4))
    year = f"2026/{first.authority.code}"
    assert [first.number, second.number] == [f"00001/{year}", f"00002/{year}"]
    content = first.file.read()
    assert content.startswith(b"%PDF-")
    assert hashlib.sha256(content).hexdigest() == first.file.sha256
    said = decode(first.payload).payload
    assert (said.name, said.capital) == ("Hợp tác xã Nông nghiệp Hòa An", 2_050_000_000)
    assert verdict(first) == "superseded"
    assert verdict(second) == "valid"
    answer = status.of_text(first.payload)
    assert answer.current == second
    events = list(LogEntry.objects.order_by("number").values_list("event", "digest"))
    assert events == [
        ("issue", first.digest), ("supersede", first.digest), ("issue", second.digest),
    ]  # fmt: skip


def test_neither_code_nor_log_nor_journal_tells_of_persons(issue: Callable[..., Any]) -> None:
    certificate = issue()
    act = Act.objects.get(name="certificates.issue_certificate")
    said = str(ActPayload.objects.get(act=act).content)
    told = [
        str(decode(certificate.payload)),
        LogEntry.objects.get().line,
        said,
        str(status.lists()),
    ]
    told.append(str(status.of_number(certificate.number, certificate.code).as_public_data()))
    for text in told:
        assert "Bí Mật" not in text
        assert "091085001234" not in text
    assert "Lê Thị Bí Mật" in str(certificate.content)


def test_revoked_restored_and_ended_are_told_apart(
    issue: Callable[..., Any], the_system: Context, body: Any
) -> None:
    certificate = issue()
    because = the_system.because("hồ sơ giả", "QĐ 12/QĐ-UBND")
    revoke_certificate(because, certificate, on=date(2026, 6, 1))
    assert verdict(certificate) == "revoked"
    with pytest.raises(Refused, match=r"không có hiệu lực|not in force"):
        revoke_certificate(because, certificate, on=date(2026, 6, 2))
    restore_certificate(because, certificate, on=date(2026, 7, 1))
    assert verdict(certificate) == "valid"
    certificate = Certificate.objects.get(pk=certificate.pk)
    days = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 6, 30), date(2026, 7, 1)]
    states = [s.state if (s := certificate.standing_on(d)) else None for d in days]
    assert states == [None, "in_force", "revoked", "in_force"]
    end_cooperative(the_system.because("giải thể"), body, on=date(2026, 8, 1))
    assert verdict(certificate) == "ended"
    assert log.troubles() == []


def test_what_was_replaced_after_its_revocation_is_not_restored(
    issue: Callable[..., Any], the_system: Context
) -> None:
    first = issue()
    revoke_certificate(the_system.because("in sai"), first, on=date(2026, 3, 3))
    second = issue(on=date(2026, 3, 4), reason="reissue")
    with pytest.raises(Refused) as refused:
        restore_certificate(the_system.because("nhầm"), first, on=date(2026, 3, 5))
    assert refused.value.codes == {"another_in_force"}
    assert (verdict(first), verdict(second)) == ("revoked", "valid")


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "Hợp tác xã Tên Khác"), ("code", "1700123464"), ("charter_capital", 9_000_000_000)],
)
def test_an_officer_issues_nothing_but_what_the_register_says(
    issue: Callable[..., Any], officer: Callable[..., Context], field: str, value: Any
) -> None:
    alone = officer("registration_officer")
    with pytest.raises(Refused) as refused:
        issue(ctx=alone, **{field: value})
    assert [(f.code, f.field) for f in refused.value.findings] == [("unlike_register", field)]
    assert not Certificate.objects.exists()
    assert issue(ctx=alone).content[field] != value


def test_without_a_code_in_the_register_an_officer_types_none(
    issue: Callable[..., Any], officer: Callable[..., Context], cooperative: Callable[..., Any]
) -> None:
    body = cooperative(name="Hợp tác xã Chưa Có Mã")
    with pytest.raises(Refused) as refused:
        issue(body, ctx=officer("registration_officer"), name="Hợp tác xã Chưa Có Mã")
    assert {f.field for f in refused.value.findings} == {"code"}


def test_what_cannot_be_a_certificate_is_refused(issue: Callable[..., Any], body: Any) -> None:
    for changes, code in (
        ({"code": ""}, "code_missing"), ({"office": " "}, "office_missing"),
        ({"representatives": []}, "representative_missing"), ({"charter_capital": -1}, "capital_unfit"),
        ({"kind": "group"}, "kind_unfit"), ({"on": date(2100, 1, 1)}, "date_in_future"),
        ({"reason": "whim"}, "reason_unknown"), ({"secret": "x"}, "field_unknown"),
    ):  # fmt: skip
        with pytest.raises(Refused) as refused:
            issue(**changes)
        assert code in refused.value.codes, changes
    assert not Certificate.objects.exists()
    assert not LogEntry.objects.exists()
    assert issue().number.startswith("00001/"), "what was refused took no number"


def test_a_branch_has_certificates_beside_those_of_the_body(issue: Callable[..., Any]) -> None:
    own = issue()
    one = issue(kind="branch", name="Chi nhánh Một", code="1700123457-001", charter_capital=None)
    two = issue(kind="branch", name="Chi nhánh Hai", code="1700123457-002", charter_capital=None)
    again = issue(
        kind="branch", name="Chi nhánh Một", code="1700123457-001", charter_capital=None,
        reason="reissue",
    )  # fmt: skip
    assert [verdict(c) for c in (own, one, two, again)] == ["valid", "superseded", "valid", "valid"]


def test_who_may_not_may_not(
    issue: Callable[..., Any], officer: Callable[..., Context], units: Any
) -> None:
    certificate = issue()
    elsewhere = officer("registration_officer", unit=units.district("Giồng Riềng"))
    reader = officer("auditor")
    with pytest.raises(OutOfReach):
        issue(ctx=elsewhere)
    with pytest.raises(OutOfReach):
        revoke_certificate(elsewhere.because("x"), certificate, on=date(2026, 6, 1))
    for act in (revoke_certificate, restore_certificate):
        with pytest.raises(Exception, match="revoke"):
            act(reader.because("x"), certificate, on=date(2026, 6, 1))
    assert issue(ctx=officer("registration_officer"), reason="change").number.startswith("00002/")


def test_history_of_certificates_cannot_be_changed(issue: Callable[..., Any]) -> None:
    issue()
    for query in (
        Certificate.objects.all(), LogEntry.objects.all(), LogHead.objects.all(),
    ):  # fmt: skip
        field = {"Certificate": "name", "LogEntry": "line", "LogHead": "text"}[query.model.__name__]
        with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
            query.update(**{field: "x"})
        with pytest.raises(DatabaseError, match="kept for ever"), transaction.atomic():
            query._raw_delete(query.db)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Standing.objects.update(state="revoked")
    with pytest.raises(DatabaseError, match="follows the last"), transaction.atomic():
        LogEntry.objects.create(
            number=7, event="issue", digest="0" * 64, line="{}", act_id="0" * 32
        )


def test_a_key_is_rotated_and_old_certificates_stay_valid(
    issue: Callable[..., Any], key: Any, the_system: Context
) -> None:
    old = issue()
    with pytest.raises(Refused):
        rotate_key(the_system)
    second = rotate_key(the_system.because("hằng năm"))
    new = issue(reason="change", on=date(2026, 5, 1))
    assert [old.key_id, new.key_id] == [key.pk, second.pk]
    assert [verdict(old), verdict(new)] == ["superseded", "valid"]
    for name in (key.pk, second.pk):
        path = keys.folder() / f"{name}.pem"
        assert path.stat().st_mode & 0o777 == 0o600
    rotate_key(the_system.because("mất khoá"), is_compromised=True)
    assert verdict(new) == "valid", "what is in our list stands, even if its key was stolen"
    last = log.head()
    assert last is not None
    head = log_check.read_head(last.text)
    log_check.check_signature(head, keys.public_keys()[second.pk].public)


def test_without_a_key_nothing_is_issued(issue: Callable[..., Any], settings: Any) -> None:
    settings.CERTIFICATE_KEYS = settings.CERTIFICATE_KEYS / "elsewhere"
    with pytest.raises(Refused) as refused:
        issue()
    assert refused.value.codes == {"no_signing_key"}
