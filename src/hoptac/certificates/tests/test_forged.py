"""T4: of ten thousand forged or altered codes none is accepted, and every genuine one is."""

from __future__ import annotations

import base64
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hoptac.certificates.payload import (
    CONTEXT,
    Malformed,
    Payload,
    PublicKey,
    Signed,
    body_of,
    decode,
    encode,
    judge,
    key_id_of,
)

TODAY = date(2026, 6, 1)


class Office:
    """An office with an old key, ended, and a new one; and a stranger with a key of his own."""

    def __init__(self) -> None:
        self.old, self.new, self.stranger = (Ed25519PrivateKey.generate() for _n in range(3))
        old, new = (self.id_of(k) for k in (self.old, self.new))
        self.keys = {
            old: PublicKey(old, self.old.public_key().public_bytes_raw(), date(2025, 12, 31)),
            new: PublicKey(new, self.new.public_key().public_bytes_raw()),
        }

    @staticmethod
    def id_of(key: Ed25519PrivateKey) -> str:
        return key_id_of(key.public_key().public_bytes_raw())

    def say(self, chance: random.Random, **changes: Any) -> Payload:
        return Payload(
            **{
                "kind": chance.choice(["registration", "group", "branch", "office", "place"]),
                "key_id": self.id_of(self.new), "issued_on": TODAY,
                "number": f"{chance.randrange(1, 10**5):05}/2026/30904",
                "code": f"{chance.randrange(10**10):010}",
                "name": f"Hợp tác xã Nông nghiệp Số {chance.randrange(10**4)}",
                "office": f"Ấp {chance.randrange(20)}, xã Hòa An, tỉnh An Giang",
                "authority": "Ủy ban nhân dân xã Giồng Riềng",
                "capital": chance.choice([None, 0, chance.randrange(10**11)]), **changes,
            }
        )  # fmt: skip

    def accepts(self, text: str) -> bool:
        try:
            return judge(decode(text), self.keys) == "signed"
        except Malformed:
            return False


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def forgeries(office: Office, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield forged codes of every sort that we could think of, without end."""
    alike = str.maketrans({"0": "O", "l": "I", "a": "а", "-": "‐", "_": "＿"})
    while True:
        genuine = encode(office.say(chance), office.new.sign)
        content = genuine.body + genuine.signature
        flipped = bytearray(content)
        at = chance.randrange(len(content))
        flipped[at] ^= 1 << chance.randrange(8)
        yield "a bit", text_of(bytes(flipped))
        other = office.say(chance)
        yield "another text", text_of(body_of(other) + genuine.signature)
        richer = replace(genuine.payload, capital=(genuine.payload.capital or 0) + 1)
        yield "more capital", text_of(body_of(richer) + genuine.signature)
        own = office.say(chance, key_id=office.id_of(office.stranger))
        yield "a stranger's key", encode(own, office.stranger.sign).text
        yield "a stranger in our name", encode(office.say(chance), office.stranger.sign).text
        late = office.say(chance, key_id=office.id_of(office.old))
        yield "the old key", encode(late, office.old.sign).text
        yield (
            "without our words before it",
            encode(other, lambda m: office.new.sign(m[len(CONTEXT) :])).text,
        )
        yield "cut", genuine.text[: chance.randrange(1, len(genuine.text))]
        yield "longer", text_of(genuine.body + b"\0" + genuine.signature)
        yield "more after it", genuine.text + chance.choice("AQgw")
        yield "capitals", genuine.text.upper()
        yield "small letters", genuine.text.lower()
        yield "padding", genuine.text + "="
        yield "other signs", genuine.text.replace("-", "+").replace("_", "/") + "+/"
        yield "letters alike", genuine.text.translate(alike)
        yield "inside", genuine.text[:50] + " " + genuine.text[50:]
        for address in (
            "https://hoptac.example/c?x=1#{}", "https://hoptac.example/c#x={}",
            "https://hoptac.example/c/#{}", "javascript:/c#{}", "https://a@hoptac.example/c#{}",
        ):  # fmt: skip
            yield "an address", address.format(genuine.text)
        zero = encode(office.say(chance), lambda m: bytes(64))
        yield "no signature", zero.text
        order = 2**252 + 27742317777372353535851937790883648493
        second = int.from_bytes(genuine.signature[32:], "little") + order
        if second < 2**256:
            yield (
                "the other signature",
                text_of(genuine.body + genuine.signature[:32] + second.to_bytes(32, "little")),
            )
        spread = unicodedata.normalize("NFD", genuine.payload.name).encode()
        raw = genuine.payload.name.encode()
        yield "marks apart", text_of(genuine.body.replace(raw, spread) + genuine.signature)


def test_ten_thousand_forgeries_none_accepted() -> None:
    office, chance = Office(), random.Random(20260601)
    tried: Counter[str] = Counter()
    for sort, text in forgeries(office, chance):
        tried[sort] += 1
        assert not office.accepts(text), (sort, text)
        if tried.total() >= 10_000:
            break
    assert len(tried) == 20
    assert min(tried.values()) > 150


def test_the_genuine_are_accepted() -> None:
    office, chance = Office(), random.Random(7)
    for _n in range(1000):
        said = office.say(chance)
        text = encode(said, office.new.sign).text
        assert office.accepts(text)
        assert decode(f"https://hoptac.example/c#{text}").payload == said
    before = office.say(chance, key_id=office.id_of(office.old), issued_on=date(2025, 12, 31))
    assert office.accepts(encode(before, office.old.sign).text)


def test_a_reader_that_believes_signatures_only_would_be_caught() -> None:
    """The control: without the last day of a key, the forgeries with the old key go through."""
    office, chance = Office(), random.Random(3)
    office.keys = {k: replace(v, valid_to=None) for k, v in office.keys.items()}
    found = Counter(
        sort for (sort, text), _n in zip(forgeries(office, chance), range(400), strict=False)
        if office.accepts(text)
    )  # fmt: skip
    assert set(found) == {"the old key"}


def test_a_stolen_key_signs_what_we_never_issued(
    issue: Callable[..., Any], key: Any, the_system: Any
) -> None:
    """Well signed, and still forged: the office's own list has the last word."""
    from hoptac.certificates import keys, status

    genuine = issue()
    private = keys.private_half(key.pk)
    assert private is not None
    said = replace(decode(genuine.payload).payload, number="00077/2026/30904")
    forged = encode(said, private.sign)
    assert judge(forged, keys.public_keys()) == "signed"
    assert status.of_signed(forged).verdict == "forged"
    assert status.of_text(genuine.payload).verdict == "valid"
    shown = status.of_text(f"https://hoptac-example.evil/c#{genuine.payload}")
    assert shown.host == "hoptac-example.evil"


@pytest.mark.parametrize("field", ["name", "number", "office"])
def test_texts_that_deceive_the_eye_are_never_signed(field: str) -> None:
    office, chance = Office(), random.Random(1)
    for text in ("a\u202eb", "a\u200bb", "a\nb", " a", "e\u0323\u0302", "\ue000"):
        with pytest.raises(Malformed):
            encode(office.say(chance, **{field: text}), office.new.sign)
    assert isinstance(encode(office.say(chance), office.new.sign), Signed)
