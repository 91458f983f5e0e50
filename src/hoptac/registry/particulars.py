"""Writing rows of particulars: the shared hand of the acts. Not an act itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F
from django.utils.translation import gettext as _

from hoptac.foundation.access import Context
from hoptac.foundation.actions import Conflict
from hoptac.foundation.findings import Finding, Refused
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

    :raises Refused: a field is unknown
    """
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise Refused(
            Finding(
                "field_unknown",
                _("There is no field %(name)s.") % {"name": ", ".join(sorted(unknown))},
            )
        )
    return {k: tidy(v) if isinstance(v, str) else v for k, v in values.items()}


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
        cooperative_id=cooperative_id, valid=valid, act_id=ctx.act_id, source=source,
        fold=search_text(filled), sort_key=sort_key(filled["name"])[:400], **filled,
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


def rewrite(
    ctx: Context,
    cooperative: Cooperative,
    changes: Mapping[str, Any],
    *,
    from_on: date | None,
    until_on: date | None = None,
    source: str = "",
) -> dict[str, list[Any]]:
    """Retire and replace live rows so that ``changes`` hold from a day on.

    Without ``until_on`` a value carries on until the day on which a later act gave its field
    another value. ``until_on`` is the first day on which the changes no longer hold. ``from_on``
    empty means as long as the body is known. Returns per field the old and the new value, for the
    journal; an empty mapping when nothing differs.
    """
    rows = list(Particulars.objects.live().filter(cooperative=cooperative).order_by("valid"))
    begin = from_on or rows[0].valid.lower
    if begin < rows[0].valid.lower:
        rows[0] = _stretched(rows[0], begin)
    open_fields = {}
    said: dict[str, list[Any]] = {}
    retired, added = [], []
    for row in rows:
        lower, upper = row.valid.lower, row.valid.upper
        if upper is not None and upper <= begin:
            continue
        if until_on is not None and lower >= until_on:
            break
        old = values_of(row)
        if not open_fields and not said:
            open_fields = {k: old[k] for k in changes}
        elif until_on is None:  # a later act spoke of the field: leave it from here on
            open_fields = {k: v for k, v in open_fields.items() if old[k] == v}
        new = {k: changes[k] for k in open_fields if changes[k] != old[k]}
        if not new and not getattr(row, "was_stretched", False):
            if not open_fields:
                break
            continue
        for k in new:
            said.setdefault(k, [old[k], new[k]])
        cut = max(lower, begin)
        end = upper if until_on is None or (upper is not None and upper <= until_on) else until_on
        retired.append(row.pk)
        if lower < cut:
            added.append(new_row(ctx, cooperative.pk, DateRange(lower, cut), old, row.source))
        added.append(
            new_row(ctx, cooperative.pk, DateRange(cut, end), {**old, **new}, source or row.source)
        )
        if end != upper:
            added.append(new_row(ctx, cooperative.pk, DateRange(end, upper), old, row.source))
    if retired:
        Particulars.objects.filter(pk__in=retired).update(retired_by=ctx.act_id)
        Particulars.objects.bulk_create(added)
    return said


def _stretched(row: Particulars, begin: date) -> Particulars:
    """Return the first row as if it began earlier (the body turns out to be older)."""
    row.valid = DateRange(begin, row.valid.upper)
    row.was_stretched = True  # type: ignore[attr-defined]
    return row
