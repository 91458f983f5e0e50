"""Identifiers of rows that are copied by the hundred thousand."""

from __future__ import annotations

from itertools import islice
from uuid import RFC_4122, UUID

from hoptac.foundation.identifiers import uuid7_texts


def test_identifiers_are_made_in_their_order_and_never_twice() -> None:
    made = list(islice(uuid7_texts(), 3000))
    assert made == sorted(set(made))
    assert {(u.version, u.variant) for u in map(UUID, made)} == {(7, RFC_4122)}
    assert not set(made) & set(islice(uuid7_texts(), 3000))
