"""What the desk refuses: asked twice, supplied too late, handed to whom it does not concern, objected to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hoptac.foundation import objections
from hoptac.foundation.actions import OutOfReach
from hoptac.foundation.findings import Finding, Refused
from hoptac.registration import actions
from hoptac.registration.models import Filing
from hoptac.registry.models import Period

pytestmark = pytest.mark.django_db
TODAY = date(2024, 9, 16)


@pytest.fixture
def filing(desk: Any, cooperative: Any) -> Filing:
    found: Filing = desk.receive(
        "reissue", {"reason": "mất"}, cooperative=cooperative(district="Giồng Riềng")
    )
    return found


def test_an_applicant_is_asked_once_for_everything(desk: Any, filing: Filing) -> None:
    actions.ask_supplement(desk.ctx, filing, missing=["Đơn chưa ký"])
    actions.supply(desk.ctx, filing)
    with pytest.raises(Refused) as refused:
        actions.ask_supplement(desk.ctx, filing, missing=["Bản gốc"])
    assert refused.value.codes == {"asked_once"}
    assert "16/09/2024" in refused.value.findings[0].message
    with pytest.raises(Refused) as refused:
        actions.ask_supplement(desk.ctx, filing, missing=[" "])
    assert refused.value.codes == {"missing_unsaid"}


def test_what_comes_on_the_sixtieth_day_is_taken_and_no_later(desk: Any, filing: Filing) -> None:
    actions.ask_supplement(desk.ctx, filing, missing=["Đơn chưa ký"])
    late = desk.on(date(2024, 11, 16))
    with pytest.raises(Refused) as refused:
        actions.supply(late.ctx, filing)
    assert refused.value.codes == {"supplied_too_late"}
    filing.refresh_from_db()
    with pytest.raises(Refused) as refused:
        actions.lapse(desk.on(date(2024, 11, 15)).ctx, filing)
    assert refused.value.codes == {"time_not_over"}
    # It came in time, and is entered a day later.
    actions.supply(late.ctx, filing, on=date(2024, 11, 15))
    assert filing.state == "examining"


def test_a_dossier_is_handed_to_who_may_process_it_there(
    desk: Any, filing: Filing, officer: Any, units: Any
) -> None:
    away = officer("registration_officer", unit=units.district("Tân Hiệp")).user
    reader = officer("auditor").user
    near = officer("registration_officer", unit=units.district("Giồng Riềng")).user
    for stranger in (away, reader):
        with pytest.raises(Refused) as refused:
            actions.hand_over(desk.ctx, filing, to=stranger)
        assert refused.value.codes == {"no_mandate_there"}
    actions.hand_over(desk.ctx, filing, to=near)
    assert filing.officer == near
    with pytest.raises(Refused) as refused:
        actions.hand_over(desk.ctx, filing, to=near)
    assert refused.value.codes == {"holds_it_already"}


@pytest.fixture
def unsettled() -> Iterator[set[Any]]:
    """Bodies of which another app says that something is not settled."""
    bodies: set[Any] = set()

    def object_to(body: Any, on: date) -> list[Finding]:
        return (
            [Finding("support_open", "Còn khoản hỗ trợ chưa quyết toán.")]
            if body.pk in bodies
            else []
        )

    objections.declare("registry.cooperative_ends", object_to)
    yield bodies
    objections.withdraw("registry.cooperative_ends", object_to)


@pytest.mark.parametrize(
    "procedure", ["merger", "consolidation", "division", "conversion", "dissolution"]
)
def test_nothing_ends_of_which_another_app_has_something_unsettled(
    desk: Any, cooperative: Any, unsettled: set[Any], procedure: str
) -> None:
    kind = "group" if procedure == "conversion" else "cooperative"
    body = cooperative(
        district="Giồng Riềng", kind=kind, members=20, registration_number="1709000019"
    )
    other = cooperative(district="Giồng Riềng", members=20)
    part = {k: v for k, v in desk.founding().items() if k != "representatives"}
    resolved = {"decided_on": TODAY, "votes": 90}
    joining = resolved | {"others": [{"body": str(other.pk)}], "members": 33}
    proposal = {
        "merger": joining, "consolidation": desk.founding(name="Hợp tác xã Mới") | joining,
        "division": resolved | {"new_bodies": [part | {"name": f"Hợp tác xã Phần {n}"} for n in (1, 2)]},
        "conversion": desk.founding(name="Hợp tác xã Mới"), "dissolution": {},
    }[procedure]  # fmt: skip
    if procedure == "dissolution":
        desk.done("dissolution_notice", resolved, cooperative=body)
    ends = other if procedure == "merger" else body
    unsettled.add(ends.pk)
    filing = desk.receive(procedure, proposal, cooperative=body)
    actions.propose(desk.ctx, filing, outcome="grant", opinion="Đề nghị")
    with pytest.raises(Refused) as refused:
        actions.decide(desk.ctx, filing, outcome="grant", signatory="Lê Văn Chín")
    assert refused.value.codes == {"support_open"}
    assert Period.objects.get(cooperative=ends, is_latest=True).legal_status != "ended"
    unsettled.clear()
    actions.decide(desk.ctx, filing, outcome="grant", signatory="Lê Văn Chín")
    assert Period.objects.get(cooperative=ends, is_latest=True).legal_status == "ended"


def test_a_registrar_absorbs_no_body_of_another_territory(
    desk: Any, cooperative: Any, officer: Any, units: Any
) -> None:
    receiver = cooperative(district="Giồng Riềng", members=20)
    away = cooperative(district="Tân Hiệp", members=20)
    filing = desk.receive(
        "merger",
        {"decided_on": TODAY, "votes": 90, "others": [{"body": str(away.pk)}], "members": 33},
        cooperative=receiver,
    )
    actions.propose(desk.ctx, filing, outcome="grant")
    registrar = officer("registrar", unit=units.district("Giồng Riềng")).by(today=TODAY)
    with pytest.raises(OutOfReach):
        actions.decide(registrar, filing, outcome="grant", signatory="Lê Văn Chín")
    assert Period.objects.get(cooperative=away, is_latest=True).legal_status == "active"
