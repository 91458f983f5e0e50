"""Writing rows of particulars: the shared hand of the acts. Not an act itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict, act_of
from hoptac.foundation.findings import Finding, Refused, refuse_if_any
from hoptac.foundation.vietnamese import sort_key, tidy
from hoptac.registry.models import Cooperative, Particulars
from hoptac.registry.names import fold_words

# What an act may set; the rest of a row is the act's own business.
FIELDS = (
    "name", "short_name", "foreign_name", "registration_number", "certificate_number", "sector",
    "activity", "commune_id", "address", "established_on", "established_precision", "legal_era",
    "legal_status", "working_state", "chairman", "director", "phone", "email", "note",
)  # fmt: skip
_SEARCHED = ("name", "short_name", "registration_number", "phone", "director", "chairman")


def search_parts(values: Mapping[str, Any]) -> str:
    """Return what the search box looks through: name, codes, telephone, people."""
    return " ".join([str(values[f]) for f in _SEARCHED if values.get(f)])


def search_text(values: Mapping[str, Any]) -> str:
    """Return the folded text that the search box looks through."""
    return fold_words(search_parts(values))[:800].rstrip()


def tidied(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values with texts in one normal form and blanks tidied.

    :raises Refused: a field is unknown, a text too long, a code none of the choices
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Refused(
            Finding(
                "field_unknown",
                _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))},
            )
        )
    clean = {k: tidy(v) if isinstance(v, str) else v for k, v in values.items()}
    refuse_if_any(_check_fit(clean))
    return clean


def _check_fit(values: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what does not fit its field: a text too long, a code that is none of the choices."""
    for name, value in values.items():
        if not value or not isinstance(value, str):
            continue
        meta: Any = Particulars._meta.get_field(name)
        if meta.choices and value not in dict(meta.flatchoices):
            yield Finding("choice_unknown", _("Choose one of the values offered."), field=name)
        elif meta.max_length and len(value) > meta.max_length:
            yield Finding(
                "text_too_long",
                _("Write at most %(count)s characters.") % {"count": meta.max_length},
                field=name,
            )


def new_row(
    ctx: Context,
    cooperative_id: UUID,
    valid: DateRange,
    values: Mapping[str, Any],
    source: str = "",
) -> Particulars:
    """Return an unsaved row with its search and sort columns."""
    filled = {f: values.get(f) for f in FIELDS}
    for name, value in filled.items():
        if value is None and name not in {"commune_id", "established_on"}:
            filled[name] = ""
    return Particulars(
        cooperative_id=cooperative_id, valid=valid, act_id=act_of(ctx), source=source,
        fold=search_text(filled), sort_key=sort_key(str(filled["name"]))[:400], **filled,
    )  # fmt: skip


def bump(cooperative: Cooperative, expected_version: int | None) -> None:
    """Count an act upon the body; refuse it when the caller had read an older version.

    :raises Conflict: somebody acted in between
    """
    actual = Cooperative.objects.values_list("version", flat=True).get(pk=cooperative.pk)
    if expected_version is not None and expected_version != actual:
        raise Conflict(expected_version, actual)
    Cooperative.objects.filter(pk=cooperative.pk).update(version=F("version") + 1)
    cooperative.version = actual + 1


def values_of(row: Particulars) -> dict[str, Any]:
    return {f: getattr(row, f) for f in FIELDS}


def live_rows(cooperative: Cooperative) -> list[Particulars]:
    """Return the rows that hold, in the order of the days they speak of."""
    return list(Particulars.objects.live().filter(cooperative=cooperative).order_by("valid"))


def rewrite(
    ctx: Context,
    cooperative: Cooperative,
    changes: Mapping[str, Any],
    *,
    from_on: date | None,
    until_on: date | None = None,
    throughout: bool = False,
    source: str = "",
) -> dict[str, list[Any]]:
    """Retire and replace live rows so that ``changes`` hold from a day on.

    Without ``until_on`` a value carries on until the day on which a later act gave its field
    another value, or for good with ``throughout``. ``until_on`` is the first day on which the
    changes no longer hold. ``from_on`` empty means as long as the body is known. Returns per field
    the old and the new value, for the journal; an empty mapping when nothing differs.
    """
    rows = live_rows(cooperative)
    begin = from_on or rows[0].valid.lower
    if begin < rows[0].valid.lower:
        rows[0] = _beginning(rows[0], begin)
    narrows = until_on is None and not throughout
    said: dict[str, list[Any]] = {}
    retired, added = [], []
    for row, fields in _touched(rows, changes, begin, until_on, narrows):
        old = values_of(row)
        new = {k: changes[k] for k in fields if changes[k] != old[k]}
        if not new and not getattr(row, "begins_anew", False):
            continue
        for k in new:
            said.setdefault(k, [old[k], new[k]])
        retired.append(row.pk)
        added += _pieces(ctx, row, {**old, **new}, begin, until_on, source)
    if retired:
        Particulars.objects.filter(pk__in=retired).update(retired_by=ctx.act_id)
        Particulars.objects.bulk_create(added)
    return said


def _touched(
    rows: Iterable[Particulars],
    changes: Mapping[str, Any],
    begin: date,
    until_on: date | None,
    narrows: bool,
) -> Iterator[tuple[Particulars, set[str]]]:
    """Yield the rows of the stretch, each with the fields that the changes still speak of."""
    first: dict[str, Any] | None = None
    fields = set(changes)
    for row in rows:
        if row.valid.upper is not None and row.valid.upper <= begin:
            continue
        if until_on is not None and row.valid.lower >= until_on:
            return
        old = values_of(row)
        first = first or old
        if narrows:  # a later act spoke of the field: leave it from here on
            fields = {k for k in fields if old[k] == first[k]}
        if not fields:
            return
        yield row, fields


def _pieces(
    ctx: Context,
    row: Particulars,
    values: Mapping[str, Any],
    begin: date,
    until_on: date | None,
    source: str,
) -> list[Particulars]:
    """Return what takes a row's place: the days before, the days of the change, the days after."""
    lower, upper = row.valid.lower, row.valid.upper
    cut = max(lower, begin)
    end = upper if until_on is None or (upper is not None and upper <= until_on) else until_on
    old, of = values_of(row), row.cooperative_id
    found = [new_row(ctx, of, DateRange(cut, end), values, source or row.source)]
    if lower < cut:
        found.insert(0, new_row(ctx, of, DateRange(lower, cut), old, row.source))
    if end != upper:
        found.append(new_row(ctx, of, DateRange(end, upper), old, row.source))
    return found


def _beginning(row: Particulars, day: date) -> Particulars:
    """Return the first row as if it began on another day (the body turns out older or younger)."""
    row.valid = DateRange(day, row.valid.upper)
    row.begins_anew = True  # type: ignore[attr-defined]
    return row


def begin_on(ctx: Context, cooperative: Cooperative, day: date) -> None:
    """Let what is known of the body begin on another day, within its first row of particulars."""
    row = live_rows(cooperative)[0]
    upper = row.valid.upper
    if row.valid.lower == day or (upper is not None and day >= upper):
        return
    Particulars.objects.filter(pk=row.pk).update(retired_by=ctx.act_id)
    new_row(ctx, cooperative.pk, DateRange(day, upper), values_of(row), row.source).save(
        force_insert=True
    )


def stretch_of(rows: Sequence[Particulars], name: str, day: date) -> tuple[date, date | None]:
    """Return the days around ``day`` during which a field had the value it has then."""
    here = next(
        (i for i, r in enumerate(rows) if r.valid.upper is None or day < r.valid.upper),
        len(rows) - 1,
    )
    first = last = here
    value = getattr(rows[here], name)
    while first > 0 and getattr(rows[first - 1], name) == value:
        first -= 1
    while last + 1 < len(rows) and getattr(rows[last + 1], name) == value:
        last += 1
    return rows[first].valid.lower, rows[last].valid.upper
