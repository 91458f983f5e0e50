"""What the guard says of an uploaded file: limits, refusals, notes, in English and Vietnamese."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The sizes above which an upload is refused; by default a list of 200,000 rows is taken."""

    file_bytes: int = 60 * MEGABYTE
    xls_bytes: int = 30 * MEGABYTE
    csv_bytes: int = 60 * MEGABYTE
    parts: int = 2000
    inflated_bytes: int = 320 * MEGABYTE
    small_part_bytes: int = 16 * MEGABYTE
    sheets: int = 250
    rows: int = 200_000
    columns: int = 400
    cells: int = 4_000_000
    area: int = 12_000_000
    strings: int = 3_000_000
    merges: int = 100_000
    marked_cells: int = 300_000
    cell_text: int = 32_767
    memory_bytes: int = 1200 * MEGABYTE
    cpu_seconds: int = 25
    seconds: int = 40


DEFAULT_LIMITS = Limits()

_SAVE_AS = (
    "Open it in Excel, choose Save As and pick .xlsx.",
    "Mở bằng Excel, chọn Lưu dưới dạng (Save As) và chọn loại .xlsx.",
)

# code: (English, Vietnamese); both are completed with the detail of the refusal.
_REFUSALS: dict[str, tuple[str, str]] = {
    "file_empty": ("The file is empty.", "Tệp rỗng, không có nội dung."),
    "file_too_big": (
        "The file is {size} MB; at most {limit} MB are taken. Split it by district or year.",
        "Tệp nặng {size} MB, chỉ nhận tối đa {limit} MB. Hãy tách theo huyện hoặc theo năm.",
    ),
    "file_truncated": (
        "The file is cut off: its end is missing. Copy or download it again, then upload it.",
        "Tệp bị cụt, thiếu phần cuối. Hãy chép hoặc tải lại tệp gốc rồi gửi lên.",
    ),
    "file_damaged": (
        "The file is damaged ({part}). Open it in Excel, let Excel repair it and save it again.",
        "Tệp bị hỏng ({part}). Mở bằng Excel, để Excel sửa rồi lưu lại thành tệp mới.",
    ),
    "not_a_workbook": (
        "This is not a workbook. Send .xlsx, .xlsm, .xls or .csv.",
        "Đây không phải là bảng tính. Chỉ nhận .xlsx, .xlsm, .xls hoặc .csv.",
    ),
    "format_not_taken": (
        "This is {kind}, which is not taken. " + _SAVE_AS[0],
        "Đây là {kind}, không nhận trực tiếp. " + _SAVE_AS[1],
    ),
    "format_misnamed": (
        "The name says {extension}, but it holds {kind}. " + _SAVE_AS[0],
        "Tên tệp là {extension} nhưng bên trong là {kind}. " + _SAVE_AS[1],
    ),
    "encrypted": (
        "The workbook is protected by a password. Remove the password in Excel and save it again.",
        "Bảng tính có đặt mật khẩu. Gỡ mật khẩu trong Excel (Tệp > Thông tin > Bảo vệ) rồi lưu "
        "lại.",
    ),
    "inflates_too_big": (
        "Unpacked, the file would take {size} MB; at most {limit} MB are taken.",
        "Khi giải nén tệp chiếm {size} MB, chỉ nhận tối đa {limit} MB.",
    ),
    "blank_rows": (
        "Sheet “{sheet}” has a great many blank rows (more than {rows}). Select the blank rows "
        "below the "
        "data, delete them, save and upload again.",
        "Trang “{sheet}” có quá nhiều dòng trống (hơn {rows} dòng). Chọn các dòng trống bên dưới "
        "dữ "
        "liệu, xóa dòng, lưu lại rồi gửi lên.",
    ),
    "size_false": (
        "The file says that “{part}” is smaller than it is. It was not made by Excel; it is "
        "refused.",
        "Tệp khai sai kích thước của phần “{part}”. Tệp này không do Excel tạo ra nên bị từ chối.",
    ),
    "too_many_parts": (
        "The file holds {count} parts; at most {limit} are taken.",
        "Tệp gồm {count} thành phần, chỉ nhận tối đa {limit}.",
    ),
    "part_name": (
        "The file holds a part with a forbidden or repeated name (“{part}”). It is refused.",
        "Tệp chứa thành phần có tên không hợp lệ hoặc bị trùng (“{part}”) nên bị từ chối.",
    ),
    "part_missing": (
        "The workbook lacks a part that it names (“{part}”). Open it in Excel and save it again.",
        "Bảng tính thiếu thành phần “{part}”. Mở bằng Excel và lưu lại.",
    ),
    "parts_tangled": (
        "The parts of the workbook point at each other wrongly (“{part}”). It is refused.",
        "Các thành phần của bảng tính liên kết sai với nhau (“{part}”) nên bị từ chối.",
    ),
    "document_type": (
        "Part “{part}” declares a document type or entities, which Excel never does. It is "
        "refused.",
        "Thành phần “{part}” có khai báo DTD hoặc thực thể (entity) mà Excel không bao giờ dùng. "
        "Tệp bị từ chối.",
    ),
    "encoding": (
        "The text of “{part}” is not in the encoding it should be in. " + _SAVE_AS[0],
        "Chữ trong “{part}” không đúng bảng mã. " + _SAVE_AS[1],
    ),
    "bad_character": (
        "“{part}” holds a forbidden character (NUL or half a character). " + _SAVE_AS[0],
        "“{part}” có ký tự không được phép (NUL hoặc nửa ký tự). " + _SAVE_AS[1],
    ),
    "giant_text": (
        "“{part}” holds a single text of more than {limit} characters. Shorten it.",
        "“{part}” có một ô chứa hơn {limit} ký tự. Hãy rút ngắn nội dung ô.",
    ),
    "too_many_strings": (
        "The workbook has, or claims, {count} texts; at most {limit} are taken.",
        "Bảng tính có (hoặc khai) {count} chuỗi chữ, chỉ nhận tối đa {limit}.",
    ),
    "too_many_sheets": (
        "The workbook has {count} sheets; at most {limit} are taken.",
        "Bảng tính có {count} trang, chỉ nhận tối đa {limit}.",
    ),
    "too_many_rows": (
        "Sheet “{sheet}” has data down to row {row}; at most {limit} rows are taken. Split the "
        "list, or "
        "delete what stands far below it.",
        "Trang “{sheet}” có dữ liệu đến dòng {row}, chỉ nhận tối đa {limit} dòng. Hãy tách danh "
        "sách "
        "hoặc xóa nội dung lạc ở phía dưới.",
    ),
    "too_many_columns": (
        "Sheet “{sheet}” has data in column {column} (row {row}); at most {limit} columns are "
        "taken. "
        "Delete what stands far to the right.",
        "Trang “{sheet}” có dữ liệu ở cột {column} (dòng {row}), chỉ nhận tối đa {limit} cột. Hãy "
        "xóa "
        "nội dung ở phía bên phải.",
    ),
    "too_many_cells": (
        "Sheet “{sheet}” has more than {limit} cells. Split the list by district or year.",
        "Trang “{sheet}” có hơn {limit} ô. Hãy tách danh sách theo huyện hoặc theo năm.",
    ),
    "bad_reference": (
        "Sheet “{sheet}” names a cell that cannot exist (“{cell}”).",
        "Trang “{sheet}” có địa chỉ ô không tồn tại (“{cell}”).",
    ),
    "giant_merge": (
        "Sheet “{sheet}” merges the cells {cell}, which is nearly the whole sheet. Unmerge them.",
        "Trang “{sheet}” gộp vùng ô {cell}, gần như cả trang. Hãy bỏ gộp ô.",
    ),
    "too_many_merges": (
        "Sheet “{sheet}” has more than {limit} merged ranges.",
        "Trang “{sheet}” có hơn {limit} vùng ô gộp.",
    ),
    "too_many_formulas": (
        "Sheet “{sheet}” has more than {limit} formulas. Copy the sheet and paste it as values.",
        "Trang “{sheet}” có hơn {limit} công thức. Hãy chép cả trang rồi dán dưới dạng giá trị.",
    ),
    "no_sheet": ("The workbook has no sheet.", "Bảng tính không có trang nào."),
    "no_list": (
        "No rows of such a list were found (sheets looked at: {sheets}). Check that you said rightly what "
        "the file holds, and that the list has a heading row that names its columns.",
        "Không tìm thấy dòng nào của loại danh sách này (các trang đã xem: {sheets}). Hãy xem lại đã chọn "
        "đúng loại tệp chưa, và danh sách có dòng tiêu đề gọi tên các cột không.",
    ),
    "unreadable": (
        "The workbook cannot be read ({reason}). " + _SAVE_AS[0],
        "Không đọc được bảng tính ({reason}). " + _SAVE_AS[1],
    ),
    "reader_stopped": (
        "Reading the workbook needed too much memory or time and was stopped. Split it, or delete "
        "blank "
        "rows, columns and pictures, then save it again.",
        "Việc đọc bảng tính tốn quá nhiều bộ nhớ hoặc thời gian nên đã dừng. Hãy tách tệp, hoặc "
        "xóa "
        "dòng, cột trống và hình ảnh rồi lưu lại.",
    ),
    "reader_lost": (
        "Reading the workbook was broken off because the machine is too busy or short of memory. The file "
        "may well be in order: try again in a while.",
        "Việc đọc bảng tính bị ngắt giữa chừng vì máy đang quá bận hoặc thiếu bộ nhớ. Tệp có thể vẫn "
        "bình thường: hãy thử lại sau ít phút.",
    ),
    "text_not_table": (
        "The text file has one long line or no separators; it is no table.",
        "Tệp văn bản này không phải dạng bảng (không tìm thấy dấu phân cách cột).",
    ),
}

_NO_TABLES = {"pdf", "image", "word", "powerpoint", "rtf", "archive", "ole"}
_NO_TABLE = (
    "This is {kind}, not a workbook. Ask the sender for the Excel file (.xlsx) it was made from.",
    "Đây là {kind}, không phải bảng tính. Đề nghị nơi gửi cung cấp tệp Excel (.xlsx) gốc.",
)

_NOTES: dict[str, tuple[str, str]] = {
    "macros_ignored": (
        "The workbook holds macros. They were not run and are not kept.",
        "Bảng tính có macro. Hệ thống không chạy và không lưu macro.",
    ),
    "links_ignored": (
        "The workbook links to other files or data sources. The links were not followed: only the "
        "values "
        "stored in the cells were read.",
        "Bảng tính có liên kết tới tệp hoặc nguồn dữ liệu khác. Hệ thống không mở liên kết, chỉ "
        "đọc giá "
        "trị đang lưu trong ô.",
    ),
    "embedded_ignored": (
        "The workbook holds embedded objects or controls. They were ignored.",
        "Bảng tính có đối tượng nhúng hoặc nút điều khiển. Hệ thống bỏ qua các đối tượng này.",
    ),
    "format_by_content": (
        "The name says {extension}, but it is {kind}; it was read as such.",
        "Tên tệp là {extension} nhưng bên trong là {kind}; đã đọc theo nội dung thật.",
    ),
    "encoding_guessed": (
        "The text was read as {encoding}. Check the Vietnamese letters.",
        "Tệp được đọc theo bảng mã {encoding}. Hãy kiểm tra chữ tiếng Việt.",
    ),
    "blank_rows_ignored": (
        "Sheet “{sheet}” has {rows} blank rows; they were ignored.",
        "Trang “{sheet}” có {rows} dòng trống; đã bỏ qua.",
    ),
    "sheet_hidden": (
        "Sheet “{sheet}” is hidden in Excel.",
        "Trang “{sheet}” đang bị ẩn trong Excel.",
    ),
}

KINDS: dict[str, tuple[str, str]] = {
    "xlsb": ("a binary workbook (.xlsb)", "bảng tính nhị phân (.xlsb)"),
    "ods": ("an OpenDocument spreadsheet (.ods)", "bảng tính OpenDocument (.ods)"),
    "pdf": ("a PDF", "tệp PDF"),
    "html": ("a web page (HTML)", "trang web (HTML)"),
    "xml": ("an XML file", "tệp XML"),
    "rtf": ("a text document (RTF)", "văn bản RTF"),
    "word": ("a Word document", "văn bản Word"),
    "powerpoint": ("a PowerPoint presentation", "bài trình chiếu PowerPoint"),
    "ole": ("an old Office file that is not a workbook", "tệp Office cũ không phải bảng tính"),
    "image": ("a picture", "hình ảnh"),
    "archive": ("an archive", "tệp nén"),
    "text": ("plain text", "văn bản thường (CSV)"),
    "xls": ("an old workbook (.xls)", "bảng tính Excel cũ (.xls)"),
    "xlsx": ("a workbook (.xlsx)", "bảng tính (.xlsx)"),
}


class BadWorkbook(Exception):
    """The file is refused. ``message_vi`` and ``message_en`` tell the officer why and what to do.

    ``detail`` holds what the sentence is made of: sheet, row, column, cell, part, size, limit.
    """

    def __init__(
        self, code: str, message_en: str, message_vi: str, detail: dict[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {message_en}")
        self.code = code
        self.message_en = message_en
        self.message_vi = message_vi
        self.detail = detail or {}


@dataclass(frozen=True)
class Note:
    """Something the officer should know of a file that was taken all the same."""

    code: str
    message_en: str
    message_vi: str
    detail: dict[str, Any] = field(default_factory=dict)


def refusal(code: str, **detail: Any) -> BadWorkbook:
    """Return the refusal of this code, its sentences completed with the detail."""
    english, vietnamese = _REFUSALS[code]
    if code == "format_not_taken" and detail.get("kind") in _NO_TABLES:
        english, vietnamese = _NO_TABLE
    return BadWorkbook(
        code, english.format(**_words(detail, 0)), vietnamese.format(**_words(detail, 1)), detail
    )


def note(code: str, **detail: Any) -> Note:
    """Return the note of this code, its sentences completed with the detail."""
    english, vietnamese = _NOTES[code]
    return Note(
        code, english.format(**_words(detail, 0)), vietnamese.format(**_words(detail, 1)), detail
    )


def megabytes(size: int) -> int:
    """Return a size in whole megabytes, at least 1, for a sentence."""
    return max(1, round(size / MEGABYTE))


def _words(detail: dict[str, Any], language: int) -> dict[str, Any]:
    """Return the detail as words of a sentence: English (0) or Vietnamese (1)."""
    words = dict(detail)
    if words.get("kind") in KINDS:
        words["kind"] = KINDS[words["kind"]][language]
    if "row" in words and "part" not in words:
        words["part"] = ("line {}", "dòng {}")[language].format(words["row"])
    return {key: _plain(value) for key, value in words.items()}


def _plain(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else text[:77] + "..."
