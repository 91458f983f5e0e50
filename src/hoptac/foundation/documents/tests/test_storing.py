"""Files that are kept: bytes under their digest, never changed, handed out as files."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.db import DatabaseError, transaction

from hoptac.foundation.access import Context, system_context
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.models import Damaged, StoredFile
from hoptac.foundation.documents.serving import handed_out
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Refused
from hoptac.foundation.identifiers import uuid7

PDF = b"%PDF-1.7\nmot to giay"


@pytest.fixture
def acting(db: None, tmp_path: Path, settings: Any) -> Context:
    settings.MEDIA_ROOT = tmp_path
    return system_context().by(act_id=uuid7())


def kept(ctx: Context, content: bytes = PDF, name: str = "Điều lệ.pdf", **more: str) -> StoredFile:
    return store(ctx, content, name=name, media_type=more.get("media_type", "application/pdf"))


def test_what_was_stored_comes_back_and_the_row_tells_of_it(acting: Context) -> None:
    one = StoredFile.objects.get(pk=kept(acting).pk)
    assert one.open().read() == PDF
    assert (one.sha256, one.size) == (hashlib.sha256(PDF).hexdigest(), len(PDF))
    assert (one.name, one.act_id) == ("Điều lệ.pdf", acting.act_id)


def test_the_same_bytes_lie_on_the_disk_once(acting: Context, tmp_path: Path) -> None:
    first, second = kept(acting), kept(acting, name="bản sao.pdf")
    assert first.pk != second.pk
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [first.path] == [second.path]


@pytest.mark.parametrize("harm", ["altered", "lost"])
def test_a_file_altered_or_lost_is_not_handed_out(acting: Context, harm: str) -> None:
    one = kept(acting)
    one.path.write_bytes(b"%PDF-1.7\nmot to khac") if harm == "altered" else one.path.unlink()
    with pytest.raises(Damaged):
        one.open()
    with pytest.raises(Damaged):
        handed_out(one)
    # The same bytes, brought again, mend it.
    assert kept(acting).path == one.path
    assert one.read() == PDF


def test_a_row_is_neither_changed_nor_removed(acting: Context) -> None:
    one = kept(acting)
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredFile.objects.filter(pk=one.pk).update(name="khác.pdf")
    with pytest.raises(DatabaseError), transaction.atomic():
        one.delete()


def test_only_an_act_stores(acting: Context) -> None:
    with pytest.raises(RuntimeError):
        kept(acting.by(act_id=None))


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        (b"", "application/pdf", "file_empty"),
        (b"<html><script>", "application/pdf", "file_not_what_it_says"),
        (b"MZ\x90\0", "image/png", "file_not_what_it_says"),
        (b"a\0b", "text/plain", "file_not_what_it_says"),
        (b"<html>", "text/html", "file_kind_not_kept"),
        (b"<svg>", "image/svg+xml", "file_kind_not_kept"),
        (PDF + b"\0" * 50 * 2**20, "application/pdf", "file_too_big"),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)
def test_what_is_empty_too_big_or_not_what_it_says_is_refused(
    acting: Context, content: bytes, media_type: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        kept(acting, content, media_type=media_type)
    assert refused.value.codes == {code}
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/Điều lệ.PDF", "Điều lệ.pdf"),
        ("C:\\giay to\\a.pdf", "a.pdf"),
        ("hoa\u202efdp.exe", "hoafdp.exe.pdf"),
        ('a"\r\nX: y.pdf', "aX y.pdf"),
        ("...", "tep.pdf"),
        ("ồ" * 300 + ".pdf", "ồ" * 196 + ".pdf"),
    ],
)
def test_a_name_is_made_harmless(acting: Context, given: str, name: str) -> None:
    assert kept(acting, name=given).name == name


def test_a_browser_is_told_to_keep_it_as_a_file(acting: Context) -> None:
    answer = handed_out(kept(acting))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    how, _, name = answer["Content-Disposition"].partition("; filename*=utf-8''")
    assert (how, unquote(name)) == ("attachment", "Điều lệ.pdf")
    assert b"".join(answer) == PDF  # type: ignore[arg-type]
    assert int(answer["Content-Length"]) == len(PDF)


def test_the_media_type_is_known_by_the_ending() -> None:
    assert media_type_of("Ảnh CCCD.JPG") == "image/jpeg"
    assert media_type_of("a.exe") == media_type_of("pdf") == ""
