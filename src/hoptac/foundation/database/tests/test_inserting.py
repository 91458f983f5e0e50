"""Many rows at once: what was given is there, whichever way they go in, and a refused one keeps all out."""

from __future__ import annotations

import hashlib

import pytest
from django.db import IntegrityError, transaction

from hoptac.foundation.database.inserting import _FEW, insert
from hoptac.foundation.documents.disk import keep_all_in
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.identifiers import uuid7

NAMES = ["Điều lệ.pdf", "tab\tvà \\ gạch\n.pdf", "\\N", ""]


def rows(count: int) -> list[StoredFile]:
    act = uuid7()
    return [
        StoredFile(
            sha256=f"{n:064}", size=2**40 + n, media_type="application/pdf",
            name=NAMES[n % len(NAMES)], act_id=act,
        )
        for n in range(count)
    ]  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, _FEW, 5 * _FEW])
def test_rows_are_there_as_they_were_given(db: None, count: int) -> None:
    given = rows(count)
    insert(given)
    found = StoredFile.objects.in_bulk([r.pk for r in given])
    names = [f.attname for f in StoredFile._meta.concrete_fields]
    for row in given:
        assert [getattr(found[row.pk], n) for n in names] == [getattr(row, n) for n in names]
        assert not row._state.adding


@pytest.mark.parametrize("count", [2, 2 * _FEW])
def test_one_that_is_refused_keeps_all_out(db: None, count: int) -> None:
    given = rows(count)
    given[-1].pk = given[0].pk
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(given)
    assert not StoredFile.objects.exists()


def test_several_files_lie_under_their_digests_and_nothing_besides(tmp_path) -> None:
    contents = [f"tờ {n % 7}".encode() for n in range(10)]
    kept = keep_all_in(tmp_path, contents)
    assert [k.sha256 for k in kept] == [hashlib.sha256(c).hexdigest() for c in contents]
    lying = {p.name: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    assert lying == {k.sha256: c for k, c in zip(kept, contents, strict=True)}
