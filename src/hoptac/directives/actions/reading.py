"""Keeping what a reading found: the text, its heading, references and sections, and the proposed tasks."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from hoptac.directives.actions.recording import RECORD, File, refuse_if_passed
from hoptac.directives.models import Directive, Passage, PassageActor
from hoptac.directives.reading.result import VERSION, Actor, Reading, Task
from hoptac.directives.searching import write_words
from hoptac.directives.terms import Part, PassageState
from hoptac.foundation.access import Context
from hoptac.foundation.actions import action, note
from hoptac.foundation.documents.kinds import media_type_of
from hoptac.foundation.documents.storing import store
from hoptac.foundation.findings import Finding, Refused
from hoptac.foundation.vietnamese import fold, tidy
from hoptac.jurisdiction.models import Agency


@action(RECORD, name="directives.store_reading")
def store_reading(
    ctx: Context, directive: Directive, *, reading: Reading, file: File | None = None,
    expected_version: int | None = None,
) -> list[Passage]:  # fmt: skip
    """Keep a reading with its document; its tasks become proposals, which nobody has accepted yet; aims stand apart.

    A document may be read again as long as nothing was decided upon its proposals; those of the earlier
    reading are taken back. Returns the proposals in the order of the text.

    :raises Refused: a proposal of the earlier reading was accepted, edited, split, joined or rejected
    """
    refuse_if_passed(directive, expected_version)
    earlier = directive.passages.exclude(state=PassageState.WITHDRAWN)
    untouched = (PassageState.PROPOSED, PassageState.AIM)
    if earlier.filter(~Q(state__in=untouched) | Q(proposed__isnull=False)).exists():
        raise Refused(
            Finding(
                "reading_decided",
                _("Proposals of the earlier reading were decided upon: undo that first."),
            )
        )
    earlier.update(state=PassageState.WITHDRAWN, act_id=ctx.act_id)
    if file is not None:
        name, content = file
        directive.file = store(ctx, content, name=name, media_type=media_type_of(name))
    directive.text, directive.reading = reading.text.replace("\0", ""), as_data(reading)
    directive.act_id = ctx.act_id
    directive.version += 1
    directive.save()
    write_words(directive)
    agencies = agencies_of(reading.actors, directive.province_code, directive.issued_on)
    actors = {a.id: a for a in reading.actors}
    rows = [_passage(ctx, directive, task, n) for n, task in enumerate(reading.tasks, 1)]
    aims = [_passage(ctx, directive, aim, n) for n, aim in enumerate(reading.aims, len(rows) + 1)]
    for aim in aims:
        aim.state = PassageState.AIM
    Passage.objects.bulk_create([*rows, *aims])
    PassageActor.objects.bulk_create(
        PassageActor(
            passage=row, is_lead=part == Part.LEAD, part=part, position=n, named=tidy(actors[i].name)[:300],
            agency=agencies.get(i), group=actors[i].kind[:40] if actors[i].is_group else "",
        )
        for row, task in zip(rows, reading.tasks, strict=True)
        for part, ids in (
            (Part.LEAD, task.lead), (Part.COORDINATING, task.coordinating), (Part.EXECUTING, task.executing),
        )
        for n, i in enumerate(ids, 1)
    )  # fmt: skip
    note(ctx, tasks=len(rows), aims=len(aims), references=len(reading.references), sections=len(reading.sections),
         version=VERSION, sha256=reading.source.sha256)  # fmt: skip
    return rows


def _passage(ctx: Context, directive: Directive, task: Task, position: int) -> Passage:
    due = {
        name: _plain(dataclasses.asdict(value))
        for name, value in (("deadline", task.deadline), ("recurrence", task.recurrence))
        if value is not None
    }
    if task.product:
        due["product"] = task.product
    if task.figures:
        due["figures"] = _plain(task.figures)
    return Passage(
        directive=directive, position=position, section=task.section[:60], start=task.span.start,
        end=task.span.end, words=task.text, content=(tidy(task.what) or tidy(task.text))[:2000],
        nature=task.kind.value, due=due, why=[_plain(dataclasses.asdict(w)) for w in task.why],
        confidence=task.confidence.value, act_id=ctx.act_id,
    )  # fmt: skip


def as_data(reading: Reading) -> dict[str, Any]:
    """Return what is kept of a reading beside its text and its proposals, as JSON can hold it."""
    told = {
        "version": VERSION, "source": reading.source, "document": reading.document,
        "references": reading.references, "actors": reading.actors, "sections": reading.sections,
        "remarks": reading.remarks,
    }  # fmt: skip
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return value


def agencies_of(actors: Iterable[Actor], province: str, day: date | None) -> dict[str, Agency]:
    """Return which agencies the actors of a text are, by the actors' ids; groups and classes of people are none.

    By the code that the gazetteer gave, else by a name that one agency alone bears, of those that
    existed on the day where there are several.
    """
    named = [a for a in actors if not a.is_group]
    by_code: dict[str, Agency] = {}
    by_name: dict[str, list[Agency]] = {}
    for agency in Agency.objects.filter(province_code=province).order_by("code"):
        by_code[agency.code] = agency
        for name in {fold(agency.name), fold(agency.short_name)}:
            by_name.setdefault(name, []).append(agency)
    found: dict[str, Agency] = {}
    for actor in named:
        if actor.agency in by_code:
            found[actor.id] = by_code[actor.agency]
            continue
        same = by_name.get(fold(tidy(actor.name)), [])
        there = [a for a in same if day is None or _existed(a, day)]
        if len(there) == 1:
            found[actor.id] = there[0]
    return found


def _existed(agency: Agency, day: date) -> bool:
    begin, end = agency.valid.lower, agency.valid.upper
    return (begin is None or begin <= day) and (end is None or day < end)
