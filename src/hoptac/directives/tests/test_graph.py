"""The documents around one: as a list, and as a drawing in which each stands below what it rests on."""

from __future__ import annotations

from typing import Any

from hoptac.directives.actions import LinkSpec, link_directives
from hoptac.directives.graph import graph_of


def test_each_stands_below_all_that_it_rests_on(office: Any) -> None:
    resolution = office.document(symbol="13-NQ/TW")
    conclusion = office.document(symbol="70-KL/TW")
    plan = office.document(symbol="5-KH/TU", level="province")
    own = office.document(symbol="6-KH/TU", level="province")
    for source, target in (
        (conclusion, resolution), (plan, conclusion), (plan, resolution), (own, plan),
        (own, resolution),
    ):  # fmt: skip
        link_directives(office.party, source, links=[LinkSpec(kind="implements", target=target)])
    found = graph_of(office.party, plan)
    assert found.drawing is not None
    height = {b.directive.symbol: b.y for b in found.drawing.boxes}
    assert height["13-NQ/TW"] < height["70-KL/TW"] < height["5-KH/TU"] < height["6-KH/TU"]
    assert len(found.drawing.lines) == 5
    assert [b.directive.symbol for b in found.below] == ["6-KH/TU"]
    assert {b.directive.symbol for b in found.above} == {"13-NQ/TW", "70-KL/TW"}
    assert sum(b.is_repeated for a in found.above for b in (a, *a.branches)) == 1


def test_what_may_not_be_read_is_not_drawn(office: Any) -> None:
    plan = office.document()
    secret = office.document(symbol="5-KL/TU", level="province", reach="recipients")
    beyond = office.document(symbol="6-KL/TU", level="province")
    for source, target in ((secret, plan), (beyond, secret)):
        link_directives(office.party, source, links=[LinkSpec(kind="implements", target=target)])
    assert len(graph_of(office.party, plan).below) == 1
    seen = graph_of(office.commune, plan)
    assert seen.is_empty
    assert seen.drawing is None
