"""Putting what was read from a file into typed lines, by COPY."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from hoptac.foundation.identifiers import uuid7_texts
from hoptac.foundation.transfers.models import ImportBatch
from hoptac.foundation.vietnamese import fold, sort_key
from hoptac.jurisdiction.models import AdminUnit
from hoptac.jurisdiction.terms import KIND_OF_WORD, Level
from hoptac.registry.models import Verdict
from hoptac.registry.names import kind_of
from hoptac.registry.particulars import search_text
from hoptac.registry.rules.particulars import compute_legal_era
from hoptac.registry.terms import Kind, WorkingState

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
_NEW, _QUARANTINED = Verdict.NEW.value, Verdict.QUARANTINED.value


def _text(value: Any, limit: int) -> str:
    if not value:
        return ""
    text = str(value)[:limit]
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


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
            if len(block) >= 250:  # less than a socket holds: nobody waits
                copy.write("".join(block))
                block.clear()
                say(count)
        copy.write("".join(block))
    stage_findings(batch, noted)
    return count


_KEYS = (
    "sheet", "row", "commune_code", "commune", "commune_type", "name", "registration_number", "sector",
    "activity", "address", "established_on", "established_precision", "status", "chairman", "director",
    "phone", "charter_capital_vnd", "area_ha", "members", "workers",
)  # fmt: skip
_pick = itemgetter(*_KEYS)


def _lines(
    batch: ImportBatch,
    records: Iterable[Mapping[str, Any]],
    by_line: Mapping[tuple[str, int], list[Mapping[str, Any]]],
    places: Places,
    eras: _Eras,
) -> Iterator[str]:
    head = f"{batch.pk}\t"
    communes: dict[Any, str] = {}
    for record, body in zip(records, uuid7_texts(), strict=False):
        (
            sheet, row, code, commune_name, commune_type, listed_name, number, sector, activity, address,
            established, precision, status, chairman, director, phone, capital, area, members, workers,
        ) = _pick(record)  # fmt: skip
        place = (code, commune_name, commune_type)
        commune = communes.get(place)
        if commune is None:
            found = places.find(record)
            commune = communes[place] = str(found) if found else _NULL
        problems = by_line.get((sheet, row))
        name = _text(listed_name, 250)
        sheet, number = _text(sheet, 120), _text(number, 14)
        chairman, director, phone = _text(chairman, 120), _text(director, 120), _text(phone, 60)
        if problems:
            verdict = _first_verdict(name, sector, commune, problems)
            codes = ",".join(sorted({p["code"] for p in problems}))
        else:
            whole = name and sector and commune != _NULL
            verdict, codes = _NEW if whole else _QUARANTINED, ""
        kind = kind_of(name) if name else Kind.COOPERATIVE.value
        state = WORKING_STATE.get(status or "", WorkingState.UNKNOWN.value)
        yield (
            f"{head}{sheet}\t{row}\t{verdict}\t{body}\t{{}}\t{{{codes}}}\t{kind}\t{name}\t{number}\t"
            f"{sector or ''}\t{_text(activity, 400)}\t{commune}\t{_text(address, 300)}\t"
            f"{established or _NULL}\t{precision or 'day'}\t{eras.of(established)}\t{state}\t"
            f"{chairman}\t{director}\t{phone}\t"
            f"{_NULL if capital is None else capital}\t{_NULL if area is None else area}\t"
            f"{_NULL if members is None else members}\t{_NULL if workers is None else workers}\t"
            f"{search_text(record)}\t{sort_key(name)[:400]}\n"
        )


def _first_verdict(
    name: str, sector: Any, commune: str, problems: Iterable[Mapping[str, Any]]
) -> str:
    if any(p["code"] in {"duplicate_cooperative", "renamed_cooperative"} for p in problems):
        return Verdict.UNDECIDED.value
    if not name or not sector or commune == _NULL:
        return _QUARANTINED
    if any(p.get("severity") == "error" for p in problems):
        return _QUARANTINED
    return _NEW


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
