"""Many certificates at once: who is due one, what is refused and why, each whole, none twice."""

from __future__ import annotations

import io
import itertools
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from procrastinate.contrib.django.models import ProcrastinateJob
from pyhanko.pdf_utils.reader import PdfFileReader

from hoptac.certificates import batches, keys, log, making, people, tasks, working
from hoptac.certificates.actions import (
    choose_item,
    draw_up_batch,
    issue_block,
    put_batch_aside,
    revoke_certificate,
    start_batch,
    stop_batch,
)
from hoptac.certificates.actions.batches import Moved, NotRunning
from hoptac.certificates.document import printed
from hoptac.certificates.models import Certificate, IssueBatch, IssueItem, LogEntry
from hoptac.certificates.terms import BatchState, ItemState
from hoptac.certificates.tests.conftest import PERSON
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.findings import Refused
from hoptac.registry.actions import correct_particulars
from hoptac.registry.filters import RegisterFilter
from hoptac.registry.rules.particulars import compute_check_digit

TODAY = date(2026, 11, 2)


@pytest.fixture
def boss(the_system: Context) -> Context:
    return the_system.by(today=TODAY).because(basis="QĐ 12/QĐ-UBND")


def number(n: int) -> str:
    """Return the n-th code whose tenth digit fits."""
    codes = (f"{nine}{digit}" for nine in range(170_022_345, 170_023_345)
             if (digit := compute_check_digit(str(nine))) < 10)  # fmt: skip
    return next(itertools.islice(codes, n, None))


@pytest.fixture
def bodies(cooperative: Callable[..., Any]) -> list[Any]:
    return [
        cooperative(
            name=f"Hợp tác xã Số {n:02}", registration_number=number(n), address="Ấp Một",
            charter_capital=10**9 + n, chairman=f"Lê Văn {n}",
        )
        for n in range(7)
    ]  # fmt: skip


@pytest.fixture
def draw(key: Any, boss: Context, bodies: Any, units: Any) -> Callable[..., IssueBatch]:
    def make(ctx: Context | None = None, **changed: Any) -> IssueBatch:
        ctx = ctx or boss
        given = {
            "authority": units.province(TODAY), "grounds": ["missing", "differs"],
            "issued_on": TODAY, "signatory": "Chủ tịch\nNguyễn Văn Ký", "reason": "exchange", **changed,
        }  # fmt: skip
        return draw_up_batch(ctx, given.pop("asked", RegisterFilter(TODAY)), **given)

    return make


def run(ctx: Context, batch: IssueBatch) -> IssueBatch:
    """Start a batch and have it issued as the worker does."""
    start_batch(ctx, batch)
    working.work(ctx, batch.pk, hands=1)
    batch.refresh_from_db()
    return batch


def states(batch: IssueBatch) -> dict[str, int]:
    return {k: n for k, n in batches.counts_of(batch).items() if n}


def test_a_batch_issues_each_as_if_it_were_alone(
    draw: Any, boss: Context, bodies: list[Any]
) -> None:
    batch = run(boss, draw())
    assert batch.state == BatchState.DONE
    made = list(Certificate.objects.order_by("sequence"))
    assert [c.sequence for c in made] == list(range(1, 8))
    assert [c.cooperative_id for c in made] == [b.pk for b in bodies]
    assert states(batch) == {"issued": 7}
    parent = Act.objects.get(name="certificates.issue_block")
    children = Act.objects.filter(name="certificates.issue_certificate")
    assert set(children.values_list("parent_id", flat=True)) == {parent.pk}
    assert {str(b.pk) for b in bodies} == set(children.values_list("subject_id", flat=True))
    assert set(children.values_list("pk", flat=True)) == {c.act_id for c in made}
    assert list(LogEntry.objects.values_list("digest", flat=True)) == [c.digest for c in made]
    assert {e.act_id for e in LogEntry.objects.all()} == {c.act_id for c in made}
    assert log.troubles() == []
    assert verify().broken is None
    # The same bytes that one issued by itself is given.
    order = making.Order(bodies[0], "registration", made[0].content)
    key, private = keys.signing()
    [draft] = making.drafts(batches.terms_of(batch), [order], [1], key, private.sign)
    assert draft.signed.text == made[0].payload
    assert printed(draft.sheet.data()) == made[0].file.read()


def test_who_agrees_already_is_left_in_peace_and_who_differs_says_in_what(
    draw: Any, boss: Context, bodies: list[Any]
) -> None:
    run(boss, draw())
    with pytest.raises(Refused) as refused:
        draw()
    assert refused.value.codes == {"nothing_due"}
    correct_particulars(boss.because("đổi tên"), bodies[2], changes={"name": "Hợp tác xã Tên Mới"})
    batch = draw(reason="change")
    assert batch.agreeing == 6
    item = IssueItem.objects.get(batch=batch)
    assert (item.ground, item.differs, item.before.sequence) == ("differs", ["name"], 3)
    run(boss, batch)
    new = Certificate.objects.latest("sequence")
    assert new.name == "Hợp tác xã Tên Mới"
    old = Certificate.objects.with_state().get(sequence=3)
    assert old.state == "superseded"
    assert old.standings.get(retired_by=None).successor_id == new.pk
    assert log.troubles() == []


def test_what_cannot_be_issued_says_why_and_the_rest_goes_on(
    draw: Any, boss: Context, bodies: list[Any], cooperative: Callable[..., Any]
) -> None:
    cooperative(name="Hợp tác xã Thiếu Số", address="Ấp Hai", chairman="Lê Một")
    batch = draw()
    lacking = IssueItem.objects.get(batch=batch, name="Hợp tác xã Thiếu Số")
    assert lacking.state == ItemState.REFUSED
    assert {f["code"] for f in lacking.findings} >= {"code_missing", "capital_missing"}
    warned = IssueItem.objects.filter(batch=batch, state=ItemState.WAITING).first()
    assert warned is not None
    assert [f["code"] for f in warned.findings] == ["identity_missing"]
    correct_particulars(boss.because("sửa"), bodies[1], changes={"director": "Người Khác"})
    correct_particulars(boss.because("sửa"), bodies[3], changes={"name": "Hợp tác xã Đổi"})
    choose_item(boss, batch, item=IssueItem.objects.get(cooperative=bodies[5]).pk, take=False)
    run(boss, batch)
    assert states(batch) == {"issued": 5, "refused": 2, "left_out": 1}
    changed = IssueItem.objects.get(batch=batch, cooperative=bodies[3])
    assert changed.findings[-1]["code"] == "changed_meanwhile"
    assert [c.sequence for c in Certificate.objects.order_by("sequence")] == [1, 2, 3, 4, 5]


def test_a_revoked_certificate_is_not_replaced_in_passing(
    draw: Any, boss: Context, bodies: list[Any]
) -> None:
    run(boss, draw())
    first = Certificate.objects.get(sequence=1)
    revoke_certificate(boss.because("Điều 103"), first, on=TODAY)
    batch = draw()
    item = IssueItem.objects.get(batch=batch)
    assert item.state == ItemState.REFUSED
    assert "is_revoked" in {f["code"] for f in item.findings}
    with pytest.raises(Refused) as refused:
        start_batch(boss, batch)
    assert refused.value.codes == {"nothing_waits"}


def test_two_batches_over_the_same_bodies_double_nobody(
    draw: Any, boss: Context, bodies: list[Any]
) -> None:
    first, second = draw(), draw()
    run(boss, first)
    run(boss, second)
    assert Certificate.objects.count() == 7
    assert states(second) == {"refused": 7}
    found = IssueItem.objects.filter(batch=second).first()
    assert found is not None
    assert [f["code"] for f in found.findings] == ["issued_meanwhile"]


def test_a_number_taken_meanwhile_is_no_trouble(
    draw: Any, boss: Context, issue: Callable[..., Any], cooperative: Callable[..., Any], units: Any
) -> None:
    """A single certificate is issued between foreseeing and issuing: the block is foreseen anew."""
    batch, other = draw(), cooperative(name="Hợp tác xã Chen Ngang")
    start_batch(boss, batch)
    IssueBatch.objects.update(state=BatchState.RUNNING)
    batch.refresh_from_db()
    seen = batches.foresee(boss, batch)
    assert seen is not None
    authority = units.province(TODAY)
    issue(other, ctx=boss, on=TODAY, authority=authority)
    with pytest.raises(Moved):
        issue_block(boss, batch, foreseen=seen, ready={})
    assert Certificate.objects.count() == 1
    made = issue_block(boss, batch, foreseen=seen, ready={}, insist=True)
    assert [c.sequence for c in made] == list(range(2, 9))
    assert all(c.number in c.file.name.replace("-", "/") for c in made)
    assert log.troubles() == []
    with pytest.raises(Moved):
        issue_block(boss, batch, foreseen=seen, ready={})


def test_a_batch_stops_between_blocks_and_goes_on(
    draw: Any, boss: Context, monkeypatch: Any
) -> None:
    monkeypatch.setattr(batches, "BLOCK", 2)
    batch, blocks = draw(), 0
    really = working.issue_block

    def counted(ctx: Context, *args: Any, **more: Any) -> Any:
        nonlocal blocks
        blocks += 1
        if blocks == 3:
            stop_batch(boss, IssueBatch.objects.get(pk=batch.pk))
        return really(ctx, *args, **more)

    monkeypatch.setattr(working, "issue_block", counted)
    run(boss, batch)
    assert (batch.state, states(batch)) == (BatchState.STOPPED, {"issued": 4, "waiting": 3})
    names = {
        p.name for p in StoredFile.objects.first().path.parent.parent.rglob("*") if p.is_file()
    }
    assert names == set(StoredFile.objects.values_list("sha256", flat=True)), "no page is left over"
    with pytest.raises(Refused):
        put_batch_aside(boss, batch)
    run(boss, batch)
    assert (batch.state, states(batch)) == (BatchState.DONE, {"issued": 7})
    assert [c.sequence for c in Certificate.objects.order_by("sequence")] == list(range(1, 8))


def test_a_text_that_cannot_be_set_in_type_is_refused_alone(
    draw: Any, boss: Context, bodies: list[Any]
) -> None:
    correct_particulars(boss.because("thử"), bodies[4], changes={"name": "Hợp tác xã 漢字"})
    batch = draw()
    run(boss, batch)
    assert states(batch) == {"issued": 6, "refused": 1}
    item = IssueItem.objects.get(batch=batch, state=ItemState.REFUSED)
    assert item.findings[0]["code"] == "cannot_typeset"
    assert [c.sequence for c in Certificate.objects.order_by("sequence")] == list(range(1, 7))


def test_the_officer_draws_up_within_the_territory_only(
    draw: Any, bodies: list[Any], officer: Callable[..., Context], units: Any
) -> None:
    basis = {"basis": "QĐ 1"}
    clerk = officer("registration_officer").by(today=TODAY, **basis)
    elsewhere = officer("registration_officer", unit=units.district("Tân Hiệp")).by(
        today=TODAY, **basis
    )
    with pytest.raises(Refused) as refused:
        draw(elsewhere)
    assert refused.value.codes == {"authority_unfit"}
    batch = draw(clerk)
    assert IssueItem.objects.filter(batch=batch).count() == 7
    colleague = officer("registration_officer").by(today=TODAY, **basis)
    assert batches.batch_seen(colleague, batch.pk) is None
    with pytest.raises(OutOfReach):
        start_batch(colleague, batch)
    reader = officer("auditor").by(today=TODAY, **basis)
    for act in (lambda: draw(reader), lambda: start_batch(reader, batch),
                lambda: stop_batch(reader, batch), lambda: put_batch_aside(reader, batch),
                lambda: choose_item(reader, batch, item=1, take=False),
                lambda: issue_block(reader, batch, foreseen=None, ready={})):  # fmt: skip
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"grounds": []}, "ground_missing"), ({"signatory": " "}, "signatory_missing"),
        ({"reason": "new"}, "reason_unknown"), ({"issued_on": date(2027, 1, 1)}, "date_in_future"),
        ({"asked": RegisterFilter(TODAY, q="không có đâu")}, "nothing_due"),
    ],
)  # fmt: skip
def test_a_batch_is_not_drawn_up(draw: Any, changed: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused) as refused:
        draw(**changed)
    assert refused.value.codes == {code}


def test_without_a_decision_nobody_s_certificate_is_exchanged(draw: Any, boss: Context) -> None:
    with pytest.raises(Refused) as refused:
        draw(boss.because())
    assert refused.value.codes == {"basis_missing"}


def test_only_what_runs_is_issued_or_stopped(draw: Any, boss: Context) -> None:
    batch = draw()
    with pytest.raises(NotRunning):
        issue_block(boss, batch, foreseen=batches.foresee(boss, batch), ready={})
    with pytest.raises(Refused):
        stop_batch(boss, batch)
    start_batch(boss, batch)
    with pytest.raises(Refused):
        start_batch(boss, batch)
    stop_batch(boss, batch)
    assert batch.state == BatchState.STOPPED
    put_batch_aside(boss, batch)
    working.work(boss, batch.pk)
    assert Certificate.objects.count() == 0


def test_people_of_filings_come_before_the_list_s_line(
    draw: Any, boss: Context, bodies: list[Any], monkeypatch: Any
) -> None:
    monkeypatch.setattr(people, "_sources", [lambda ids, on: {bodies[0].pk: [PERSON]}])
    item = IssueItem.objects.get(batch=draw(), cooperative=bodies[0])
    assert item.content["representatives"] == [PERSON]
    assert item.findings == []


def test_what_a_killed_worker_left_behind_is_taken_up_again(draw: Any, boss: Context) -> None:
    batch = start_batch(boss, draw())
    IssueBatch.objects.update(state=BatchState.RUNNING)
    for _n in range(2):
        tasks.go_on_with_batches(0)
    waiting = ProcrastinateJob.objects.filter(task_name="certificates.issue_batch", status="todo")
    assert [job.args for job in waiting] == [{"batch_id": str(batch.pk)}], "handed over once"
    tasks.issue_batch(str(batch.pk))
    batch.refresh_from_db()
    assert (batch.state, states(batch)) == (BatchState.DONE, {"issued": 7})
    tasks.go_on_with_batches(0)
    assert waiting.count() == 1
    IssueBatch.objects.update(state=BatchState.STOPPING)
    working.work(boss, batch.pk)
    batch.refresh_from_db()
    assert batch.state == BatchState.STOPPED, "its worker died while it was being stopped"


def test_the_pages_are_for_who_issues_and_the_files_for_who_may_see_people(
    draw: Any, bodies: list[Any], officer: Callable[..., Context], client_of: Any
) -> None:
    clerk = officer("registration_officer")
    batch = draw(clerk.by(today=TODAY, basis="QĐ 1"))
    start_batch(clerk, batch)
    working.work(clerk.by(today=TODAY), batch.pk, hands=1)
    client, place = client_of(clerk), f"/certificates/batches/{batch.pk}/"
    page = client.get(place).content.decode()
    assert "Tất cả trong một tệp PDF" in page
    assert client.get(place + "?state=refused").status_code == 200
    report = client.get(place + "report/").content.decode()
    assert all(c.number in report for c in Certificate.objects.all())
    whole = b"".join(client.get(place + "print/1/").streaming_content)
    assert PdfFileReader(io.BytesIO(whole)).root["/Pages"]["/Count"] == 7
    archive = zipfile.ZipFile(io.BytesIO(b"".join(client.get(place + "files/").streaming_content)))
    assert [archive.read(n) for n in archive.namelist()] == [
        c.file.read() for c in Certificate.objects.order_by("sequence")
    ]
    assert client.get(place + "print/2/").status_code == 404
    other = client_of(officer("registration_officer"))
    for name in ("", "report/", "print/1/", "files/"):
        assert other.get(place + name).status_code == 404, name
    assert client_of(officer("auditor")).get("/certificates/batches/").status_code == 403


def test_a_page_asks_as_often_however_long_the_batch_is(
    draw: Any, bodies: list[Any], officer: Callable[..., Context], client_of: Any,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    clerk = officer("registration_officer")
    batch = draw(clerk.by(today=TODAY, basis="QĐ 1"))
    client = client_of(clerk)
    client.get(f"/certificates/batches/{batch.pk}/")
    with django_assert_max_num_queries(14):
        client.get(f"/certificates/batches/{batch.pk}/")
    with django_assert_max_num_queries(12):
        client.get("/certificates/batches/")
