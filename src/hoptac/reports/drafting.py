"""A report drafted: its outline filled with figures, tasks, what agencies brought and what was entered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils import translation
from django.utils.functional import cached_property

from hoptac.foundation.documents.official import (
    Bullets,
    Column,
    Heading,
    Paragraph,
    Row,
    Run,
    Table,
)
from hoptac.foundation.documents.official.structure import Block
from hoptac.jurisdiction.models import AdminUnit
from hoptac.reports.bodies import bodies_of
from hoptac.reports.catalogue import outline_by
from hoptac.reports.figures import as_values, compute
from hoptac.reports.models import Chosen, Contribution, Figure, Report, Section
from hoptac.reports.rules.outline import Outline, SectionSpec
from hoptac.reports.rules.periods import period_of
from hoptac.reports.rules.sentences import Filled, Value, fill, written
from hoptac.reports.standings import Line, counts, lines_of
from hoptac.reports.terms import Answer, Kind, Standing, State
from hoptac.statistics.happened import Change

# More rows than this go to an annex, or are told of by their number with a link to all of them.
MOST_ROWS = 15
MOST_TASKS = 30
_SHOWN = (Standing.DONE, Standing.DONE_LATE, Standing.UNDER_WAY, Standing.LATE, Standing.NOT_DONE,
          Standing.WAITING)  # fmt: skip
_HEADS = {
    Standing.DONE: "Đúng hạn", Standing.DONE_LATE: "Trễ hạn", Standing.UNDER_WAY: "Trong hạn",
    Standing.LATE: "Quá hạn", Standing.NOT_DONE: "Không hoàn thành", Standing.WAITING: "Chưa giao",
}  # fmt: skip
_TITLES = {
    Standing.DONE: "Nhiệm vụ hoàn thành đúng hạn", Standing.DONE_LATE: "Nhiệm vụ hoàn thành trễ hạn",
    Standing.UNDER_WAY: "Nhiệm vụ đang thực hiện trong hạn", Standing.LATE: "Nhiệm vụ quá hạn chưa hoàn thành",
    Standing.NOT_DONE: "Nhiệm vụ được đánh giá không hoàn thành", Standing.WAITING: "Nhiệm vụ chưa giao",
}  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What a section still lacks: the sentence that could not be printed, or prose that was not entered."""

    section: str
    title: str
    figures: tuple[str, ...] = ()

    @property
    def is_prose(self) -> bool:
        return not self.figures


@dataclass
class SectionDraft:
    """A section as it is printed, with what it lacks."""

    spec: SectionSpec
    section: Section | None
    blocks: list[Block] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    # Whether sections of a lower level stand beneath it.
    is_parent: bool = False

    @property
    def says_nothing(self) -> bool:
        """Whether there is only its title, and nothing beneath it is meant to be titled by it."""
        return len(self.blocks) == 1 and not self.spec.is_heading and not self.is_parent

    @property
    def text(self) -> str:
        """The prose alone, for comparison."""
        return self.section.text if self.section else ""


class Draft:
    """Everything that a report says, read once: its figures, tasks, contributions, sections."""

    def __init__(
        self,
        report: Report,
        *,
        figures: Sequence[Figure] | None = None,
        lines: Sequence[Line] | None = None,
        bodies: Sequence[Change] | None = None,
    ) -> None:
        self.report = report
        self._figures, self._lines, self._bodies = figures, lines, bodies

    @cached_property
    def outline(self) -> Outline:
        return outline_by(self.report.outline)

    @cached_property
    def lines(self) -> list[Line]:
        return list(self._lines) if self._lines is not None else lines_of(self.report)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures as kept; computed where none are kept yet."""
        if self._figures is not None:
            return list(self._figures)
        return list(self.report.figures.all()) or compute(self.report, self.lines)

    @cached_property
    def values(self) -> dict[str, Value]:
        return as_values(self.figures)

    @cached_property
    def by_code(self) -> dict[str, Figure]:
        return {f.code: f for f in self.figures}

    @cached_property
    def facts(self) -> dict[str, str]:
        """What sentences may say besides figures: the period, the day, the province, the document."""
        return facts_of(self.report)

    @cached_property
    def title(self) -> str:
        return fill(self.outline.about, self.values, self.facts).text

    @cached_property
    def sections(self) -> list[SectionDraft]:
        kept = {s.code: s for s in self.report.sections.all()}
        brought: dict[int, list[Contribution]] = defaultdict(list)
        if self.report.state in {State.DRAFTING, State.CONTRIBUTING}:
            for row in self.contributions:
                brought[row.section_id].append(row)
        found: list[SectionDraft] = []
        for spec in self.outline.sections:
            section = kept.get(spec.code)
            draft = SectionDraft(spec, section)
            self._write(draft, brought.get(section.pk, []) if section else [])
            if spec.level == "arabic" and found:
                next(s for s in reversed(found) if s.spec.level == "roman").is_parent = True
            found.append(draft)
        return found

    @cached_property
    def gaps(self) -> list[Gap]:
        return [gap for section in self.sections for gap in section.gaps]

    @cached_property
    def blocks(self) -> list[Block]:
        """The body of the document; once submitted, a section that says nothing is left out of it."""
        kept = [s for s in self.sections if not (self.report.is_kept and s.says_nothing)]
        return [block for section in kept for block in section.blocks]

    @cached_property
    def bodies(self) -> list[Change]:
        """What happened to bodies in the period; nothing where no annex tells of it."""
        if self._bodies is not None:
            return list(self._bodies)
        return bodies_of(self.report) if "bodies" in self.outline.annexes else []

    @cached_property
    def contributions(self) -> list[Contribution]:
        """What agencies brought and the author accepted, section by section."""
        rows = Contribution.objects.filter(section__report=self.report, state=Answer.ACCEPTED)
        return list(rows.select_related("agency", "section"))

    @property
    def agencies_table(self) -> Table | None:
        """How the tasks of each leading agency stand, where these are too many for the body."""
        return self._standings_by("lead_name") if self._agencies_apart else None

    # --- Sections -------------------------------------------------------------------------------------

    def _write(
        self,
        draft: SectionDraft,
        brought: list[Contribution],
    ) -> None:
        spec, blocks = draft.spec, draft.blocks
        blocks.append(Heading(spec.title, spec.level, anchor=spec.code))  # type: ignore[arg-type]
        for sentence in spec.sentences:
            filled = fill(sentence, self.values, self.facts)
            if filled.missing:
                names = [self.values[m].name if m in self.values else m for m in filled.missing]
                draft.gaps.append(Gap(spec.code, spec.title, tuple(dict.fromkeys(names))))
            elif filled.pieces:
                blocks.append(Paragraph(_runs(filled)))
        if draft.section and draft.section.text.strip():
            blocks += _prose(draft.section.text)
        for row in brought:
            blocks += _prose(row.text)
        for table in spec.tables:
            blocks += self._table(table)
        for standing in spec.tasks:
            blocks += self._tasks(Standing(standing))
        for kind in spec.words:
            items: list[Sequence[str | Run]] = [
                [Run(words), " (", Run(agency, href=href), ")."]
                for words, agency, href in self.chosen[kind]
            ]
            if items:
                blocks.append(Bullets(items))
        silent = len(blocks) == 1
        if (silent and spec.is_written) or (draft.says_nothing and not draft.gaps):
            draft.gaps.append(Gap(spec.code, spec.title))

    @cached_property
    def chosen(self) -> dict[str, list[tuple[str, str, str]]]:
        """The difficulties and proposals taken up, by kind: words, agency, where the task is seen."""
        found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        rows = Chosen.objects.filter(report=self.report).select_related("step__agency")
        for row in rows.order_by("step__agency__name", "id"):
            href = reverse("tasks:task", args=[row.step.task_id])
            words = getattr(row.step, row.kind).strip().rstrip(".;")
            found[row.kind].append((words, str(row.step.agency or ""), href))
        return found

    # --- Tables ---------------------------------------------------------------------------------------

    def _table(self, code: str) -> list[Block]:
        if code == "by_sector":
            return [self._by_sector()] if self.by_code["htx_total"].parts else []
        if not self.lines:
            return []
        if code == "by_part":
            # Without a document the sections of several would be thrown together.
            if not self.report.directive_id or len({line.section for line in self.lines}) < 2:
                return []
            return [self._standings_by("section", "Thực hiện nhiệm vụ theo mục của văn bản")]
        if self._agencies_apart:
            return [Paragraph("(Chi tiết theo cơ quan chủ trì tại phụ lục kèm theo)")]
        return [self._standings_by("lead_name", "Thực hiện nhiệm vụ theo cơ quan chủ trì")]

    @cached_property
    def _agencies_apart(self) -> bool:
        names = any("by_agency" in s.tables for s in self.outline.sections)
        return names and len({line.lead_name for line in self.lines}) > MOST_ROWS

    def _by_sector(self) -> Table:
        codes = ("htx_total", "htx_members", "htx_capital")
        shown = [self.by_code[c] for c in codes if c in self.by_code]
        parts = [{label: Decimal(v) for label, v in f.parts if v != "None"} for f in shown]
        labels = list(dict.fromkeys(label for found in parts for label in found))
        rows: list[Any] = [
            [n, label, *(found.get(label) for found in parts)]
            for n, label in enumerate(labels, start=1)
        ]
        rows.append(Row(["", "Tổng cộng", *(f.value for f in shown)], bold=True))
        return Table(
            [Column("TT", "center"), Column("Lĩnh vực"),
             *(Column(_with_unit(f), "number", decimals=f.places) for f in shown)],
            rows, title=f"Hợp tác xã theo lĩnh vực, đến ngày {self.facts['den_ngay']}",
        )  # fmt: skip

    def _standings_by(self, name: str, title: str = "") -> Table:
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for line in self.lines:
            found[getattr(line, name)][line.standing] += 1
        keys = list(found)
        if name == "lead_name":
            keys.sort(key=lambda k: (-found[k][Standing.LATE], k))
        first = "Mục" if name == "section" else "Cơ quan chủ trì"
        empty = "Khác" if name == "section" else "Chưa giao"
        totals = counts(self.lines)
        rows: list[Any] = [
            [n, key or empty, sum(found[key].values()), *(found[key][s] for s in _SHOWN)]
            for n, key in enumerate(keys, start=1)
        ]
        rows.append(
            Row(["", "Tổng cộng", len(self.lines), *(totals[s] for s in _SHOWN)], bold=True)
        )
        return Table(
            [Column("TT", "center"), Column(first), Column("Tổng số", "number"),
             *(Column(_HEADS[s], "number", group=_group(s)) for s in _SHOWN)],
            rows, title=title, unit="nhiệm vụ",
        )  # fmt: skip

    def _tasks(self, standing: Standing) -> list[Block]:
        rows = [line for line in self.lines if line.standing == standing]
        if not rows:
            return []
        table = Table(
            [Column("TT", "center", 5), Column("Nhiệm vụ", width=38), Column("Cơ quan chủ trì", width=20),
             Column("Thời hạn", "center", 14), Column("Kết quả", width=23)],
            [[n, [Run(f"{x.number} {x.title}", href=reverse("tasks:task", args=[x.task_id]))], x.lead_name,
              x.due_on, x.result or f"Tiến độ {x.percent}%"] for n, x in enumerate(rows[:MOST_TASKS], start=1)],
            title=f"{_TITLES[standing]} ({len(rows)})",
        )  # fmt: skip
        found: list[Block] = [table]
        if len(rows) > MOST_TASKS:
            address = f"{reverse('reports:tasks', args=[self.report.pk])}?standing={standing.value}"
            rest = written(Decimal(len(rows) - MOST_TASKS))
            found.append(
                Paragraph(["Ngoài ra còn ", Run(f"{rest} nhiệm vụ", href=address), " khác."])
            )
        return found


def facts_of(report: Report) -> dict[str, str]:
    """Return what the sentences of a report may say besides figures, in Vietnamese."""
    words = period_of(report.kind, report.year, report.part, report.ends_on).words
    province = (
        AdminUnit.objects.filter(code=report.province_code, level="province", valid__contains=report.as_of)
        .order_by("pk").first()
    )  # fmt: skip
    with translation.override("vi"):
        document = report.directive.name if report.directive else ""
        in_full = ""
        if report.directive:
            plan = report.directive
            in_full = (
                f"{plan.name} của {plan.issuer_name} {plan.title}" if plan.symbol else document
            )
        kind = str(Kind(report.kind).label)
    if report.kind in {Kind.PRELIMINARY, Kind.FINAL}:
        kind = "Sơ kết" if report.kind == Kind.PRELIMINARY else "Tổng kết"
    return {
        "ky": words, "loai": kind, "den_ngay": f"{report.as_of:%d/%m/%Y}",
        "moc_so": f"{report.begins_on - timedelta(days=1):%d/%m/%Y}",
        "tinh": province.full_name if province else "tỉnh", "noi": province.name if province else "",
        "van_ban": document, "van_ban_day_du": in_full,
    }  # fmt: skip


def _with_unit(figure: Figure) -> str:
    """Return a figure's name with its unit, where the name does not say it already."""
    is_said = figure.unit.casefold() in figure.name.casefold()
    return figure.name if is_said else f"{figure.name} ({figure.unit})"


def _group(standing: Standing) -> str:
    return "Đã hoàn thành" if standing in {Standing.DONE, Standing.DONE_LATE} else ""


def _runs(filled: Filled) -> list[str | Run]:
    return [Run(p.text, href=p.href) if p.href else p.text for p in filled.pieces]


def _prose(text: str) -> list[Block]:
    """Return entered prose: a paragraph a line, lines that begin with a dash as a list."""
    found: list[Block] = []
    items: list[str] = []
    for line in [*(x.strip() for x in text.splitlines()), ""]:
        if line[:2] in {"- ", "– ", "+ "}:
            items.append(line[2:].strip())
            continue
        if items:
            found.append(Bullets(tuple(items)))
            items = []
        if line:
            found.append(Paragraph(line))
    return found


def sums_that_differ(figures: Iterable[Figure]) -> list[Figure]:
    """Return the figures whose parts by sector do not add up to them: such a table is not signed."""
    found = []
    for figure in figures:
        known = [Decimal(v) for _label, v in figure.parts if v != "None"]
        if known and figure.value is not None and abs(sum(known) - figure.value) > Decimal("0.01"):
            found.append(figure)
    return found
