"""Which bodies were founded, passed into others or ended in a stretch of time: the records behind the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection

from hoptac.foundation.measures import Asked
from hoptac.jurisdiction.models import AdminUnit
from hoptac.statistics.measures import PASSED_ON, given_of, within_of

FOUNDED, JOINED, ENDED = "founded", "joined", "ended"


@dataclass(frozen=True)
class Change:
    """What happened to a body: founded, joined to another (``into``), or ended otherwise."""

    cooperative_id: UUID
    what: str
    on: date
    kind: str
    name: str
    number: str
    place: str
    into: str = ""


# The same bodies as "register.new" and "register.ended" count, each with what it was called then.
_CHANGED = """
SELECT founded.cooperative_id, 'founded', founded.established_on AS on, founded.kind, founded.name,
       founded.registration_number, founded.commune_id, founded.sort_key, ''
FROM registry_period founded
WHERE founded.is_latest AND founded.kind = 'cooperative' AND {founded}
  AND founded.established_on > %(since)s AND founded.established_on <= %(until)s
UNION ALL
SELECT * FROM (
    SELECT DISTINCT ON (ended.cooperative_id) ended.cooperative_id,
           CASE WHEN {passed} THEN 'joined' ELSE 'ended' END, lower(ended.valid), ended.kind, ended.name,
           ended.registration_number, ended.commune_id, ended.sort_key,
           coalesce((SELECT string_agg(successor.name, '; ' ORDER BY successor.name)
                     FROM registry_lineage lineage
                     JOIN registry_period successor
                       ON successor.cooperative_id = lineage.successor_id AND successor.is_latest
                     WHERE lineage.cooperative_id = ended.cooperative_id AND lineage.retired_by IS NULL
                       AND lineage.kind = ANY(%(joining)s)), '')
    FROM registry_period ended
    WHERE ended.legal_status = %(ended)s AND lower(ended.valid) > %(since)s AND lower(ended.valid) <= %(until)s
      AND {ended}
    ORDER BY ended.cooperative_id, lower(ended.valid)) gone
ORDER BY 2, 3, 8
"""


def bodies_changed(asked: Asked) -> list[Change]:
    """Return what happened to bodies of a territory after ``since`` up to ``on``, by what and when.

    Asked once for all; founded are cooperatives, as in the count of new ones.
    """
    founded, given = within_of(asked, "founded")
    ended, more = within_of(asked, "ended")
    statement = _CHANGED.format(founded=founded, ended=ended, passed=PASSED_ON)
    with connection.cursor() as cursor:
        cursor.execute(statement, given | more | given_of(asked))
        rows = cursor.fetchall()
    communes = AdminUnit.objects.in_bulk({row[6] for row in rows if row[6] is not None})
    return [
        Change(
            pk, what, on, kind, name, number, communes[commune].full_name if commune in communes else "", into
        )
        for pk, what, on, kind, name, number, commune, _key, into in rows
    ]  # fmt: skip
