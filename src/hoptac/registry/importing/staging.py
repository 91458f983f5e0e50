"""Putting what was read from a file into typed lines, by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from hoptac.foundation.identifiers import uuid7
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.vietnamese import fold, sort_key
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.terms import KIND_OF_WORD, Level
from hoptac.registry.models import Verdict
from hoptac.registry.names import kind_of
from hoptac.registry.particulars import search_text
from hoptac.registry.rules.particulars import compute_legal_era
from hoptac.registry.terms import WorkingState

WORKING_STATE = {
    "active": WorkingState.OPERATING.value,
    "suspended": WorkingState.SUSPENDED.value,
    "idle": WorkingState.IDLE.value,
    "dissolving": WorkingState.AWAITING_DISSOLUTION.value,
}
_COLUMNS = (
    "batch_id", "sheet", "row", "verdict", "cooperative_id", "changed", "problems", "kind", "name",
    "registration_number", "sector", "activity", "commune_id", "address", "established_on",
    "established_precision", "legal_era", "working_state", "chairman", "director", "phone",
    "charter_capital", "area", "members", "workers", "fold", "sort_key",
)  # fmt: skip
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": ""})
_NULL = "\\N"


def _text(value: Any, limit: int) -> str:
    if not value:
        return ""
    text = str(value)[:limit]
    return text.translate(_ESCAPES) if not text.isprintable() or "\\" in text else text


@dataclass(frozen=True)
class Places:
    """Communes by the State's codes as of a day."""

    by_code: Mapping[str, UUID]
    by_name: Mapping[tuple[str, str], UUID]

    @classmethod
    def on(cls, day: date, province_code: str) -> Places:
        units = AdminUnit.objects.on(day).filter(level=Level.COMMUNE, province_code=province_code)
        rows = list(units.values_list("id", "code", "name", "kind"))
        return cls(
            {code: pk for pk, code, _name, _kind in rows},
            {(fold(name), kind): pk for pk, _code, name, kind in rows},
        )

    def find(self, record: Mapping[str, Any]) -> UUID | None:
        code = record.get("commune_code")
        if code:
            return self.by_code.get(str(code))
        kind = KIND_OF_WORD.get(str(record.get("commune_type") or ""))
        return self.by_name.get((fold(str(record.get("commune") or "")), str(kind or "")))


class _Eras:
    """The law in force by day of registration, asked once a day."""

    def __init__(self, today: date) -> None:
        self.today, self.known = today, dict[str | None, str]()

    def of(self, iso: str | None) -> str:
        era = self.known.get(iso)
        if era is None:
            day = date.fromisoformat(iso) if iso else None
            era = self.known[iso] = compute_legal_era(day, today=self.today)
        return era


def stage(
    batch: ImportBatch,
    records: Iterable[Mapping[str, Any]],
    problems: Iterable[Mapping[str, Any]],
    *,
    as_of: date,
    say: Callable[[int], None] = lambda done: None,
) -> int:
    """Write records and problems of a file as lines and findings; returns the number of lines.

    A line with an error is quarantined; a line that repeats another of the file waits for a decision.
    """
    noted = list(problems)
    by_line: dict[tuple[str, int], list[Mapping[str, Any]]] = {}
    for problem in noted:
        if problem.get("row") is not None:
            by_line.setdefault((problem.get("sheet") or "", problem["row"]), []).append(problem)
    places = Places.on(as_of, batch.province_code)
    count = 0
    columns = ", ".join(f'"{c}"' for c in _COLUMNS)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY registry_registerline ({columns}) FROM STDIN") as copy,
    ):
        block: list[str] = []
        for line in _lines(batch, records, by_line, places, _Eras(as_of)):
            block.append(line)
            count += 1
            if len(block) >= 2000:
                copy.write("".join(block))
                block.clear()
                say(count)
        copy.write("".join(block))
    stage_findings(batch, noted)
    return count


def _lines(
    batch: ImportBatch,
    records: Iterable[Mapping[str, Any]],
    by_line: Mapping[tuple[str, int], list[Mapping[str, Any]]],
    places: Places,
    eras: _Eras,
) -> Iterator[str]:
    batch_id = str(batch.pk)
    communes: dict[Any, str] = {}
    for record in records:
        get = record.get
        sheet, row = get("sheet") or "", record["row"]
        place = (get("commune_code"), get("commune"), get("commune_type"))
        commune = communes.get(place)
        if commune is None:
            found = places.find(record)
            commune = communes[place] = str(found) if found else _NULL
        problems = by_line.get((sheet, row), ())
        name = _text(get("name"), 250)
        established = get("established_on")
        verdict = _first_verdict(name, get("sector"), commune, problems)
        fold_text = search_text(record)
        figures = [get("charter_capital_vnd"), get("area_ha"), get("members"), get("workers")]
        yield (
            "\t".join(
                (
                    batch_id,
                    _text(sheet, 120),
                    str(row),
                    verdict,
                    str(uuid7()),
                    "{}",
                    "{" + ",".join(sorted({p["code"] for p in problems})) + "}",
                    kind_of(name) if name else "cooperative",
                    name,
                    _text(get("registration_number"), 14),
                    get("sector") or "",
                    _text(get("activity"), 400),
                    commune,
                    _text(get("address"), 300),
                    established or _NULL,
                    get("established_precision") or "day",
                    eras.of(established),
                    WORKING_STATE.get(get("status") or "", WorkingState.UNKNOWN.value),
                    _text(get("chairman"), 120),
                    _text(get("director"), 120),
                    _text(get("phone"), 60),
                    *(_NULL if f is None else str(f) for f in figures),
                    fold_text,
                    _text(sort_key(name)[:400], 400),
                )
            )
            + "\n"
        )


def _first_verdict(
    name: str, sector: Any, commune: str, problems: Iterable[Mapping[str, Any]]
) -> str:
    codes = {p["code"] for p in problems}
    if codes & {"duplicate_cooperative", "renamed_cooperative"}:
        return Verdict.UNDECIDED.value
    if not name or not sector or commune == _NULL:
        return Verdict.QUARANTINED.value
    if any(p.get("severity") == "error" for p in problems):
        return Verdict.QUARANTINED.value
    return Verdict.NEW.value


def stage_findings(batch: ImportBatch, problems: list[Mapping[str, Any]]) -> None:
    import json

    from django.core.serializers.json import DjangoJSONEncoder

    sql = (
        "COPY transfers_importfinding "
        '(batch_id, code, severity, sheet, "row", "column", field, value, repair, related) FROM STDIN'
    )
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for p in problems:
            related = json.dumps(p.get("related_rows") or [], cls=DjangoJSONEncoder)
            copy.write_row(
                (
                    batch.pk, p["code"], p["severity"], p.get("sheet") or "", p.get("row"),
                    p.get("column") or "", p.get("field") or "", _shown(p.get("value")),
                    _shown(p.get("repair")), related,
                )
            )  # fmt: skip


def _shown(value: Any) -> str:
    return "" if value is None else str(value).replace("\0", "")
