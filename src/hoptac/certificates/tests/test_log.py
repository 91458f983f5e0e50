"""The log in the open: what its writer keeps, an independent checker finds right, at every size."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from hoptac.certificates import keys, log, log_check, merkle
from hoptac.certificates.actions import revoke_certificate


def leaves(count: int) -> list[bytes]:
    return [f"leaf {n}".encode() for n in range(count)]


def nodes_of(data: list[bytes]) -> dict[tuple[int, int], bytes]:
    """Build the kept nodes as the writer does, one leaf after the other."""
    kept: dict[tuple[int, int], bytes] = {}
    for number, leaf in enumerate(data):
        known = {k: kept[k] for k in merkle.left_of(number)}
        for level, index, value in merkle.added(number, merkle.leaf_hash(leaf), in_(known)):
            known[level, index] = kept[level, index] = value
    return kept


def in_(known: dict[tuple[int, int], bytes]) -> merkle.Node:
    return lambda level, index: known[level, index]


def test_every_proof_holds_and_every_wrong_one_fails() -> None:
    data = leaves(40)
    kept = nodes_of(data)
    node = lambda level, index: kept[level, index]  # noqa: E731
    roots = [log_check.tree_hash(data[:n]) for n in range(41)]
    for size in range(1, 41):
        assert merkle.root(size, node) == roots[size]
        for index in range(size):
            path = merkle.inclusion(index, size, node)
            log_check.check_inclusion(data[index], index, size, path, roots[size])
            with pytest.raises(log_check.Broken):
                log_check.check_inclusion(b"other", index, size, path, roots[size])
        for first in range(1, size + 1):
            path = merkle.consistency(first, size, node)
            log_check.check_consistency(first, size, path, roots[first], roots[size])
            with pytest.raises(log_check.Broken):
                log_check.check_consistency(first, size, path, roots[first - 1], roots[size])


def test_rfc_6962_says_the_same() -> None:
    """The test vectors of the certificate-transparency project."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657",
            "606162636465666768696a6b6c6d6e6f"]  # fmt: skip
    kept = nodes_of([bytes.fromhex(d) for d in data])
    root = merkle.root(8, lambda level, index: kept[level, index])
    assert root.hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


def test_a_stranger_checks_the_downloads(
    issue: Callable[..., Any], the_system: Any, tmp_path: Path, client: Client
) -> None:
    first = issue()
    old = client.get("/c/log/head").content
    revoke_certificate(the_system.because("sai"), first, on=date(2026, 4, 1))
    issue(reason="new", on=date(2026, 4, 2))
    public = client.get("/c/keys.json").json()["keys"][0]["public"]
    files = {
        "head": client.get("/c/log/head").content, "old": old,
        "entries": client.get("/c/log/entries").content,
        "check.py": client.get("/c/log/log_check.py").content,
    }  # fmt: skip
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)

    def check(entries: str = "entries", *older: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "check.py", "head", entries, public, *older], cwd=tmp_path,
            capture_output=True, text=True,
        )  # fmt: skip
        return done.returncode, done.stdout

    assert check("entries", "old") == (0, "OK: 3 entries, head signed, nothing altered\n")
    altered = files["entries"].replace(b'"event":"revoke"', b'"event":"restore"')
    (tmp_path / "altered").write_bytes(altered)
    assert check("altered")[0] == 1
    (tmp_path / "cut").write_bytes(b"".join(files["entries"].splitlines(True)[:2]))
    assert check("cut")[0] == 1
    (tmp_path / "head").write_bytes(files["head"].replace(b"\n3\n", b"\n2\n"))
    assert check()[0] == 1


def test_proofs_are_handed_out(issue: Callable[..., Any], client: Client) -> None:
    certificates = [issue(reason="change" if n else "new") for n in range(4)]
    answer = client.get(f"/c/log/inclusion/{certificates[1].digest}").json()
    head = log_check.read_head(answer["head"])
    assert [json.loads(e["line"])["event"] for e in answer["entries"]] == ["issue", "supersede"]
    for entry in answer["entries"]:
        path = [base64.b64decode(p) for p in entry["path"]]
        log_check.check_inclusion(
            entry["line"].encode(), entry["number"], head.size, path, head.root
        )
    older = log_check.read_head(client.get("/c/log/head/3").content.decode())
    proof = client.get(f"/c/log/consistency/3/{head.size}").json()["path"]
    log_check.check_consistency(
        3, head.size, [base64.b64decode(p) for p in proof], older.root, head.root
    )
    assert client.get("/c/log/inclusion/" + "0" * 64).status_code == 404
    assert client.get("/c/log/consistency/5/3").status_code == 404


def test_the_journal_s_check_sees_what_was_slipped_in(issue: Callable[..., Any]) -> None:
    issue()
    assert log.troubles() == []
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "UPDATE certificates_logentry SET line = replace(line, 'issue', 'revoke'), event = 'revoke'"
        )
        cursor.execute("SET LOCAL session_replication_role = origin")
    found = log.troubles()
    assert any("is in_force" in t for t in found)
    assert any("not those of the head" in t for t in found)


def test_a_head_of_another_key_is_not_ours(issue: Callable[..., Any], key: Any) -> None:
    issue()
    last = log.head()
    assert last is not None
    head = log_check.read_head(last.text)
    log_check.check_signature(head, keys.public_keys()[key.pk].public)
    with pytest.raises(log_check.Broken):
        log_check.check_signature(head, bytes(32))
