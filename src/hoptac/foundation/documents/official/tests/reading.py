"""Reads what was written: places of words in a PDF, paragraphs and properties of a Word file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

from lxml import etree
from pypdf import PageObject, PdfReader

MM = 72 / 25.4
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
NS = {"w": W.strip("{}")}


@dataclass(frozen=True)
class Word:
    """A stretch of a page: its text, its left edge and baseline in mm from the upper left, its size."""

    text: str
    x: float
    y: float
    size: float
    font: str


def words_of(page: PageObject) -> list[Word]:
    """Return the stretches of text of a page."""
    found: list[Word] = []
    height = float(page.mediabox.height)

    def visit(text: str, cm: Any, tm: Any, font: Any, size: float) -> None:
        if text.strip():
            x, y = tm[4] * cm[0] + cm[4], tm[5] * cm[3] + cm[5]
            scale = abs(tm[3] * cm[3])
            name = str(font["/BaseFont"]) if font else ""
            text = text.replace("\u00a0", " ")
            found.append(Word(text.strip(), x / MM, (height - y) / MM, size * scale, name))

    page.extract_text(visitor_text=visit)
    return found


def pages(content: bytes) -> list[PageObject]:
    return list(PdfReader(io.BytesIO(content)).pages)


def line_of(page: PageObject) -> str:
    """Return the words of a page in one line."""
    return " ".join(page.extract_text().replace("\u00a0", " ").split())


def text_of(content: bytes) -> str:
    """Return all words of a PDF in one line."""
    return " ".join(line_of(p) for p in pages(content))


class WordFile:
    """The parts of a Word file as trees."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.parts = {n: archive.read(n) for n in archive.namelist()}
        self.body = self.tree("word/document.xml")

    def tree(self, name: str) -> Any:
        return etree.fromstring(self.parts[name])

    def find(self, path: str, of: Any = None) -> list[Any]:
        return (self.body if of is None else of).xpath(path, namespaces=NS)

    def style(self, code: str) -> Any:
        return self.find(f"//w:style[@w:styleId='{code}']", self.tree("word/styles.xml"))[0]

    def size(self, code: str) -> float:
        """Return the size in points that a style gives its text."""
        return int(self.find(".//w:rPr/w:sz/@w:val", self.style(code))[0]) / 2

    def lines(self, style: str = "") -> list[str]:
        """Return the texts of paragraphs, of one style where told."""
        of = f"[w:pPr/w:pStyle/@w:val='{style}']" if style else ""
        return [said(p) for p in self.find(f"//w:p{of}")]


def said(paragraph: Any) -> str:
    """Return what a paragraph says; a line break is a line end."""
    parts = []
    for node in paragraph.iter(f"{W}t", f"{W}br", f"{W}tab"):
        if node.getparent().tag != f"{W}r":
            continue
        parts.append((node.text or "") if node.tag == f"{W}t" else "\n" if node.tag == f"{W}br" else "\t")  # fmt: skip
    return "".join(parts).replace("\u00a0", " ")
