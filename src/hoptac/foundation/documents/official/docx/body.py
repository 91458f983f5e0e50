"""The text of the Word file: head, blocks, end and annexes of a sheet as WordprocessingML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hoptac.foundation.documents.official.docx.markup import (
    paragraph,
    plain_table,
    quoted,
    rule,
    run,
    run_properties,
    spacer,
    twips,
)
from hoptac.foundation.documents.official.docx.package import NAMESPACES
from hoptac.foundation.documents.official.metrics import width_mm
from hoptac.foundation.documents.official.sheet import ADDRESSED_MM, PAGE_MM, Sheet
from hoptac.foundation.documents.official.widths import GUTTER_MM

# Room for a hand and a seal above the name, in twentieths of a point.
_SIGNING = 1320
_NO_INDENT = '<w:ind w:firstLine="0"/>'


class Body:
    """Makes the parts; links and footnotes are gathered on the way."""

    def __init__(self, sheet: Sheet, data: dict[str, Any]) -> None:
        self.data = data
        self.format = sheet.format
        self.room = sheet.room(landscape=False)
        self.links: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._notes: list[str] = []
        self._bookmarks: dict[str, str] = {}

    def as_xml(self) -> str:
        """Return document.xml."""
        d = self.data
        signed = bool(d["signatures"])
        # LibreOffice puts a paragraph of full height before a table that begins a document.
        parts = [
            spacer(1),
            self._head(),
            self._name(),
            *self._addressees(),
            *(paragraph(self._words(b), "Basis") for b in d["basis"]),
            *self._blocks(d["blocks"], self.room, ends=signed),
            *self._end(),
        ]
        sections = [False, *(a["landscape"] for a in d["annexes"])]
        for at, annex in enumerate(d["annexes"]):
            parts.append(spacer(1, section=self._section(landscape=sections[at], is_first=at == 0)))
            parts.extend(self._annex(annex))
        parts.append(spacer(1))
        last = self._section(landscape=sections[-1], is_first=len(sections) == 1)
        return f"<w:document {NAMESPACES}><w:body>{''.join(parts)}{last}</w:body></w:document>"

    def header(self) -> str:
        """Return the header: the number of the page in the middle, as a field."""
        field = (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE '
            '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>2</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        )
        return f"<w:hdr {NAMESPACES}>{paragraph(field, 'Header')}</w:hdr>"

    def first_header(self) -> str:
        """Return the header of the first page, which has no number."""
        return f"<w:hdr {NAMESPACES}>{paragraph('', 'Header')}</w:hdr>"

    def footnotes(self) -> str:
        """Return footnotes.xml: the two lines that Word asks for, then the notes."""
        lines = "".join(
            f'<w:footnote w:type="{kind}" w:id="{at}"><w:p><w:r><w:{mark}/></w:r></w:p></w:footnote>'
            for kind, at, mark in (
                ("separator", -1, "separator"),
                ("continuationSeparator", 0, "continuationSeparator"),
            )
        )
        sign = f"<w:r>{run_properties(style='FootnoteReference')}<w:footnoteRef/></w:r>"
        notes = "".join(
            f'<w:footnote w:id="{at}">{paragraph(sign + run(" " + text), "FootnoteText")}</w:footnote>'
            for at, text in enumerate(self._notes, start=1)
        )
        return f"<w:footnotes {NAMESPACES}>{lines}{notes}</w:footnotes>"

    def _section(self, *, landscape: bool, is_first: bool) -> str:
        """Return how the pages of a section lie; the number is missing on the very first page only."""
        fmt = self.format
        top, right, bottom, left = (
            twips(mm)
            for mm in (
                fmt.margin_top_mm, fmt.margin_right_mm, fmt.margin_bottom_mm, fmt.margin_left_mm,
            )
        )  # fmt: skip
        width, height = map(twips, PAGE_MM)
        across = ""
        if landscape:
            # Turned to the left: the bound edge comes to lie at the top.
            width, height, across = height, width, ' w:orient="landscape"'
            top, right, bottom, left = left, top, right, bottom
        first = '<w:headerReference w:type="first" r:id="part_header_first"/>' if is_first else ""
        return (
            f'<w:sectPr><w:headerReference w:type="default" r:id="part_header"/>{first}'
            f'<w:type w:val="nextPage"/><w:pgSz w:w="{width}" w:h="{height}"{across}/>'
            f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" '
            f'w:header="{twips(10)}" w:footer="{twips(10)}" w:gutter="0"/>'
            f"{'<w:titlePg/>' if is_first else ''}</w:sectPr>"
        )

    # --- Texts

    def _words(self, text: Sequence[Any], *, bold: bool = False, size: float | None = None) -> str:
        """Return stretches as runs, with their links, places and notes."""
        return "".join(self._stretch(part, bold=bold, size=size) for part in text)

    def _stretch(self, part: Any, *, bold: bool, size: float | None) -> str:
        if isinstance(part, str):
            return run(part, run_properties(bold=bold, size=size))
        link = "href" in part or "to" in part
        said = run(
            part["t"],
            run_properties(
                style="Hyperlink" if link else "", bold=bold or "b" in part, italic="i" in part,
                underline="u" in part, size=size,
            ),
        )  # fmt: skip
        if "href" in part:
            address = part["href"]
            name = self._names.setdefault(address, f"link_{len(self._names) + 1}")
            self.links[name] = address
            said = f'<w:hyperlink r:id="{name}" w:history="1">{said}</w:hyperlink>'
        elif "to" in part:
            said = f'<w:hyperlink w:anchor="{self._bookmark(part["to"])}" w:history="1">{said}</w:hyperlink>'
        if "place" in part:
            said = self._placed(part["place"], said)
        if "note" in part:
            self._notes.append(part["note"])
            said += (
                f"<w:r>{run_properties(style='FootnoteReference')}"
                f'<w:footnoteReference w:id="{len(self._notes)}"/></w:r>'
            )
        return said

    def _bookmark(self, place: str) -> str:
        """Return Word's name of a place: short and of plain letters, whatever the place is called."""
        return self._bookmarks.setdefault(place, f"place_{len(self._bookmarks) + 1}")

    def _placed(self, place: str, inside: str) -> str:
        if not place:
            return inside
        name = self._bookmark(place)
        number = name.rpartition("_")[2]
        return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{inside}<w:bookmarkEnd w:id="{number}"/>'

    # --- The head

    def _head(self) -> str:
        d, fmt = self.data, self.format
        nation = width_mm(d["nation"], fmt.nation_size, bold=True)
        motto = width_mm(fmt.motto, fmt.motto_size, bold=True)
        right = d["right_width"]
        left = self.room - right - GUTTER_MM
        issuer = [paragraph(run(line), "Parent") for line in d["parent"]]
        issuer += [paragraph(run(line), "Issuer") for line in d["issuer"]]
        if fmt.issuer_mark == "line":
            own = width_mm(d["issuer"][-1], fmt.issuer_size, bold=True) if d["issuer"] else 0
            issuer.append(rule(min(own, left) * 0.4, left))
        else:
            issuer.append(paragraph(run("*"), "Issuer"))
        state = [paragraph(run(d["nation"]), "Nation")]
        if fmt.motto:
            state += [paragraph(run(fmt.motto), "Motto"), rule(min(motto, right), right)]
        else:
            state.append(rule(min(nation, right), right))
        number = [paragraph(run(d["number"]), "Number")]
        if d["letter_about"]:
            number.append(paragraph(run(d["letter_about"]), "LetterAbout"))
        if d["draft"]:
            number.append(paragraph(run(d["draft"]), "Draft"))
        day = paragraph(run(d["place_and_day"]), "PlaceDay")
        rows = [["".join(issuer), "".join(state)], ["".join(number), day]]
        return plain_table([left + GUTTER_MM, right], rows, gutter=GUTTER_MM)

    def _name(self) -> str:
        d, fmt = self.data, self.format
        if not d["kind"]:
            return spacer(12)
        found = paragraph(run(d["kind"]), "Title")
        if not d["about"]:
            return found
        found += paragraph(run(d["about"]), "Subtitle")
        if fmt.about_mark == "dashes":
            return found + paragraph(run("-----"), "Subtitle") + spacer(6)
        longest = max(width_mm(line, fmt.about_size, bold=True) for line in d["about"].split("\n"))
        return found + rule(min(longest, self.room - 16) * 0.4, self.room) + spacer(6)

    def _addressees(self) -> list[str]:
        lines = self.data["addressees"]
        if len(lines) == 1:
            spaced = '<w:spacing w:before="120" w:after="120"/>'
            return [paragraph(run(lines[0]), "Addressee", align="center", spacing=spaced)]
        # The dashes stand below the colon of "Kính gửi:".
        starts = [ADDRESSED_MM, *[ADDRESSED_MM + self.data["dash_mm"]] * len(lines[1:])]
        return [
            paragraph(run(line), "Addressee", indent=f'<w:ind w:left="{twips(at)}"/>')
            for at, line in zip(starts, lines, strict=False)
        ] + ([spacer(6)] if lines else [])

    # --- Blocks

    def _blocks(self, blocks: Sequence[Any], room: float, *, ends: bool = False) -> list[str]:
        return [
            self._block(b, room, last=ends and at == len(blocks) - 1) for at, b in enumerate(blocks)
        ]

    def _block(self, b: dict[str, Any], room: float, *, last: bool) -> str:
        match b["what"]:
            case "heading":
                joint = "\n" if b["level"] in {"part", "chapter", "section"} else " "
                said = joint.join(p for p in (b["number"], b["text"]) if p)
                return paragraph(self._placed(b["place"], run(said)), f"Heading{b['depth']}")
            case "paragraph":
                return paragraph(
                    self._placed(b["place"], self._words(b["text"])), "BodyText",
                    keep=b["keep"] or last, align="" if b["align"] == "justify" else b["align"],
                    indent="" if b["indent"] else _NO_INDENT,
                )  # fmt: skip
            case "item" if b["mark"] in {"-", "+"}:
                style = "ListBullet" if b["mark"] == "-" else "ListBullet2"
                return paragraph(self._words(b["text"]), style, keep=last)
            case "item":
                return paragraph(
                    run(b["mark"] + " ") + self._words(b["text"]), "BodyText", keep=last
                )
            case "fields":
                return "".join(self._field(label, value, room) for label, value in b["rows"])
            case "table":
                return self._table(b, last=last)
            case _:
                return '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'

    def _field(self, label: str, value: Sequence[Any] | None, room: float) -> str:
        if value is not None:
            return paragraph(run(f"{label}: ") + self._words(value), "FieldLine")
        tabs = f'<w:tabs><w:tab w:val="right" w:leader="dot" w:pos="{twips(room)}"/></w:tabs>'
        return paragraph(run(f"{label}: ") + "<w:r><w:tab/></w:r>", "FieldLine", tabs=tabs)

    def _table(self, b: dict[str, Any], *, last: bool) -> str:
        sizes = [twips(w) for w in b["widths"]]
        above = paragraph(run(b["title"]), "Caption") if b["title"] else ""
        above += paragraph(run(b["unit"]), "TableUnit") if b["unit"] else ""
        if not above:
            above = spacer(6, keep=True)
        grid = "".join(f'<w:gridCol w:w="{size}"/>' for size in sizes)
        caption = f'<w:tblCaption w:val="{quoted(b["title"])}"/>' if b["title"] else ""
        heading = "".join(self._heading_rows(b["heading"], sizes))
        rows = [self._row(row, b["align"], sizes) for row in b["rows"]]
        made = (
            f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{sum(sizes)}" w:type="dxa"/>'
            f'<w:tblLayout w:type="fixed"/><w:tblLook w:val="0020" w:firstRow="1"/>{caption}</w:tblPr>'
            f"<w:tblGrid>{grid}</w:tblGrid>{heading}{''.join(rows)}</w:tbl>"
        )
        note = paragraph(self._words(b["note"]), "TableNote") if b["note"] else ""
        return self._placed(b["place"], "") + above + made + note + spacer(6, keep=last)

    def _heading_rows(self, heading: Sequence[Any], sizes: Sequence[int]) -> list[str]:
        """Return the heading's rows, which Word repeats on every page; reaching down is merging."""
        found = []
        open_columns: dict[int, int] = {}
        for row in heading:
            cells, column, waiting = [], 0, iter(row)
            while column < len(sizes):
                if open_columns.get(column):
                    open_columns[column] -= 1
                    cells.append(self._cell("<w:p/>", sizes[column], merge="<w:vMerge/>"))
                    column += 1
                    continue
                cell = next(waiting)
                across, down = cell["across"], cell["down"]
                if down > 1:
                    open_columns[column] = down - 1
                text = run(
                    cell["text"], run_properties(bold=not cell["italic"], italic=cell["italic"])
                )
                cells.append(self._cell(
                    paragraph(text, "TableText", keep=True, align="center"),
                    sum(sizes[column : column + across]), across=across,
                    merge='<w:vMerge w:val="restart"/>' if down > 1 else "",
                ))  # fmt: skip
                column += across
            found.append(
                f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"
            )
        return found

    def _row(self, row: dict[str, Any], aligns: Sequence[str], sizes: Sequence[int]) -> str:
        cells = []
        for at, content in enumerate(row["cells"]):
            inside = self._words(content, bold=row["bold"])
            if at == 0:
                inside = self._placed(row["place"], inside)
            align = "" if aligns[at] == "left" or row["span"] > 1 else aligns[at]
            width = sum(sizes) if row["span"] > 1 else sizes[at]
            made = paragraph(inside, "TableText", align=align)
            cells.append(self._cell(made, width, across=row["span"]))
        whole = "<w:trPr><w:cantSplit/></w:trPr>" if row["whole"] else ""
        return f"<w:tr>{whole}{''.join(cells)}</w:tr>"

    def _cell(self, inside: str, width: int, *, across: int = 1, merge: str = "") -> str:
        span = f'<w:gridSpan w:val="{across}"/>' if across > 1 else ""
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/>'
            f"</w:tcPr>{inside}</w:tc>"
        )

    # --- The end

    def _end(self) -> list[str]:
        d = self.data
        halves = [self.room / 2, self.room / 2]
        signed = [self._signature(s) for s in d["signatures"]]
        receivers = ""
        if d["receivers"]:
            receivers = paragraph(run("Nơi nhận:"), "ReceiversTitle") + "".join(
                paragraph(run(line), "Receivers") for line in d["receivers"]
            )
        if len(signed) > 1:
            pairs = [signed[at : at + 2] for at in range(0, len(signed), 2)]
            rows = [pair if len(pair) == 2 else ["", *pair] for pair in pairs]
            rows = [rows[0], *([spacer(16) + c if c else c for c in row] for row in rows[1:])]
            return [spacer(14, keep=True), plain_table(halves, rows), spacer(10), receivers]
        if not signed and not receivers:
            return []
        return [spacer(14, keep=True), plain_table(halves, [[receivers, "".join(signed)]])]

    def _signature(self, who: dict[str, Any]) -> str:
        found = "".join(paragraph(run(line), "Authority") for line in who["powers"])
        if who["post"]:
            found += paragraph(run(who["post"]), "Post")
        if who["note"]:
            found += paragraph(run(who["note"]), "SignNote")
        room = _SIGNING
        if who["mark"]:
            room //= 2
            spaced = f'<w:spacing w:before="{room}"/>'
            found += paragraph(run(who["mark"]), "SignNote", spacing=spaced)
        return found + paragraph(
            run(who["name"]), "Signer", spacing=f'<w:spacing w:before="{room}"/>'
        )

    def _annex(self, annex: dict[str, Any]) -> list[str]:
        room = PAGE_MM[1] - self.format.margin_top_mm - self.format.margin_bottom_mm
        title = run(f"{annex['number']}\n{annex['title']}")
        found = [paragraph(self._placed(annex["place"], title), "AnnexTitle")]
        if annex["reference"]:
            found.append(paragraph(run(annex["reference"]), "AnnexReference"))
        return found + self._blocks(annex["blocks"], room if annex["landscape"] else self.room)
