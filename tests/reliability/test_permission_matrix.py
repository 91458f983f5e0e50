"""S1: every address and operation, by every method, for every role in every relation, as the table says."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from hoptac.foundation.access import ROLES, Context, Coverage
from tests.reliability.bars import told
from tests.reliability.matrix import Address, addresses, matters, read_table, unlike
from tests.reliability.world import World

ALL = list(addresses())
ROWS = read_table()
# Sent only, and the act behind asks again: without the page's check the act still refuses.
TWICE = {
    "imports:enter", "imports:undo", "imports:aside", "api:revoke", "registration:step", "cases:step",
    "certificates:choose_item", "certificates:put_batch_aside", "certificates:start_batch",
    "certificates:stop_batch", "directives:answer", "exchange:decide_many", "exchange:send_again_all",
    "plans:step", "reports:step", "tasks:step",
}  # fmt: skip
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    named = {a.name for a in ALL}
    assert named - {name for name, _method in ROWS} == set(), "addresses without a row"
    assert {name for name, _method in ROWS} - named == set(), "rows without an address"
    groups = {who for row in ROWS.values() for who in row.who}
    assert groups - {"public", "signed-in", "mandate", "nobody"} == set(ROLES) - {"system"}


def sweep(
    world: World, methods: tuple[str, ...], only: list[Address] | None = None, *, full: bool = False
) -> tuple[int, list[str]]:
    """Return how many calls were made and every difference from the table."""
    calls, found = 0, []
    for address in only or ALL:
        for method in methods:
            row = ROWS.get((address.name, method))
            if row is None and method in {"GET", "POST"} and address.is_api:
                continue  # another operation of the same path
            for actor in world.actors:
                if not (full or matters(row, actor)):
                    continue
                calls += 1
                found += unlike(row, actor, address, method, world)
    return calls, found


def test_the_system_is_as_the_table_says(world: World) -> None:
    calls, found = sweep(world, ("GET", "POST"))
    told("S1", f"{len(found)} differences in {calls} calls of {len(ALL)} addresses", "0",
         control="checks removed, all seen")  # fmt: skip
    assert not found, "\n".join(found[:6000])


@pytest.mark.slow
def test_the_system_is_as_the_table_says_whoever_calls_by_whatever_method(world: World) -> None:
    calls, found = sweep(world, METHODS, full=True)
    told("S1 all methods", f"{len(found)} differences in {calls} calls", "0")
    assert not found, "\n".join(found[:6000])


# --- Controls: a check that is taken out is seen ------------------------------------------------


def guarded() -> list[Address]:
    """Return the pages that name a permission."""
    return [
        a for a in ALL
        if not a.is_api and (
            getattr(getattr(a.pattern.callback, "view_class", None), "permission", "")
            or hasattr(a.pattern.callback, "permission")
        ) and not getattr(a.pattern.callback, "is_own", False)
    ]  # fmt: skip


def test_a_page_whose_check_is_taken_out_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = []
    pages = [a for a in guarded() if refuses_somebody(a)]
    few = [a for a in world.actors if a.relation in {"own", "sibling", "anonymous"}]
    monkeypatch.setattr(world, "actors", few)
    for address in pages:
        with monkeypatch.context() as patch:
            _without_check(patch, address)
            if not sweep(world, ("GET", "POST"), [address])[1]:
                unseen.append(address.name)
    told(
        "S1 control",
        f"{len(pages) - len(unseen)} of {len(pages)} removed checks seen",
        "all but those asked twice",
    )
    assert set(unseen) == TWICE


def refuses_somebody(address: Address) -> bool:
    """Tell whether a role is refused here: where none is, the check stands only against strangers."""
    who = [row.who for (name, _method), row in ROWS.items() if name == address.name]
    return any(set(ROLES) - {"system"} - w and "mandate" not in w for w in who)


def _without_check(patch: pytest.MonkeyPatch, address: Address) -> None:
    callback: Any = address.pattern.callback
    cls = getattr(callback, "view_class", None)
    if cls is not None:
        patch.setattr(cls, "permission", "jurisdiction.view")
        patch.setattr(sys.modules[cls.__module__], "MANAGE", "jurisdiction.view", raising=False)
        return
    inner = callback
    while hasattr(getattr(inner, "__wrapped__", None), "permission"):
        inner = inner.__wrapped__
    patch.setattr(address.pattern, "callback", inner.__wrapped__)


def test_a_territory_that_is_not_looked_at_is_seen(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Context, "coverage", lambda self, permission: Coverage(everything=True))
    record = [a for a in ALL if a.name in {"registry:record", "api-v1:cooperative", "registry:end"}]
    found = sweep(world, ("GET", "POST"), record)[1]
    assert any("sibling" in f for f in found)
    assert any("other_cooperative" in f for f in found)
