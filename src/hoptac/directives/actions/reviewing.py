"""Deciding upon proposed tasks: accepted, edited, split, joined, rejected, and all of it undone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from hoptac.directives import taking
from hoptac.directives.actions.recording import RECORD, refuse_if_passed
from hoptac.directives.models import Directive, Passage, PassageActor
from hoptac.directives.reading.result import TaskKind
from hoptac.directives.terms import Part, PassageState
from hoptac.foundation.access import Context
from hoptac.foundation.actions import OutOfReach, action, note
from hoptac.foundation.events import announce
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.vietnamese import tidy
from hoptac.jurisdiction.models import Agency

VIEW = "directives.view"
_MOST = 500


@action(RECORD, name="directives.accept_passages")
def accept_passages(
    ctx: Context, directive: Directive, *, passages: Sequence[UUID]
) -> list[Passage]:
    """Take proposals as tasks, and aims where somebody is to see to them. Those accepted already are passed over.

    Announces ``directives.passages_accepted`` with those that are new.

    :raises Refused: one was split, joined or taken back meanwhile, or was rejected
    :raises OutOfReach: one is none of the document
    """
    rows = _held(directive, passages)
    _refuse_states(rows, {PassageState.PROPOSED, PassageState.ACCEPTED, PassageState.AIM})
    fresh = [p for p in rows if p.state != PassageState.ACCEPTED]
    _move(ctx, fresh, PassageState.ACCEPTED)
    note(ctx, passages=[str(p.pk) for p in fresh], count=len(fresh))
    if fresh:
        announce(ctx, "directives.passages_accepted", directive=directive, passages=fresh)
    return fresh


@action(RECORD, name="directives.reject_passages")
def reject_passages(
    ctx: Context, directive: Directive, *, passages: Sequence[UUID], because: str = ""
) -> list[Passage]:
    """Say that proposals are no tasks.

    :raises Refused: one is not merely proposed
    """
    rows = _held(directive, passages)
    _refuse_states(rows, {PassageState.PROPOSED, PassageState.REJECTED})
    fresh = [p for p in rows if p.state == PassageState.PROPOSED]
    _move(ctx, fresh, PassageState.REJECTED, because=tidy(because)[:300])
    note(ctx, passages=[str(p.pk) for p in fresh], because=because)
    return fresh


@action(RECORD, name="directives.edit_passage")
def edit_passage(
    ctx: Context, passage: Passage, *, content: str, due: Mapping[str, Any] | None = None,
    actors: Sequence[Mapping[str, Any]] | None = None, expected_version: int | None = None,
) -> Passage:  # fmt: skip
    """Say a proposal in other words, name other actors or another term, before it is accepted.

    ``actors`` are mappings with ``part``, ``named`` and, if known, ``agency``; left out they stay, as does ``due``.
    What the reader had proposed is kept, to go back to.

    :raises Refused: nothing is asked, or it is no longer merely proposed
    """
    refuse_if_passed(passage, expected_version)
    _refuse_states([passage], {PassageState.PROPOSED})
    content = tidy(content)[:2000]
    if not content:
        raise Refused(Finding("field_missing", _("This must be filled in."), field="content"))
    if passage.proposed is None:
        passage.proposed = _snapshot(passage)
    passage.content = content
    if due is not None:
        passage.due = dict(due)
    if actors is not None:
        _set_actors(passage, actors)
    passage.act_id = ctx.act_id
    passage.version += 1
    passage.save()
    note(ctx, directive=passage.directive_id, content=content, due=passage.due,
         actors=None if actors is None else [a["named"] for a in actors])  # fmt: skip
    return passage


@action(RECORD, name="directives.split_passage")
def split_passage(
    ctx: Context, passage: Passage, *, parts: Sequence[str], expected_version: int | None = None
) -> list[Passage]:
    """Part a proposal into several: ``parts`` are its words, cut. Each part keeps its actors and term.

    :raises Refused: there are fewer than two parts, together they are not its words, or it is not merely proposed
    """
    refuse_if_passed(passage, expected_version)
    _refuse_states([passage], {PassageState.PROPOSED})
    cut = [tidy(p) for p in parts if tidy(p)]
    if len(cut) < 2:
        raise Refused(Finding("one_part", _("Cut it into two parts at least."), field="parts"))
    spans = _spans(passage.directive.text, passage.start, passage.end, cut)
    if spans is None:
        raise Refused(
            Finding("not_its_words", _("The parts must be its own words, in their order."), field="parts")
        )  # fmt: skip
    actors = list(passage.actors.order_by("id"))
    made = []
    for (start, end), words in zip(spans, cut, strict=True):
        part = Passage.objects.create(
            directive=passage.directive, position=passage.position, section=passage.section, start=start,
            end=end, words=words, content=words.strip(" ;,."), nature=passage.nature, due=passage.due,
            why=passage.why, confidence=passage.confidence, split_from=passage, act_id=ctx.act_id,
        )  # fmt: skip
        _copy_actors(actors, part)
        made.append(part)
    _move(ctx, [passage], PassageState.SPLIT)
    note(ctx, directive=passage.directive_id, parts=[str(p.pk) for p in made])
    return made


@action(RECORD, name="directives.join_passages")
def join_passages(ctx: Context, directive: Directive, *, passages: Sequence[UUID]) -> Passage:
    """Make one proposal of several; it has the actors of all of them and the term of the first that has one.

    :raises Refused: there are fewer than two, or one is not merely proposed
    """
    rows = _held(directive, passages)
    if len(rows) < 2:
        raise Refused(Finding("one_part", _("Choose two proposals at least."), field="passages"))
    _refuse_states(rows, {PassageState.PROPOSED})
    rows.sort(key=lambda p: (p.start, p.position, p.pk))
    first = rows[0]
    joint = Passage.objects.create(
        directive=directive, position=first.position, section=first.section, start=first.start,
        end=max(p.end for p in rows), words=" … ".join(dict.fromkeys(p.words for p in rows)),
        content=tidy("; ".join(dict.fromkeys(p.content.strip(" ;.") for p in rows)))[:2000],
        nature=first.nature, due=next((p.due for p in rows if p.due), {}),
        why=[w for p in rows for w in p.why], confidence=first.confidence, act_id=ctx.act_id,
    )  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for actor in PassageActor.objects.filter(passage__in=rows).order_by("passage__start", "id"):
        if (actor.part, actor.named) not in seen:
            seen.add((actor.part, actor.named))
            _copy_actors([actor], joint)
    Passage.objects.filter(pk__in=[p.pk for p in rows]).update(joined_to=joint)
    _move(ctx, rows, PassageState.JOINED)
    note(ctx, directive=directive.pk, joint=str(joint.pk), passages=[str(p.pk) for p in rows])
    return joint


@action(RECORD, name="directives.restore_passages")
def restore_passages(
    ctx: Context, directive: Directive, *, passages: Sequence[UUID]
) -> list[Passage]:
    """Undo what was decided upon passages: each is proposed again, as the reader had it.

    An accepted or rejected one is open again; an edited one says what it said; of one that was split the
    parts, and for one that was joined the joint one, are taken back. Announces
    ``directives.passages_restored`` with those that had been accepted.

    :raises Refused: there is nothing to undo, a part was decided upon, or what was made of it stands in the way
    """
    rows = _held(directive, passages)
    accepted = [p for p in rows if p.state == PassageState.ACCEPTED]
    refuse_if_any(taking.objections(ctx, accepted))
    for passage in rows:
        _restore(ctx, passage)
    note(ctx, directive=directive.pk, passages=[str(p.pk) for p in rows])
    if accepted:
        announce(ctx, "directives.passages_restored", directive=directive, passages=accepted)
    return rows


def _restore(ctx: Context, passage: Passage) -> None:
    passage.refresh_from_db()
    match passage.state:
        case PassageState.ACCEPTED if passage.nature == TaskKind.AIM:
            _move(ctx, [passage], PassageState.AIM)
        case PassageState.ACCEPTED | PassageState.REJECTED:
            _move(ctx, [passage], PassageState.PROPOSED)
        case PassageState.SPLIT:
            _take_back(ctx, list(passage.parts.exclude(state=PassageState.WITHDRAWN)))
            _move(ctx, [passage], PassageState.PROPOSED)
        case PassageState.JOINED:
            joint = passage.joined_to
            assert joint is not None  # noqa: S101  (a joined one has what it was joined to)
            _take_back(ctx, [joint])
            back = list(joint.joined.filter(state=PassageState.JOINED))
            Passage.objects.filter(pk__in=[p.pk for p in back]).update(joined_to=None)
            _move(ctx, back, PassageState.PROPOSED)
        case PassageState.PROPOSED if passage.proposed is not None:
            told = passage.proposed
            passage.content, passage.due, passage.proposed = told["content"], told["due"], None
            agencies = Agency.objects.in_bulk([a["agency"] for a in told["actors"] if a["agency"]])
            _set_actors(
                passage,
                [{**a, "agency": agencies.get(UUID(a["agency"])) if a["agency"] else None} for a in told["actors"]],
            )  # fmt: skip
            passage.act_id = ctx.act_id
            passage.version += 1
            passage.save()
        case PassageState.PROPOSED if passage.joined.exists():
            _restore(ctx, passage.joined.order_by("start")[0])
        case PassageState.PROPOSED if passage.split_from_id is not None:
            _restore(ctx, passage.split_from)  # type: ignore[arg-type]
        case PassageState.WITHDRAWN if passage.joined_to_id or passage.split_from_id:
            return  # taken back already, together with its fellows
        case _:
            raise Refused(Finding("nothing_to_undo", _("There is nothing to undo.")))


def _take_back(ctx: Context, rows: list[Passage]) -> None:
    if any(p.state != PassageState.PROPOSED for p in rows):
        raise Refused(
            Finding(
                "part_decided",
                _("A part was decided upon already: undo that first."),
            )
        )
    _move(ctx, rows, PassageState.WITHDRAWN)


@action(VIEW, name="directives.take_aim")
def take_aim(
    ctx: Context, directive: Directive, *, passage: UUID, title: str, href: str
) -> Passage:
    """Write down that a target was made of an aim; told by whoever keeps targets. It stays an aim.

    :raises Refused: it is no aim
    """
    row = _held(directive, [passage])[0]
    _refuse_states([row], {PassageState.AIM})
    row.due = {**row.due, "target": {"title": tidy(title)[:300], "href": href[:300]}}
    row.act_id = ctx.act_id
    row.version += 1
    row.save(update_fields=["due", "act_id", "version"])
    note(ctx, passage=str(row.pk), title=row.due["target"]["title"])
    return row


# --- What the acts share ---------------------------------------------------------------------------


def _held(directive: Directive, ids: Sequence[UUID]) -> list[Passage]:
    """Return these passages of the document, locked, in their order.

    :raises Refused: none is named, or too many at once
    :raises OutOfReach: one is none of the document
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted or len(wanted) > _MOST:
        raise Refused(Finding("none_chosen", _("Choose at least one proposal."), field="passages"))
    rows = list(
        Passage.objects.filter(directive=directive, pk__in=wanted)
        .select_for_update()
        .order_by("position", "id")
    )
    if len(rows) < len(wanted):
        raise OutOfReach(RECORD)
    return rows


def _refuse_states(rows: Sequence[Passage], allowed: set[PassageState]) -> None:
    for passage in rows:
        if passage.state not in allowed:
            raise Refused(
                Finding(
                    "state_passed",
                    _("“%(what)s” is decided already: %(state)s.")
                    % {"what": passage.content[:60], "state": passage.get_state_display()},
                )
            )


def _move(ctx: Context, rows: Sequence[Passage], state: PassageState, because: str = "") -> None:
    Passage.objects.filter(pk__in=[p.pk for p in rows]).update(
        state=state, because=because, act_id=ctx.act_id, version=F("version") + 1
    )
    for passage in rows:
        passage.state, passage.because = state, because
        passage.version += 1


def _snapshot(passage: Passage) -> dict[str, Any]:
    return {
        "content": passage.content, "due": passage.due,
        "actors": [
            {"part": a.part, "named": a.named, "group": a.group,
             "agency": str(a.agency_id) if a.agency_id else None}
            for a in passage.actors.order_by("id")
        ],
    }  # fmt: skip


def _set_actors(passage: Passage, actors: Sequence[Mapping[str, Any]]) -> None:
    passage.actors.all().delete()
    PassageActor.objects.bulk_create(
        PassageActor(
            passage=passage, part=a["part"], is_lead=a["part"] == Part.LEAD, position=n,
            named=tidy(a["named"])[:300], agency=a.get("agency"), group=a.get("group", ""),
        )
        for n, a in enumerate(actors, 1)
        if tidy(a["named"])
    )  # fmt: skip


def _copy_actors(actors: Sequence[PassageActor], to: Passage) -> None:
    PassageActor.objects.bulk_create(
        PassageActor(
            passage=to, part=a.part, is_lead=a.is_lead, position=a.position, named=a.named,
            agency_id=a.agency_id, group=a.group,
        )
        for a in actors
    )  # fmt: skip


def _spans(text: str, start: int, end: int, parts: Sequence[str]) -> list[tuple[int, int]] | None:
    """Return where the parts stand in the text between two places, or nothing where they are other words."""
    spans, here = [], start
    for part in parts:
        while here < end and (text[here].isspace() or text[here] in "*_"):
            here += 1
        first = here
        for sign in part:
            if sign.isspace():
                continue
            while (
                here < end and (text[here].isspace() or text[here] in "*_") and text[here] != sign
            ):
                here += 1
            if here >= end or text[here] != sign:
                return None
            here += 1
        spans.append((first, here))
    return spans if not text[here:end].strip(" ;,.*_\n\r\t") else None
