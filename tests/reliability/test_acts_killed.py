"""R1 in the middle of acts: killed at any point of any act, it happened whole or not at all.

Every act of registration, certificates, cases and the national systems (``every_act.py`` knows how each
is done) is done by a process that falls at a point of it: before the first row, after it, half way,
between the bytes of a file and their row, before and after the journal, while the database commits, and
just after. Whatever is left must be nothing, or the whole act with its entry; then whoever did it repeats it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from hoptac.certificates import log
from hoptac.certificates.models import Certificate
from hoptac.config.settings.base import database
from hoptac.foundation import postgres
from hoptac.foundation.access import system_context
from hoptac.foundation.accounts.models import User
from hoptac.foundation.actions import AlreadyDone
from hoptac.foundation.audit.journal import verify
from hoptac.foundation.audit.models import Act
from hoptac.foundation.documents.models import StoredFile
from hoptac.foundation.numbering.models import Counter
from hoptac.jurisdiction.models import AdminUnit
from hoptac.registration.models import Filing, IssuedPaper
from tests.reliability.bars import told
from tests.reliability.every_act import KNOWN, Stage
from tests.reliability.falling import EARLY, Fall, Faller, How, falling
from tests.reliability.serving import await_silence
from tests.reliability.test_every_act import rows_of_all_tables

APPS = ("registration.", "certificates.", "cases.", "exchange.")
ACTS = sorted(name for name in KNOWN if name.startswith(APPS))
_VARY = {"numbering_counter", "certificates_lognode"}
# One of each sort: with a number, with a file, with children, with a letter, outside the desk.
SAMPLE = (
    "cases.send_notice", "certificates.issue_certificate", "registration.attach",
    "registration.decide", "registration.receive", "registration.ask_supplement",
    "registration.correct_paper", "registration.close_by_silence",
)  # fmt: skip


@pytest.fixture
def stage(transactional_db: None, units: Any, tmp_path: Path, settings: Any) -> Stage:
    settings.MEDIA_ROOT, settings.CERTIFICATE_KEYS = tmp_path / "files", tmp_path / "keys"
    user = User.objects.create_user("quyen.nang", None, full_name="Người Có Quyền")
    ctx = system_context().by(user=user, channel="page")
    return Stage(ctx, user, units.commune("Hoà An", "Giồng Riềng"), tmp_path)


@pytest.fixture
def faller(stage: Stage) -> Iterator[Faller]:
    names = ("MEDIA_ROOT", "CERTIFICATE_KEYS")
    with falling({n: getattr(settings, n) for n in names}) as found:
        yield found


def _grown(before: dict[str, Any], after: dict[str, Any]) -> dict[str, int]:
    """Return by how many rows each table grew.

    Counters are there or not, and the nodes of the log's tree depend on how much stands in it.
    """
    return {
        table: after[table][0] - before[table][0]
        for table in after
        if after[table] != before[table] and table not in _VARY
    }


class Trial:
    """One act, killed at each of its points, then repeated."""

    def __init__(self, stage: Stage, faller: Faller, name: str, how: How) -> None:
        self.stage, self.faller, self.name, self.how = stage, faller, name, how
        self.known = KNOWN[name]
        self.wrong: list[str] = []
        self.falls = self.wholes = 0
        self.grown: dict[str, int] = {}

    def ready(self) -> None:
        """Make a new subject, and see what the act writes without doing it."""
        self.subject = self.known.ready(self.stage)
        self.ctx = self.stage.ctx.by(idempotency_key=uuid4().hex)
        self.before, self.last = rows_of_all_tables(), Act.objects.count()

    def run(self) -> None:
        self.ready()
        dry = self.faller.do(self.name, self.ctx, self.subject, Fall())
        if dry.outcome != "done":
            self.wrong.append(f"{self.name} cannot be done at all: {dry}")
            return
        self.half = max(2, dry.writes // 2)
        for point in EARLY:
            if point == "between the bytes and their row" and not dry.stores:
                continue
            if point in dry.seen or (point == "half way" and dry.writes > 2):
                self.fall(point, may_be=("nothing",))
        self.repeat()
        if self.how == "process":
            self.ready()
            if self.fall("during the commit", may_be=("nothing", "whole")) == "whole":
                self.is_told()
                self.ready()
            if self.fall("after the commit", may_be=("whole",)) == "whole":
                self.is_told()

    def fall(self, point: str, may_be: tuple[str, ...]) -> str:
        """Let it fall at a point; return what is left of it."""
        fell = self.faller.do(self.name, self.ctx, self.subject, Fall(point, self.half, self.how))
        self.falls += 1
        if self.how == "backend":
            recovered()
        await_silence()
        died = fell.code == -9 if self.how == "process" else fell.outcome not in {"", "done"}
        standing = self.standing()
        if not died or standing not in may_be:
            self.wrong.append(f"{self.name}, {point}: {standing} ({fell.code} {fell.outcome})")
        self.wholes += standing == "whole"
        return standing

    def standing(self) -> str:
        """Tell whether nothing is left of the act, or the whole, or a part."""
        after = rows_of_all_tables()
        if after == self.before:
            return "nothing"
        grown, entries = _grown(self.before, after), Act.objects.count() - self.last
        is_whole = entries == self.known.entries and grown == (self.grown or grown)
        return "whole" if is_whole and not self.trouble() else f"a part: {grown}"

    @staticmethod
    def trouble() -> str:
        """Return what of journal and files does not hold."""
        if verify().broken:
            return "the chain is broken"
        for stored in StoredFile.objects.all():
            try:
                stored.read()
            except OSError:
                return f"a row without bytes: {stored}"
        for paper in IssuedPaper.objects.select_related("file"):
            if not paper.file.read().startswith(b"%PDF-"):
                return f"a paper that is none: {paper}"
        return ""

    def repeat(self) -> None:
        """Do it again, as whoever was interrupted would: nothing stands in the way."""
        self.known.do(self.ctx, self.subject)
        self.grown = _grown(self.before, rows_of_all_tables())
        if Act.objects.count() - self.last != self.known.entries:
            self.wrong.append(f"{self.name}: repeated, it left another number of entries")

    def is_told(self) -> None:
        """Do it again where it was done and nobody heard of it: it is not done twice."""
        before = rows_of_all_tables()
        try:
            self.known.do(self.ctx, self.subject)
        except AlreadyDone:
            pass
        else:
            self.wrong.append(f"{self.name}: sent again, it was done again")
        if rows_of_all_tables() != before:
            self.wrong.append(f"{self.name}: sent again, it changed something")


def recovered() -> None:
    """Wait until the database, one of whose processes was killed, takes connections again."""
    import time

    for _n in range(200):
        connection.close()
        try:
            connection.ensure_connection()
            return
        except Exception:
            time.sleep(0.05)
    raise AssertionError("the database does not come back")


def numbers_that_do_not_follow() -> list[str]:
    """Return the series of receipts, decisions, codes, letters and certificates that skip or double."""
    wrong = []
    last = dict(Counter.objects.values_list("series", "last"))
    given: dict[str, list[int]] = {}
    for series, sequence in Certificate.objects.values_list("series", "sequence"):
        given.setdefault(series, []).append(sequence)
    papers = IssuedPaper.objects.exclude(series="")
    for series, number in papers.values_list("series", "number"):
        given.setdefault(series, []).append(number)
    for filing in Filing.objects.select_related("authority"):
        # A number belongs to the series of who gave it, though the dossier was passed on since.
        passed = filing.steps.filter(kind="transferred").order_by("id").first()
        first = AdminUnit.objects.filter(pk=passed.details["from"]).first() if passed else None
        code = (first or filing.authority).code
        for kind, number in (("receipt", filing.receipt_number), ("decision", filing.decision_number)):  # fmt: skip
            if number:
                plain, _slash, year = number.partition("/")
                given.setdefault(f"{kind}:{code}:{year}", []).append(int(plain))
    for series in last:
        if series.startswith("letter:"):
            given.setdefault(series, [])  # a number taken for a letter that is not there
    for series, numbers in given.items():
        if sorted(numbers) != list(range(1, last.get(series, 0) + 1)):
            wrong.append(f"{series}: {sorted(numbers)} of {last.get(series)}")
    return wrong


def hold(stage: Stage, faller: Faller, acts: tuple[str, ...], hows: tuple[How, ...], bar: str) -> None:  # fmt: skip
    wrong: list[str] = []
    falls = wholes = 0
    for how in hows:
        for name in acts:
            trial = Trial(stage, faller, name, how)
            trial.run()
            wrong += trial.wrong
            falls, wholes = falls + trial.falls, wholes + trial.wholes
    wrong += numbers_that_do_not_follow() + log.troubles()
    told(
        bar, f"{falls} kills in {len(acts)} acts ({', '.join(hows)}): {len(wrong)} left a part, lost a number or"
        f" could not be repeated; {wholes} had just been done", "0",
        control="journal in a second commit, bytes after their row: seen",
    )  # fmt: skip
    assert not wrong, "\n".join(wrong)


def test_killed_in_the_middle_an_act_happened_whole_or_not_at_all(
    stage: Stage, faller: Faller
) -> None:
    hold(stage, faller, SAMPLE, ("process", "session"), "R1 acts")


@pytest.mark.slow
def test_every_act_of_registration_killed_at_every_point(stage: Stage, faller: Faller) -> None:
    hold(stage, faller, tuple(ACTS), ("process", "session"), "R1 acts full")


@pytest.fixture
def own_database(transactional_db: None) -> Iterator[None]:
    """Give the test a database server of its own, whose processes may be killed."""
    from django.core.management import call_command

    from hoptac.jurisdiction.actions import load_kien_giang_units

    kept = dict(connection.settings_dict)
    with postgres.throwaway() as cluster:
        connection.close()
        connection.settings_dict.update(database(cluster.url))
        try:
            call_command("migrate", verbosity=0)
            load_kien_giang_units(system_context())
            yield
        finally:
            connection.close()
            connection.settings_dict.update(kept)


@pytest.mark.slow
def test_a_process_of_the_database_killed_in_the_middle_of_acts(
    own_database: None, units: Any, tmp_path: Path, settings: Any
) -> None:
    """The server process dies of SIGKILL; the database recovers, and whoever was cut off repeats."""
    settings.MEDIA_ROOT, settings.CERTIFICATE_KEYS = tmp_path / "files", tmp_path / "keys"
    user = User.objects.create_user("quyen.nang", None, full_name="Người Có Quyền")
    ctx = system_context().by(user=user, channel="page")
    stage = Stage(ctx, user, units.commune("Hoà An", "Giồng Riềng"), tmp_path)
    names = ("MEDIA_ROOT", "CERTIFICATE_KEYS")
    with falling({n: getattr(settings, n) for n in names}) as faller:
        hold(stage, faller, SAMPLE, ("backend",), "R1 acts, database")


@pytest.mark.parametrize(
    ("broken", "name", "points"),
    [
        ("journal_in_a_second_commit", "registration.receive", ("before the journal",)),
        ("bytes_after_their_row", "registration.attach", ("after the commit",)),
    ],
)
def test_an_act_that_is_broken_leaves_a_part(
    stage: Stage, faller: Faller, broken: str, name: str, points: tuple[str, ...]
) -> None:
    """The controls: what the bar compares shows the part that is left."""
    trial = Trial(stage, faller, name, "process")
    trial.ready()
    trial.half = 2
    faller.broken = broken
    for point in points:
        assert trial.fall(point, may_be=("nothing", "whole")).startswith("a part")
