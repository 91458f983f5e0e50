"""The keys that sign certificates, sealed with a passphrase for their way in a backup.

The passphrase is stretched by scrypt (RFC 7914) and the keys' files are sealed by AES-256-GCM, both from
the ``cryptography`` library; what is not secret is bound to the seal. The passphrase is in no archive:
whoever has only the archive has no keys, and whoever lost it must make a new key.
"""

from __future__ import annotations

import base64
import getpass
import json
import os
import re
import sys
import unicodedata
from pathlib import Path
from typing import Any

from hoptac.commands import environment
from hoptac.commands.environment import Trouble

PART = "certificate_keys.sealed"
LEAST = 16
# 128 MiB of memory and about half a second for each try.
_COST = {"n": 2**17, "r": 8, "p": 1}
_MOST_COST = 2**20
_NAME = re.compile(r"[0-9a-f]{8}\.pem")


def folder() -> Path:
    """Return where the private keys lie (HOPTAC_CERTIFICATE_KEYS)."""
    given = os.environ.get("HOPTAC_CERTIFICATE_KEYS")
    return Path(given) if given else environment.var_dir() / "certificate_keys"


def key_files(place: Path) -> dict[str, bytes]:
    """Return the files of keys in a folder by their names; none where there is no folder."""
    if not place.is_dir():
        return {}
    return {p.name: p.read_bytes() for p in sorted(place.iterdir()) if _NAME.fullmatch(p.name)}


def passphrase_of(file: str, *, twice: bool = False) -> str:
    """Return the passphrase that stands in a file's first line, or is typed where ``-`` is given.

    :raises Trouble: the file cannot be read, is open to others, or the passphrase is too short
    """
    if file == "-":
        found = getpass.getpass("Passphrase of the keys: ")
        if twice and getpass.getpass("Once more: ") != found:
            raise Trouble("the two passphrases differ.")
    else:
        path = Path(file)
        try:
            if path.stat().st_mode & 0o077:
                raise Trouble(f"{path} is open to others: chmod 600 {path}")
            found = path.read_text(encoding="utf-8").partition("\n")[0].rstrip("\r")
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(f"the passphrase cannot be read from {path}: {error}.") from error
    if len(found.strip()) < LEAST:
        raise Trouble(f"the passphrase of the keys has at least {LEAST} characters.")
    return unicodedata.normalize("NFC", found)


def asked_for(option: str | None) -> str:
    """Return where the passphrase comes from: the option, else HOPTAC_KEYS_PASSPHRASE_FILE, else nothing."""
    return option or os.environ.get("HOPTAC_KEYS_PASSPHRASE_FILE", "")


def can_ask() -> bool:
    return sys.stdin.isatty()


def seal(files: dict[str, bytes], passphrase: str) -> bytes:
    """Return the files sealed."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = os.urandom(16), os.urandom(12)
    head = {"format": 1, "kdf": "scrypt", **_COST, "salt": _text(salt), "cipher": "AES-256-GCM",
            "nonce": _text(nonce)}  # fmt: skip
    plain = json.dumps({name: _text(content) for name, content in files.items()}).encode()
    key = _stretched(passphrase, salt, **_COST)
    sealed = AESGCM(key).encrypt(nonce, plain, _bound(head))
    return json.dumps({**head, "sealed": _text(sealed)}, indent=1).encode()


def unseal(content: bytes, passphrase: str) -> dict[str, bytes]:
    """Return the files of a seal.

    :raises Trouble: the passphrase is wrong, or the seal was altered or is of another version
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        head: dict[str, Any] = json.loads(content)
        sealed = base64.b64decode(head.pop("sealed"), validate=True)
        cost = {name: int(head[name]) for name in _COST}
        salt, nonce = (base64.b64decode(head[name], validate=True) for name in ("salt", "nonce"))
        known = (head["format"], head["kdf"], head["cipher"]) == (1, "scrypt", "AES-256-GCM")
    except (ValueError, KeyError, TypeError) as error:
        raise Trouble("the sealed keys are damaged.") from error
    if not known or cost["n"] > _MOST_COST or cost["r"] > 16 or cost["p"] > 4:
        raise Trouble("the keys were sealed by another version: restore them with that one.")
    try:
        plain = AESGCM(_stretched(passphrase, salt, **cost)).decrypt(nonce, sealed, _bound(head))
    except (InvalidTag, ValueError) as error:
        raise Trouble("the passphrase does not open the keys, or they were altered.") from error
    found = {name: base64.b64decode(text) for name, text in json.loads(plain).items()}
    if not all(_NAME.fullmatch(name) for name in found):
        raise Trouble("the sealed keys hold a file that is no key.")
    return found


def put_back(files: dict[str, bytes], place: Path) -> list[str]:
    """Put keys into their folder, readable by us only; return the names of those that were not there.

    :raises Trouble: another file of such a name lies there
    """
    refuse_clash(files, place)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = sorted(name for name in files if not (place / name).exists())
    for name in new:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        with os.fdopen(os.open(place / name, flags, 0o600), "wb") as out:
            out.write(files[name])
            out.flush()
            os.fsync(out.fileno())
    return new


def refuse_clash(files: dict[str, bytes], place: Path) -> None:
    """See that no key would take the place of another file.

    :raises Trouble: one would
    """
    for name, content in key_files(place).items():
        if files.get(name, content) != content:
            raise Trouble(f"{place / name} is another key than that of the archive: move it aside.")


def _stretched(passphrase: str, salt: bytes, *, n: int, r: int, p: int) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    return Scrypt(salt=salt, length=32, n=n, r=r, p=p).derive(passphrase.encode())


def _bound(head: dict[str, Any]) -> bytes:
    return json.dumps(head, sort_keys=True, separators=(",", ":")).encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
