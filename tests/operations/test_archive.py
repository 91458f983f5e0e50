"""Backup and restore: whole or not at all, checked part by part, the old kept until success."""

from __future__ import annotations

import argparse
import base64
import io
import json
import shutil
import tarfile
from pathlib import Path

import psycopg
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hoptac.commands import archive, backup, demo, restore, sealing
from hoptac.commands.environment import Trouble
from hoptac.foundation import postgres


@pytest.fixture
def parts(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/dump").write_bytes(b"the database")
    (tmp_path / "in/sổ.xlsx").write_bytes(b"a workbook")
    return [("database.dump", tmp_path / "in/dump"), ("files/sổ.xlsx", tmp_path / "in/sổ.xlsx")]


@pytest.fixture
def written(tmp_path, parts):
    target = tmp_path / "a.hoptac"
    archive.write(target, {"made_at": "2026-11-23T00:00:00"}, parts)
    return target


def test_what_is_written_comes_back(tmp_path, written):
    manifest = archive.unpack(written, tmp_path / "out")
    assert [part["name"] for part in manifest["parts"]] == ["database.dump", "files/sổ.xlsx"]
    assert (tmp_path / "out/files/sổ.xlsx").read_bytes() == b"a workbook"
    assert written.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.glob("*.part")) == []


def test_an_archive_cut_anywhere_is_refused(tmp_path, written):
    whole = written.read_bytes()
    used = whole.rstrip(b"\0")
    for length in (0, 10, 700, len(used) // 2, len(used) - 1):
        written.write_bytes(whole[:length])
        with pytest.raises(Trouble):
            archive.unpack(written, tmp_path / f"out{length}")


def test_an_altered_part_is_refused_and_named(tmp_path, written):
    written.write_bytes(written.read_bytes().replace(b"the database", b"the dataBase"))
    with pytest.raises(Trouble, match=r"'database\.dump' was altered"):
        archive.unpack(written, tmp_path / "out")


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside"])
def test_a_part_cannot_leave_its_directory(tmp_path, name):
    content = b"x"
    part = {"name": name, "size": 1, "sha256": archive.digest_of(io.BytesIO(content))[0]}
    manifest = json.dumps({"format": 1, "parts": [part]}).encode()
    target = tmp_path / "evil.hoptac"
    with tarfile.open(target, "w") as tar:
        for member, data in ((archive.MANIFEST, manifest), (name, content)):
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    with pytest.raises(Trouble, match="does not name"):
        archive.unpack(target, tmp_path / "out")
    assert not (tmp_path / "outside").exists()


def test_a_file_that_is_no_archive_is_refused(tmp_path):
    (tmp_path / "x").write_text("hello")
    with pytest.raises(Trouble, match="not a complete backup"):
        archive.unpack(tmp_path / "x", tmp_path / "out")
    with pytest.raises(Trouble, match="there is no file"):
        archive.unpack(tmp_path / "y", tmp_path / "out")


# --- With a real server -------------------------------------------------------------------------


@pytest.fixture
def installation(open_directory, monkeypatch):
    """A ``var`` and a server of its own with a small table; yields the address."""
    home = open_directory("var")
    monkeypatch.setenv("HOPTAC_VAR", str(home))
    cluster = postgres.Cluster(home / "postgres", durable=False)
    url = cluster.start()["url"]
    monkeypatch.setenv("DATABASE_URL", url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE thing (name text)")
        connection.execute("INSERT INTO thing VALUES ('Đồng Tâm')")
    (home / "files/2026").mkdir(parents=True)
    (home / "files/2026/a.xlsx").write_bytes(b"first")
    monkeypatch.setattr(restore, "_django", lambda *_: None)  # no apps of ours in this database
    yield url
    cluster.stop(mode="immediate")


def options(file: Path, **given: object) -> argparse.Namespace:
    usual = {"yes": 0, "keep_old": 0, "check": 0, "keys_passphrase": None, "without_keys": 0}
    return argparse.Namespace(**{"file": file, **usual, **given})


def make(tmp_path: Path, passphrase: Path | None = None) -> Path:
    target = tmp_path / "b.hoptac"
    asked = str(passphrase) if passphrase else None
    assert backup.run(argparse.Namespace(to=target, keep=None, keys_passphrase=asked)) == 0
    return target


def names(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM thing ORDER BY name")]


def databases(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("SELECT datname FROM pg_database")}


def test_a_backup_brings_database_and_files_back(installation, tmp_path, monkeypatch):
    target = make(tmp_path)
    with psycopg.connect(installation, autocommit=True) as connection:
        connection.execute("UPDATE thing SET name = 'changed since'")
    var = postgres.var_dir()
    (var / "files/2026/a.xlsx").write_bytes(b"changed since")
    with pytest.raises(Trouble, match=r"holds data .* --yes"):
        restore.run(options(target))
    assert names(installation) == ["changed since"]
    assert restore.run(options(target, yes=True)) == 0
    assert names(installation) == ["Đồng Tâm"]
    assert (var / "files/2026/a.xlsx").read_bytes() == b"first"
    assert databases(installation) == {"hoptac", "postgres", "template0", "template1"}
    assert not list(var.glob("restore-*"))
    assert not list(var.glob("*.before-*"))


def test_what_was_there_can_be_kept(installation, tmp_path):
    target = make(tmp_path)
    assert restore.run(options(target, yes=True, keep_old=True)) == 0
    assert len([n for n in databases(installation) if n.startswith("hoptac_before_")]) == 1
    assert len(list(postgres.var_dir().glob("files.before-*"))) == 1


def test_a_restore_that_fails_leaves_everything_as_it_was(installation, tmp_path, monkeypatch):
    target = make(tmp_path)

    def broken(url: str, *arguments: str) -> None:
        raise Trouble("verify_journal failed on the restored database: BROKEN at entry 3")

    monkeypatch.setattr(restore, "_django", broken)
    with psycopg.connect(installation, autocommit=True) as connection:
        connection.execute("UPDATE thing SET name = 'of today'")
    with pytest.raises(Trouble, match="BROKEN at entry 3"):
        restore.run(options(target, yes=True))
    assert names(installation) == ["of today"]
    assert databases(installation) == {"hoptac", "postgres", "template0", "template1"}


def test_nobody_is_thrown_out_by_a_restore(installation, tmp_path):
    target = make(tmp_path)
    with psycopg.connect(installation), pytest.raises(Trouble, match="somebody is connected"):
        restore.run(options(target, yes=True))


def test_emptying_removes_everything_and_leaves_a_schema_to_start_from(installation):
    with psycopg.connect(installation, autocommit=True) as connection:
        connection.execute("CREATE SCHEMA province_91")
        connection.execute("CREATE TABLE province_91.thing (name text)")
    demo.empty(installation)
    with psycopg.connect(installation) as connection:
        row = connection.execute(
            "SELECT count(*), to_regnamespace('province_91') FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    assert row == (0, None)
    assert demo.agreed(installation)


def test_an_existing_file_is_not_overwritten_by_a_backup(installation, tmp_path):
    target = make(tmp_path)
    with pytest.raises(Trouble, match="exists already"):
        backup.run(argparse.Namespace(to=target, keep=None, keys_passphrase=None))


# --- Keys of certificates -----------------------------------------------------------------------

SECRET = "một câu dài chỉ mình tôi biết"


@pytest.fixture
def key(installation, monkeypatch):
    """A key that signs certificates on this machine; returns its file."""
    monkeypatch.delenv("HOPTAC_CERTIFICATE_KEYS", raising=False)
    place = sealing.folder()
    place.mkdir(mode=0o700)
    made = Ed25519PrivateKey.generate()
    file = place / "1a2b3c4d.pem"
    file.write_bytes(
        made.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )  # fmt: skip
    return file


def passphrase(tmp_path: Path, words: str = SECRET) -> Path:
    file = tmp_path / f"passphrase-{len(words)}"
    file.write_text(words + "\n", encoding="utf-8")
    file.chmod(0o600)
    return file


def shapes_of(key: Path) -> list[bytes]:
    """Every shape in which the private half could lie somewhere in the clear."""
    pem = key.read_bytes()
    loaded = serialization.load_pem_private_key(pem, None)
    raw = loaded.private_bytes_raw()
    body = b"".join(pem.splitlines()[1:-1])
    return [
        raw,
        raw.hex().encode(),
        base64.b64encode(raw),
        body,
        base64.b64encode(pem)[:60],
        b"PRIVATE",
    ]


def test_without_a_passphrase_the_archive_says_that_the_keys_are_not_in_it(key, tmp_path, capsys):
    target = make(tmp_path)
    assert "are NOT in it" in capsys.readouterr().out
    manifest = archive.unpack(target, tmp_path / "out")
    assert manifest["certificate_keys"] == {"sealed": False, "names": ["1a2b3c4d"]}
    assert [p["name"] for p in manifest["parts"]] == ["database.dump", "files/2026/a.xlsx"]
    assert all(shape not in target.read_bytes() for shape in shapes_of(key))
    key.unlink()
    restore.run(options(target, yes=True))
    told = capsys.readouterr().out
    assert "missing here: 1a2b3c4d" in told
    assert "Khóa ký giấy chứng nhận" in told


def test_with_a_passphrase_the_keys_come_back_on_another_machine(
    key, tmp_path, capsys, monkeypatch
):
    secret, content = passphrase(tmp_path), key.read_bytes()
    target = make(tmp_path, secret)
    assert "sealed with your passphrase" in capsys.readouterr().out
    whole = target.read_bytes()
    assert all(shape not in whole for shape in shapes_of(key)), "a key lies in the clear"
    assert SECRET.encode() not in whole
    assert restore.run(options(target, check=True, keys_passphrase=str(secret))) == 0
    assert "the passphrase opens them" in capsys.readouterr().out
    shutil.rmtree(key.parent)
    assert restore.run(options(target, yes=True, keys_passphrase=str(secret))) == 0
    assert key.read_bytes() == content
    assert (key.stat().st_mode & 0o777, key.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    told = capsys.readouterr().out
    assert "are back in" in told
    assert SECRET not in told
    # The nightly backup takes the passphrase from a file that the settings name.
    monkeypatch.setenv("HOPTAC_KEYS_PASSPHRASE_FILE", str(secret))
    target.unlink()
    assert "sealed" in str(archive.unpack(make(tmp_path), tmp_path / "again")["certificate_keys"])


def test_a_wrong_passphrase_changes_nothing(key, installation, tmp_path):
    target = make(tmp_path, passphrase(tmp_path))
    with psycopg.connect(installation, autocommit=True) as connection:
        connection.execute("UPDATE thing SET name = 'of today'")
    key.unlink()
    wrong = passphrase(tmp_path, SECRET + "?")
    for given in ({"check": True}, {"yes": True}):
        with pytest.raises(Trouble, match="does not open the keys"):
            restore.run(options(target, keys_passphrase=str(wrong), **given))
    with pytest.raises(Trouble, match="--keys-passphrase FILE, or restore --without-keys"):
        restore.run(options(target, yes=True))
    assert names(installation) == ["of today"]
    assert not key.exists()
    assert restore.run(options(target, yes=True, without_keys=True)) == 0
    assert names(installation) == ["Đồng Tâm"]
    assert not key.exists()


def test_a_key_of_this_machine_is_never_overwritten(key, installation, tmp_path):
    secret = passphrase(tmp_path)
    target = make(tmp_path, secret)
    assert restore.run(options(target, yes=True, keys_passphrase=str(secret))) == 0
    key.write_bytes(b"another")
    with pytest.raises(Trouble, match="is another key"):
        restore.run(options(target, yes=True, keys_passphrase=str(secret)))
    assert key.read_bytes() == b"another"


def test_a_seal_that_was_altered_is_refused():
    sealed = sealing.seal({"1a2b3c4d.pem": b"secret"}, SECRET)
    assert sealing.unseal(sealed, SECRET) == {"1a2b3c4d.pem": b"secret"}
    for old, new in (("p", 2), ("format", 2), ("n", 2**28), ("n", 2**16), ("kdf", "none")):
        with pytest.raises(Trouble):
            sealing.unseal(json.dumps({**json.loads(sealed), old: new}).encode(), SECRET)
    head = json.loads(sealed)
    cipher = bytearray(base64.b64decode(head["sealed"]))
    cipher[3] ^= 1
    head["sealed"] = base64.b64encode(cipher).decode()
    with pytest.raises(Trouble, match="altered"):
        sealing.unseal(json.dumps(head).encode(), SECRET)
    with pytest.raises(Trouble, match="damaged"):
        sealing.unseal(b"{}", SECRET)


@pytest.mark.parametrize(
    ("mode", "words", "why"), [(0o644, SECRET, "open to others"), (0o600, "ngắn", "at least 16")]
)
def test_a_passphrase_that_is_no_secret_is_refused(key, tmp_path, mode, words, why):
    file = passphrase(tmp_path, words)
    file.chmod(mode)
    with pytest.raises(Trouble, match=why):
        make(tmp_path, file)
    assert not list(tmp_path.glob("*.hoptac"))
