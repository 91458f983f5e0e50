"""How documents name the agency that issues them."""

from __future__ import annotations

from typing import Any

import pytest

from hoptac.jurisdiction.letterheads import body_of, heading_of
from hoptac.jurisdiction.models import AdminUnit, Agency


def _named(name: str, kind: str, short: str = "", unit: AdminUnit | None = None) -> Agency:
    province = AdminUnit(level="province", kind="province", name="Kiên Giang")
    return Agency(name=name, short_name=short or name, kind=kind, unit=unit or province)


@pytest.mark.parametrize(
    ("agency", "parent", "issuer", "body"),
    [
        (_named("Ủy ban nhân dân tỉnh Kiên Giang", "committee"), "", ["Ủy ban nhân dân", "tỉnh Kiên Giang"], "UBND"),
        (_named("Sở Kế hoạch và Đầu tư", "department", "Sở KH&ĐT"), "Ủy ban nhân dân tỉnh Kiên Giang",
         "Sở Kế hoạch và Đầu tư", "SKHĐT"),
        (_named("Sở Tài chính", "department"), "Ủy ban nhân dân tỉnh Kiên Giang", "Sở Tài chính", "STC"),
        (_named("Tỉnh ủy", "party"), "", "Tỉnh ủy Kiên Giang", "TU"),
        (_named("Phòng Kinh tế", "department", unit=AdminUnit(level="commune", kind="commune", name="Hòa An")),
         "Ủy ban nhân dân xã Hòa An", "Phòng Kinh tế", "PKT"),
        (_named("Văn phòng Tỉnh ủy", "party"), "Tỉnh ủy Kiên Giang", "Văn phòng", "VPTU"),
        (_named("Văn phòng Tỉnh ủy Kiên Giang", "party"), "Tỉnh ủy Kiên Giang", "Văn phòng", "VPTU"),
        (_named("Sở Tài chính tỉnh Kiên Giang", "department"), "Ủy ban nhân dân tỉnh Kiên Giang",
         "Sở Tài chính", "STC"),
    ],
)  # fmt: skip
def test_an_agency_stands_at_the_head_as_its_documents_name_it(
    agency: Agency, parent: str, issuer: Any, body: str
) -> None:
    assert heading_of(agency, "Kiên Giang") == (parent, issuer)
    assert body_of(agency, "Kiên Giang") == body
