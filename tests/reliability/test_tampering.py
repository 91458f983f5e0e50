"""T1: whoever owns the database changes what was recorded; chain and anchors find it, and say where.

The insider here may do everything: switch triggers off, recompute hashes, restore what was. Only
the folder of anchors is out of reach.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from hoptac.foundation.access import Context
from hoptac.foundation.audit import anchors, canonical, checks
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act, ActPayload
from hoptac.registry.actions import change_particulars, state_figures
from hoptac.registry.models import Cooperative
from tests.reliability.bars import SEED, told

ENTRIES = 60
AN_ANCHOR_EVERY = 12


@dataclass
class Anchored:
    """A journal of some weeks, and where its anchors lie."""

    place: Path
    key: Any
    public: str
    heads: list[int]


@pytest.fixture
def journal(
    tmp_path: Path, cooperative: Callable[..., Cooperative], the_system: Context
) -> Anchored:
    place, key = tmp_path / "anchors", anchors.signing_key(tmp_path / "key.pem")
    heads = []
    body = None
    start = Act.objects.count()
    for n in range(ENTRIES):
        if n % 3 == 0:
            body = cooperative(name=f"Hợp tác xã Thứ {n}", members=20 + n)
        elif n % 3 == 1:
            change_particulars(
                the_system.because(f"lý do {n}"), body, changes={"director": f"Lê Văn {n}"},
                from_on=timezone.localdate() - timedelta(days=n + 1),
            )  # fmt: skip
        else:
            state_figures(the_system, body, figures={"members": 30 + n}, as_of=timezone.localdate())
        if n % AN_ANCHOR_EVERY == AN_ANCHOR_EVERY - 1:
            signed = anchors.sign(place, key)
            assert signed is not None
            heads.append(signed.entries)
    assert heads[-1] == start + ENTRIES
    return Anchored(place, key, anchors.public_part(key), heads)


# --- What the insider does -----------------------------------------------------------------------


def _rehash(entries: list[Act]) -> None:
    """Write the chain anew from the first of these entries on."""
    previous = Act.objects.filter(number=entries[0].number - 1).values_list("hash", flat=True)
    hash_before = bytes(previous[0]) if previous else canonical.START
    for act in entries:
        act.previous_hash = hash_before
        act.hash = hash_before = canonical.entry_hash(hash_before, vars(act))
        act.save()


def _row(n: int) -> Act:
    return Act.objects.get(number=n)


def _remove(n: int) -> None:
    ActPayload.objects.filter(act__number=n).delete()
    Act.objects.filter(number=n).delete()


def edit_field(n: int, dice: random.Random) -> int:
    change = dice.choice([
        {"name": "registry.end_cooperative"}, {"subject_id": "khác"}, {"channel": "api"},
        {"at": timezone.now() - timedelta(days=900)}, {"province_code": "79"},
    ])  # fmt: skip
    Act.objects.filter(number=n).update(**change)
    return n


def edit_content(n: int, dice: random.Random) -> int:
    payload = ActPayload.objects.get(act__number=n)
    ActPayload.objects.filter(pk=payload.pk).update(
        content={**payload.content, "reason": f"lý do khác {dice.random()}"}
    )
    return n


def edit_and_rehash_the_entry(n: int, dice: random.Random) -> int:
    act = _row(n)
    act.channel = "api"
    act.hash = canonical.entry_hash(bytes(act.previous_hash), vars(act))
    act.save()
    return n + 1 if Act.objects.filter(number=n + 1).exists() else n


def delete(n: int, dice: random.Random) -> int:
    if not Act.objects.filter(number__gt=n).exists():
        n -= 1
    _remove(n)
    return n


def insert(n: int, dice: random.Random) -> int:
    for later in Act.objects.filter(number__gt=n).order_by("-number"):
        Act.objects.filter(pk=later.pk).update(number=later.number + 1)
    act, payload = _row(n), ActPayload.objects.get(act__number=n)
    act.pk, act.number, act.idempotency_key = canonical_uuid(dice), n + 1, None
    act.previous_hash, act.hash = act.hash, bytes(dice.randbytes(32))
    Act.objects.bulk_create([act])
    payload.act = act
    ActPayload.objects.bulk_create([payload])
    return n + 1


def canonical_uuid(dice: random.Random) -> Any:
    from uuid import UUID

    return UUID(int=dice.getrandbits(128), version=4)


def swap(n: int, dice: random.Random) -> int:
    other = n - 1
    Act.objects.filter(number=n).update(number=-1)
    Act.objects.filter(number=other).update(number=n)
    Act.objects.filter(number=-1).update(number=other)
    return other


def cut_tail(n: int, dice: random.Random) -> int:
    for number in Act.objects.filter(number__gte=n).order_by("-number").values_list("number", flat=True):  # fmt: skip
        _remove(number)
    return n


def rewrite_from_a_point(n: int, dice: random.Random) -> int:
    entries = list(Act.objects.filter(number__gte=n).order_by("number"))
    payload = ActPayload.objects.get(act=entries[0])
    content = {**payload.content, "reason": "chưa bao giờ nói"}
    ActPayload.objects.filter(pk=payload.pk).update(content=content)
    entries[0].payload_digest = canonical.payload_digest(bytes(payload.salt), content)
    _rehash(entries)
    return n


def delete_and_rechain(n: int, dice: random.Random) -> int:
    if not Act.objects.filter(number__gt=n).exists():
        n -= 1
    _remove(n)
    for later in Act.objects.filter(number__gt=n).order_by("number"):
        Act.objects.filter(pk=later.pk).update(number=later.number - 1)
    _rehash(list(Act.objects.filter(number__gte=n).order_by("number")))
    return n


def restore_older_database(n: int, dice: random.Random) -> int:
    """Everything that the acts from the entry on wrote is as if it had never been."""
    gone = list(Act.objects.filter(number__gte=n).values_list("id", flat=True))
    with connection.cursor() as cursor:
        for model in anchors.history_tables():
            table = model._meta.db_table
            cursor.execute(f"DELETE FROM {table} WHERE act_id = ANY(%s)", [gone])
            cursor.execute(f"UPDATE {table} SET retired_by = NULL WHERE retired_by = ANY(%s)", [gone])  # fmt: skip
        cursor.execute("DELETE FROM registry_period")
    cut_tail(n, dice)
    _periods_follow()
    return n


def change_current_row(n: int, dice: random.Random) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_period SET director = 'Người Khác' WHERE id = "
            "(SELECT id FROM registry_period WHERE is_latest ORDER BY id OFFSET %s LIMIT 1)",
            [n % 15],
        )
        assert cursor.rowcount == 1
    return 0


def change_history_and_current(n: int, dice: random.Random) -> int:
    """The fact itself is changed, the view of it too; the journal is left alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_particulars SET director = 'Người Khác' WHERE id = (SELECT id FROM "
            "registry_particulars ORDER BY id OFFSET %s LIMIT 1)",
            [n % 30],
        )
        assert cursor.rowcount == 1
    _periods_follow()
    return 0


def _periods_follow() -> None:
    from hoptac.registry import projection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_period")
        cursor.execute(projection._statement(""))


# What the chain alone cannot see: the three that write history anew, and what is no part of it.
REWRITING = (cut_tail, rewrite_from_a_point, delete_and_rechain)
KINDS = (
    edit_field, edit_content, edit_and_rehash_the_entry, delete, insert, swap, *REWRITING,
    restore_older_database, change_current_row, change_history_and_current,
)  # fmt: skip


@contextmanager
def tampered(kind: Callable[[int, random.Random], int], n: int, dice: random.Random) -> Any:
    """Do it, let somebody look, and take it back."""
    with transaction.atomic():
        with pgtrigger.ignore(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            first = kind(n, dice)
        yield first
        transaction.set_rollback(True)


def seen(journal: Anchored) -> tuple[bool, bool, int]:
    """Return whether the chain alone and everything together find something, and where first."""
    outcome = verify()
    _count, troubles = anchors.check(journal.place, journal.public)
    others = checks.troubles()
    where = outcome.broken.number if outcome.broken else (troubles[0].until if troubles else 0)
    return outcome.broken is not None, bool(outcome.broken or troubles or others), where


def trial(journal: Anchored, times: int) -> tuple[dict[str, int], dict[str, int], list[str]]:
    """Return per kind how often the chain and everything found it, and what was misplaced."""
    dice = random.Random(SEED)
    by_chain = dict.fromkeys((k.__name__ for k in KINDS), 0)
    by_all, misplaced = dict(by_chain), []
    last = Act.objects.count()
    for kind in KINDS:
        for _n in range(times):
            n = dice.randrange(last - ENTRIES + 2, last + 1)
            with tampered(kind, n, dice) as first:
                chain, found, where = seen(journal)
            by_chain[kind.__name__] += chain
            by_all[kind.__name__] += found
            # An anchor names a stretch: its end is never before the entry.
            exact = chain and where == first
            if first and not exact and not (where >= first and where - first < AN_ANCHOR_EVERY):
                misplaced.append(f"{kind.__name__} at {first}: said {where}")
    return by_chain, by_all, misplaced


def _hold(journal: Anchored, times: int, name: str) -> None:
    by_chain, by_all, misplaced = trial(journal, times)
    total = times * len(KINDS)
    blind = sum(by_chain[k.__name__] for k in REWRITING)
    alarms = sum(any(seen(journal)[:2]) for _ in range(max(5, times // 2)))
    told(
        name, f"{sum(by_all.values())} of {total} found, {len(misplaced)} misplaced, "
        f"{alarms} false alarms in {max(5, times // 2)} clean runs",
        f"{total} of {total}, 0, 0", seed=SEED,
        control=f"chain without anchors: {blind} of {3 * times} rewritings",
    )  # fmt: skip
    assert by_all == dict.fromkeys(by_all, times)
    assert misplaced == []
    assert blind == 0
    assert alarms == 0


def test_every_tampering_is_found(journal: Anchored) -> None:
    _hold(journal, 17, "T1")  # 12 kinds: 204


@pytest.mark.slow
def test_every_one_of_two_thousand_tamperings_is_found(journal: Anchored) -> None:
    _hold(journal, 170, "T1 full")


# --- Anchors themselves --------------------------------------------------------------------------


def test_a_witness_signs_only_what_extends_its_last_head(
    journal: Anchored, cooperative: Callable[..., Cooperative]
) -> None:
    assert anchors.sign(journal.place, journal.key) is None  # nothing new
    last = Act.objects.count()
    for kind in REWRITING:
        with tampered(kind, last - 3, random.Random(1)):
            cooperative(name=f"Hợp tác xã Sau {kind.__name__}")
            with pytest.raises(anchors.WillNotSign):
                anchors.sign(journal.place, journal.key)
    cooperative(name="Hợp tác xã Thật")
    signed = anchors.sign(journal.place, journal.key)
    assert signed is not None
    assert signed.entries == last + 1


def test_an_anchor_that_was_altered_removed_or_signed_by_another_is_reported(
    journal: Anchored, tmp_path: Path
) -> None:
    files = sorted(journal.place.glob("*.txt"))
    text = files[2].read_text()
    files[2].write_text(text.replace("entries: ", "entries: 1"))
    one, two = (t.why for t in anchors.check(journal.place, journal.public)[1])
    assert "not signed" in one
    assert "missing" in two
    files[2].unlink()
    assert any("missing" in t.why for t in anchors.check(journal.place, journal.public)[1])
    files[2].write_text(text)
    assert anchors.check(journal.place, journal.public)[1] == []
    stranger = anchors.public_part(anchors.signing_key(tmp_path / "another.pem"))
    assert len(anchors.check(journal.place, stranger)[1]) >= len(files)


def test_the_window_that_nobody_can_see_into_is_as_stated(
    journal: Anchored, cooperative: Callable[..., Cooperative]
) -> None:
    """Entries after the last anchor can be cut off unseen: so an anchor is due soon."""
    cooperative(name="Hợp tác xã Chưa Neo")
    with tampered(cut_tail, Act.objects.count(), random.Random(1)):
        chain, _found, _where = seen(journal)
        assert not chain
    assert not anchors.is_due(journal.place)
    assert anchors.EVERY_ENTRIES <= 1000
    assert timedelta(hours=1) >= anchors.EVERY


def test_the_commands_sign_and_check(
    journal: Anchored, tmp_path: Path, cooperative: Callable[..., Cooperative], capsys: Any
) -> None:
    cooperative(name="Hợp tác xã Mới")
    call_command("anchor_journal", folder=journal.place, key=tmp_path / "key.pem")
    assert anchors.TITLE in capsys.readouterr().out
    call_command("verify_journal", anchors=journal.place, key=journal.public)
    assert "6 anchors" in capsys.readouterr().out
    with tampered(delete_and_rechain, 30, random.Random(1)):
        with pytest.raises(SystemExit):
            call_command("verify_journal", anchors=journal.place)
        assert "written anew" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            call_command("anchor_journal", folder=journal.place, key=tmp_path / "key.pem")
        assert "NOT SIGNED" in capsys.readouterr().err


def test_the_last_signed_head_is_open_to_the_world(
    journal: Anchored, client: Any, settings: Any
) -> None:
    settings.ANCHORS = journal.place
    answer = client.get("/journal/anchor/")
    assert anchors.read(answer.content.decode()).is_signed_by(journal.public)
    settings.ANCHORS = journal.place / "nowhere"
    assert client.get("/journal/anchor/").status_code == 404
