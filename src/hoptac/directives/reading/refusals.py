"""What is said of a file that is not read, or read with a reservation: in English and Vietnamese."""

from __future__ import annotations

from typing import Any

from hoptac.directives.reading.result import Remark

_ASK = (
    "Save it as .docx, or as a PDF with text, and send that.",
    "Hãy lưu thành .docx hoặc PDF có chữ rồi gửi lại.",
)

_REFUSALS: dict[str, tuple[str, str]] = {
    "file_empty": ("The file is empty.", "Tệp rỗng, không có nội dung."),
    "file_too_big": (
        "The file is {size} MB; at most {limit} MB are taken. Leave out pictures, or send the annexes apart.",
        "Tệp nặng {size} MB, chỉ nhận tối đa {limit} MB. Hãy bỏ hình ảnh hoặc gửi riêng phụ lục.",
    ),
    "file_damaged": (
        "The file is damaged. Open it in the program it was made with, save it again and send that.",
        "Tệp bị hỏng. Hãy mở bằng chương trình đã tạo ra tệp, lưu lại rồi gửi tệp mới.",
    ),
    "encrypted": (
        "The file is protected by a password. Remove the password and send it again.",
        "Tệp có đặt mật khẩu. Hãy gỡ mật khẩu rồi gửi lại.",
    ),
    "scanned": (
        "The PDF holds pictures of pages ({pages}) and no text: it was scanned. Send the electronic original (.docx, or "
        "the signed PDF made from it), or have the scan's text recognised first.",
        "Tệp PDF chỉ có ảnh chụp ({pages} trang), không có chữ: đây là bản quét. Hãy gửi bản điện tử gốc (.docx "
        "hoặc PDF ký số xuất từ văn bản gốc), hoặc nhận dạng chữ (OCR) trước khi gửi.",
    ),
    "no_text_docx": (
        "The document holds no text; it may hold pictures of pages. Send the original.",
        "Văn bản Word không có chữ, có thể chỉ chứa ảnh chụp các trang. Hãy gửi bản gốc.",
    ),
    "old_word": (
        "This is a Word document of the old kind (.doc). " + _ASK[0],
        "Đây là văn bản Word đời cũ (.doc). " + _ASK[1],
    ),
    "ole": ("This is an old Office file. " + _ASK[0], "Đây là tệp Office đời cũ. " + _ASK[1]),
    "kind_rtf": ("This is an RTF file. " + _ASK[0], "Đây là tệp RTF. " + _ASK[1]),
    "kind_odt": ("This is an OpenDocument file. " + _ASK[0], "Đây là tệp OpenDocument. " + _ASK[1]),
    "kind_html": ("This is a web page. " + _ASK[0], "Đây là trang web (HTML). " + _ASK[1]),
    "kind_image": (
        "This is a picture. Send the electronic original (.docx or PDF with text).",
        "Đây là hình ảnh. Hãy gửi bản điện tử gốc (.docx hoặc PDF có chữ).",
    ),
    "kind_archive": (
        "This is an archive of files. Unpack it and send the document itself.",
        "Đây là tệp nén. Hãy giải nén và gửi chính văn bản.",
    ),
    "kind_workbook": (
        "This is a workbook (.xlsx), not a document. " + _ASK[0],
        "Đây là bảng tính (.xlsx), không phải văn bản. " + _ASK[1],
    ),
    "not_text": (
        "This is neither a text, a Word document (.docx) nor a PDF.",
        "Đây không phải tệp văn bản thuần (.txt), Word (.docx) hay PDF.",
    ),
    "encoding": (
        "The text is broken in its encoding. Save it as UTF-8 and send it again.",
        "Tệp văn bản bị lỗi bảng mã. Hãy lưu lại theo bảng mã UTF-8 rồi gửi.",
    ),
    "inflates_too_big": (
        "Unpacked, the file would be far bigger than a document is. It is refused.",
        "Khi giải nén, tệp lớn bất thường so với một văn bản nên bị từ chối.",
    ),
    "too_many_parts": (
        "The file holds too many or repeated parts. It is refused.",
        "Tệp chứa quá nhiều thành phần hoặc thành phần trùng tên nên bị từ chối.",
    ),
    "part_missing": (
        "The document lacks a part that every Word document has. Open it in Word and save it again.",
        "Tệp thiếu thành phần bắt buộc của văn bản Word. Hãy mở bằng Word và lưu lại.",
    ),
    "document_type": (
        "The file declares a document type or entities, which Word never does. It is refused.",
        "Tệp có khai báo DTD hoặc thực thể (entity) mà Word không bao giờ dùng nên bị từ chối.",
    ),
    "reader_stopped": (
        "Reading the file needed too much memory or time and was stopped. Leave out pictures or split it.",
        "Việc đọc tệp tốn quá nhiều bộ nhớ hoặc thời gian nên đã dừng. Hãy bỏ hình ảnh hoặc tách tệp.",
    ),
    "reader_lost": (
        "Reading was broken off because the machine is too busy. The file may be in order: try again in a while.",
        "Việc đọc tệp bị ngắt vì máy đang quá bận. Tệp có thể vẫn bình thường: hãy thử lại sau ít phút.",
    ),
}

_REMARKS: dict[str, tuple[str, str]] = {
    "old_font": (
        "The text was typed in a font of {font}; it was turned into Unicode. Check the Vietnamese letters.",
        "Văn bản gõ bằng phông {font}, đã chuyển sang Unicode. Hãy kiểm tra lại chữ tiếng Việt.",
    ),
    "encoding_guessed": (
        "The text was read as {encoding}. Check the Vietnamese letters.",
        "Tệp được đọc theo bảng mã {encoding}. Hãy kiểm tra chữ tiếng Việt.",
    ),
    "pages_without_text": (
        "{count} of {pages} pages hold no text (pictures or scans); what stands there was not read.",
        "{count} trong {pages} trang không có chữ (ảnh hoặc bản quét); nội dung các trang đó không đọc được.",
    ),
}


class BadDocument(Exception):
    """The file is not read. ``message_vi`` and ``message_en`` tell the officer why and what to do."""

    def __init__(self, code: str, message_en: str, message_vi: str) -> None:
        super().__init__(f"{code}: {message_en}")
        self.code = code
        self.message_en = message_en
        self.message_vi = message_vi


def refusal(code: str, **detail: Any) -> BadDocument:
    """Return the refusal of this code, its sentences completed with the detail."""
    english, vietnamese = _REFUSALS.get(code, _REFUSALS["file_damaged"])
    return BadDocument(code, english.format(**detail), vietnamese.format(**detail))


def remark(code: str, **detail: Any) -> Remark:
    """Return the remark of this code, its sentences completed with the detail."""
    english, vietnamese = _REMARKS[code]
    return Remark(
        code=code, message_en=english.format(**detail), message_vi=vietnamese.format(**detail)
    )
