"""Finding which lines are already in the register, and what they would change."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from rapidfuzz import fuzz

from hoptac.foundation.transfers.models import ImportBatch
from hoptac.registry.models import Period
from hoptac.registry.names import core_name

# Below this likeness (0-100, words in any order) two names of one number are held to be two bodies.
SAME_NUMBER_LEAST = 55
# From this likeness on, two names in one commune may be the same body: the officer decides.
LIKELY_LEAST = 86


@dataclass(frozen=True, slots=True)
class Known:
    """A body of the register as the matching sees it."""

    pk: UUID
    name: str
    core: str
    number: str
    commune: UUID | None


def match(batch: ImportBatch, as_of: date, only: list[int] | None = None) -> None:
    """Give every line its body of the register, or a new one, and its verdict.

    A line comes with the id that a new body would bear. It is matched by registration number first,
    then by name and commune; near names in one commune, and one number under two unlike names, wait
    for a decision with the candidates beside them. ``only`` names the lines to match (else all).
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registry_registerline (batch_id, verdict, registration_number)")
    if Period.objects.filter(province_code=batch.province_code).exists():
        _match_known(batch, only)
        compare(batch, as_of)


def _known(batch: ImportBatch) -> list[Known]:
    rows = Period.objects.filter(is_latest=True, province_code=batch.province_code).values_list(
        "cooperative_id", "name", "registration_number", "commune_id"
    )
    return [Known(pk, name, core_name(name), number, c) for pk, name, number, c in rows.iterator()]


def _match_known(batch: ImportBatch, only: list[int] | None = None) -> None:
    known = _known(batch)
    by_number = {k.number: k for k in known if k.number}
    by_place: dict[UUID | None, list[Known]] = defaultdict(list)
    by_name: dict[tuple[str, UUID | None], Known] = {}
    for k in known:
        by_place[k.commune].append(k)
        by_name.setdefault((k.core, k.commune), k)
    found: list[tuple[int, UUID, bool]] = []
    asked: list[tuple[int, str]] = []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, name, registration_number, commune_id FROM registry_registerline "
            "WHERE batch_id = %s AND name <> '' AND (%s::bigint[] IS NULL OR id = ANY(%s))",
            [batch.pk, only, only],
        )
        lines = cursor.fetchall()
    for pk, name, number, commune in lines:
        core = core_name(name)
        same = by_number.get(number) if number else None
        if same is not None:
            if core == same.core or fuzz.token_sort_ratio(core, same.core) >= SAME_NUMBER_LEAST:
                found.append((pk, same.pk, core == same.core))
            else:
                asked.append((pk, _candidates([(same, 0.0)], "number")))
            continue
        same = by_name.get((core, commune))
        if same is not None and (not number or not same.number or number == same.number):
            found.append((pk, same.pk, True))
            continue
        if same is not None:  # one name in one commune under two numbers: a slip, or two bodies
            asked.append((pk, _candidates([(same, 100.0)], "name")))
            continue
        near = _near(core, number, by_place.get(commune, ()))
        if near:
            asked.append((pk, _candidates(near, "name")))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE registry_registerline l SET cooperative_id = m.body, "
            "changed = CASE WHEN m.same_name THEN '{}' ELSE '{name}' END::varchar[], "
            "verdict = CASE WHEN verdict = 'new' THEN 'changed' ELSE verdict END "
            "FROM unnest(%s::bigint[], %s::uuid[], %s::bool[]) AS m(line, body, same_name) "
            "WHERE l.id = m.line",
            [[f[0] for f in found], [f[1] for f in found], [f[2] for f in found]],
        )
        cursor.execute(
            "UPDATE registry_registerline l SET candidates = m.list::jsonb, "
            "verdict = CASE WHEN verdict = 'new' THEN 'undecided' ELSE verdict END "
            "FROM unnest(%s::bigint[], %s::text[]) AS m(line, list) WHERE l.id = m.line",
            [[a[0] for a in asked], [a[1] for a in asked]],
        )


def _near(core: str, number: str, others: Iterable[Known]) -> list[tuple[Known, float]]:
    near = []
    for other in others:
        if number and other.number and number != other.number:
            continue
        score = fuzz.token_sort_ratio(core, other.core, score_cutoff=LIKELY_LEAST)
        if score and _digits(core) == _digits(other.core):
            near.append((other, score))
    return sorted(near, key=lambda n: -n[1])[:5]


def _digits(text: str) -> list[str]:
    """The numbers and single letters of a name: *Tân Tiến 1* and *Tân Tiến 2* are two bodies."""
    return sorted(w for w in text.split() if w.isdigit() or len(w) == 1)


def _candidates(found: Iterable[tuple[Known, float]], how: str) -> str:
    return json.dumps(
        [
            {"id": str(k.pk), "name": k.name, "number": k.number, "how": how, "score": round(score)}
            for k, score in found
        ],
        ensure_ascii=False,
    )


# What the line says that the register does not, on the day of the list. A blank says nothing; names are
# held equal when only the kind is abbreviated; figures of the day are compared with those in force.
_COMPARE = """
UPDATE registry_registerline l SET changed = d.changed,
    verdict = CASE WHEN cardinality(d.changed) = 0 THEN 'same' ELSE 'changed' END
FROM (
    SELECT l.id, array_remove(ARRAY[
        CASE WHEN 'name' = ANY(l.changed) THEN 'name' END,
        CASE WHEN l.registration_number <> '' AND l.registration_number <> coalesce(p.registration_number, '')
             AND NOT 'registration_number_check_digit' = ANY(l.problems) THEN 'registration_number' END,
        {texts},
        CASE WHEN l.commune_id IS NOT NULL AND l.commune_id IS DISTINCT FROM p.commune_id
             THEN 'commune_id' END,
        CASE WHEN l.established_on IS NOT NULL AND l.established_precision = 'day'
             AND l.established_on IS DISTINCT FROM p.established_on
             OR l.established_on IS NOT NULL AND p.established_on IS NULL
             THEN 'established_on' END,
        CASE WHEN l.working_state <> 'unknown' AND l.working_state <> coalesce(p.working_state, '')
             THEN 'working_state' END,
        {figures}
    ], NULL) AS changed
    FROM registry_registerline l
    LEFT JOIN registry_period p ON p.cooperative_id = l.cooperative_id AND p.valid @> %(as_of)s::date
    WHERE l.batch_id = %(batch)s AND l.verdict IN ('changed', 'same')
) AS d
WHERE d.id = l.id
"""
_TEXTS = ("sector", "activity", "address", "chairman", "director", "phone")
_FIGURES = ("charter_capital", "area", "members", "workers")


def compare(batch: ImportBatch, as_of: date) -> None:
    """Say of every matched line which fields differ from the register on the list's day."""
    texts = ",\n        ".join(
        f"CASE WHEN l.{f} <> '' AND lower(l.{f}) <> lower(coalesce(p.{f}, '')) THEN '{f}' END"
        for f in _TEXTS
    )
    figures = ",\n        ".join(
        f"CASE WHEN l.{f} IS NOT NULL AND (l.{f} IS DISTINCT FROM p.{f}"
        f" OR p.{f}_as_of IS DISTINCT FROM %(as_of)s::date) THEN '{f}' END"
        for f in _FIGURES
    )
    sql = _COMPARE.format(texts=texts, figures=figures)
    with connection.cursor() as cursor:
        cursor.execute(sql, {"as_of": as_of, "batch": batch.pk})
