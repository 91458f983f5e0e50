"""Styles, lists and settings of the Word file, from the format's values."""

from __future__ import annotations

from collections.abc import Mapping

from hoptac.foundation.documents.formats import Format
from hoptac.foundation.documents.official.docx.markup import quoted, twips
from hoptac.foundation.documents.official.docx.package import NAMESPACES
from hoptac.foundation.documents.official.structure import Level

_CENTRED: set[Level] = {"part", "chapter", "section"}


def _paragraphs(
    *, keep: bool = False, before: float = 0, after: float = 0, line: int = 240, indent: str = "",
    align: str = "left", outline: int | None = None, extra: str = "",
) -> str:  # fmt: skip
    return (
        f"<w:pPr>{'<w:keepNext/><w:keepLines/>' if keep else ''}{extra}"
        f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}" w:line="{line}" '
        f'w:lineRule="auto"/>{indent}<w:jc w:val="{align}"/>'
        f'{"" if outline is None else f"""<w:outlineLvl w:val="{outline}"/>"""}</w:pPr>'
    )


def _letters(
    size: int, *, bold: bool = False, italic: bool = False, underline: bool = False
) -> str:
    return (
        f"<w:rPr>{'<w:b/><w:bCs/>' if bold else ''}{'<w:i/><w:iCs/>' if italic else ''}"
        f'<w:sz w:val="{size * 2}"/><w:szCs w:val="{size * 2}"/>'
        f'{"""<w:u w:val="single"/>""" if underline else ""}</w:rPr>'
    )


def _style(
    code: str, name: str, paragraphs: str = "", letters: str = "", *, based_on: str = "Normal",
    following: str = "", kind: str = "paragraph", own: bool = False,
) -> str:  # fmt: skip
    return (
        f'<w:style w:type="{kind}"{" w:customStyle=" + chr(34) + "1" + chr(34) if own else ""} '
        f'w:styleId="{code}"><w:name w:val="{quoted(name)}"/>'
        f"{f'''<w:basedOn w:val={chr(34)}{based_on}{chr(34)}/>''' if based_on else ''}"
        f"{f'''<w:next w:val={chr(34)}{following}{chr(34)}/>''' if following else ''}"
        f"<w:qFormat/>{paragraphs}{letters}</w:style>"
    )


def styles(fmt: Format, depths: Mapping[Level, int]) -> str:
    """Return styles.xml: the built-in ones that Word's own functions work with, and the format's parts."""
    first = f'<w:ind w:firstLine="{twips(fmt.first_line_tenth_mm / 10)}"/>'
    line = round(240 * fmt.line_spacing_percent / 100)
    gap = fmt.paragraph_space_pt
    body = _paragraphs(before=gap, line=line, indent=first, align="both")
    normal = _style("Normal", "Normal", based_on="")
    found = [_defaults(fmt), normal.replace("<w:style ", '<w:style w:default="1" ', 1)]
    found += [
        _style("BodyText", "Body Text", body),
        _style("Basis", "Căn cứ", body, _letters(fmt.body_size, italic=fmt.basis_style == "italic"), own=True),
        _style("ListBullet", "List Bullet", _listed(1, body), based_on="BodyText"),
        _style("ListBullet2", "List Bullet 2", _listed(2, body), based_on="BodyText"),
        _style(
            "Title", "Title", _paragraphs(keep=True, before=12, align="center"),
            _letters(fmt.kind_size, bold=True), following="Subtitle",
        ),
        _style(
            "Subtitle", "Subtitle",
            _paragraphs(keep=True, align="center", indent=f'<w:ind w:left="{twips(8)}" w:right="{twips(8)}"/>'),
            _letters(fmt.about_size, bold=True), following="BodyText",
        ),
    ]  # fmt: skip
    for level, depth in depths.items():
        centred = level in _CENTRED
        found.append(_style(
            f"Heading{depth}", f"heading {depth}",
            _paragraphs(
                keep=True, before=gap, line=line, indent="" if centred else first,
                align="center" if centred else "both", outline=depth - 1,
            ),
            _letters(fmt.body_size, bold=level != "letter", italic=level in {"decimal", "letter"}),
            following="BodyText",
        ))  # fmt: skip
    style = fmt.receivers_title_style
    tight = _paragraphs(align="center")
    found += [
        _style("Parent", "Tên cơ quan cấp trên", tight, _letters(fmt.parent_size), own=True),
        _style("Issuer", "Tên cơ quan ban hành", tight, _letters(fmt.issuer_size, bold=True), own=True),
        _style("Nation", "Quốc hiệu", tight, _letters(fmt.nation_size, bold=True), own=True),
        _style("Motto", "Tiêu ngữ", tight, _letters(fmt.motto_size, bold=True), own=True),
        _style("Number", "Số, ký hiệu", _paragraphs(before=6, align="center"), _letters(fmt.number_size), own=True),
        _style(
            "PlaceDay", "Địa danh, thời gian", _paragraphs(before=6, align="center"),
            _letters(fmt.place_size, italic=True), own=True,
        ),
        _style(
            "LetterAbout", "Trích yếu công văn", _paragraphs(before=3, align="center"),
            _letters(fmt.letter_about_size, italic=fmt.letter_about_style == "italic"), own=True,
        ),
        _style(
            "Draft", "Dự thảo", _paragraphs(before=4, align="center"),
            _letters(fmt.number_size, bold=True), own=True,
        ),
        _style("Addressee", "Kính gửi", _paragraphs(before=3), own=True),
        _style("FieldLine", "Dòng điền", _paragraphs(before=4, line=line, indent=first), own=True),
        _style(
            "ReceiversTitle", "Nơi nhận", _paragraphs(),
            _letters(
                fmt.receivers_title_size, bold=style == "bold_italic", italic=style == "bold_italic",
                underline=style == "underlined",
            ), own=True,
        ),
        _style("Receivers", "Danh sách nơi nhận", _paragraphs(), _letters(fmt.receivers_size), own=True),
        _style("Authority", "Quyền hạn, chức vụ", tight, _letters(fmt.authority_size, bold=True), own=True),
        _style("Post", "Chức vụ", tight, _letters(fmt.authority_size), own=True),
        _style("SignNote", "Ghi chú chữ ký", tight, _letters(12, italic=True), own=True),
        _style("Signer", "Họ tên người ký", tight, _letters(fmt.signer_size, bold=True), own=True),
        _style(
            "AnnexTitle", "Phụ lục", _paragraphs(keep=True, align="center", outline=0),
            _letters(fmt.annex_size, bold=True), following="BodyText", own=True,
        ),
        _style("AnnexReference", "Kèm theo văn bản", _paragraphs(before=3, after=12, align="center"),
               _letters(fmt.body_size, italic=True), own=True),
        _style("Caption", "caption", _paragraphs(keep=True, before=8, after=4, align="center"),
               _letters(fmt.body_size, bold=True), following="BodyText"),
        _style("TableUnit", "Đơn vị tính", _paragraphs(keep=True, before=4, after=3, align="right"),
               _letters(fmt.table_size, italic=True), own=True),
        _style("TableText", "Chữ trong bảng", _paragraphs(before=2, after=2), _letters(fmt.table_size), own=True),
        _style("TableNote", "Ghi chú bảng", _paragraphs(before=3), _letters(fmt.table_size, italic=True), own=True),
        _style("Header", "header", tight, _letters(fmt.page_number_size)),
        _style("FootnoteText", "footnote text", _paragraphs(align="both"), _letters(fmt.note_size)),
        _style("FootnoteReference", "footnote reference",
               letters='<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>', based_on="", kind="character"),
        # A link stays black: it is read on paper too.
        _style("Hyperlink", "Hyperlink", letters='<w:rPr><w:color w:val="000000"/></w:rPr>', based_on="",
               kind="character"),
        _tables(),
    ]  # fmt: skip
    return f"<w:styles {NAMESPACES}>{''.join(found)}</w:styles>"


def _defaults(fmt: Format) -> str:
    font = quoted(fmt.font)
    size = fmt.body_size * 2
    return (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{font}" w:hAnsi="{font}" '
        f'w:eastAsia="{font}" w:cs="{font}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        '<w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        '<w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
    )


def _listed(number: int, body: str) -> str:
    return body.replace("<w:pPr>", f'<w:pPr><w:numPr><w:numId w:val="{number}"/></w:numPr>', 1)


def _tables() -> str:
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    margins = '<w:left w:w="85" w:type="dxa"/><w:right w:w="85" w:type="dxa"/>'
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
        '<w:style w:type="table" w:styleId="TableGrid"><w:name w:val="Table Grid"/>'
        f'<w:basedOn w:val="TableNormal"/><w:tblPr><w:tblBorders>{edges}</w:tblBorders>'
        f"<w:tblCellMar>{margins}</w:tblCellMar></w:tblPr></w:style>"
    )


def numbering(fmt: Format) -> str:
    """Return numbering.xml: lists with a dash and with a plus, first lines as those of paragraphs."""
    first = twips(fmt.first_line_tenth_mm / 10)
    kinds = "".join(
        f'<w:abstractNum w:abstractNumId="{at}"><w:multiLevelType w:val="singleLevel"/>'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:suff w:val="space"/>'
        f'<w:lvlText w:val="{sign}"/><w:lvlJc w:val="left"/>'
        f'<w:pPr><w:ind w:left="0" w:firstLine="{first}"/></w:pPr></w:lvl></w:abstractNum>'
        for at, sign in ((1, "-"), (2, "+"))
    )
    used = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in (1, 2))
    return f"<w:numbering {NAMESPACES}>{kinds}{used}</w:numbering>"


def settings() -> str:
    """Return settings.xml: Word of 2013 or later, Vietnamese, signs of numbers as Vietnam writes them."""
    return (
        f'<w:settings {NAMESPACES}><w:zoom w:percent="100"/><w:defaultTabStop w:val="720"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" '
        'w:uri="http://schemas.microsoft.com/office/word" w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="vi-VN"/><w:decimalSymbol w:val=","/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )
