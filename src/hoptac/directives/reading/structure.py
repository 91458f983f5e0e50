"""Parts, articles, items: the tree of a document's paragraphs, by how they are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from hoptac.directives.reading.dates import ordinal, roman
from hoptac.directives.reading.flow import ENUMERATOR, Paragraph, Piece, cut, is_caps
from hoptac.directives.reading.result import Span

_RANKS = {
    "annex": 0, "part": 1, "chapter": 2, "section": 3, "capital": 4, "article": 5, "roman": 6, "number": 8,
    "dotted": 9, "letter": 14, "bullet": 16,
}  # fmt: skip


@dataclass
class Node:
    """A paragraph in the tree: numbered, a bullet, or plain text (``level`` empty)."""

    level: str
    label: str
    paragraph: Paragraph
    text: Piece
    """The paragraph without its number."""
    rank: int
    path: str = ""
    title: Piece | None = None
    body: Piece | None = None
    children: list[Node] = field(default_factory=list)
    parent: Node | None = None

    @property
    def is_section(self) -> bool:
        return bool(self.level) and self.level != "bullet"

    def section(self) -> Node | None:
        """Return the nearest numbered node: this one or one above it."""
        node: Node | None = self
        while node is not None and not node.is_section:
            node = node.parent
        return node

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, in the order of the text."""
        yield self
        for child in self.children:
            yield from child.walk()

    def span(self) -> Span:
        """Return where the node stands with all below it."""
        last = self
        while last.children:
            last = last.children[-1]
        return Span(self.paragraph.piece.whole().start, last.paragraph.piece.whole().end)


def tree_of(paragraphs: list[Paragraph]) -> Node:
    """Return the root over all paragraphs; plain paragraphs hang below the item they follow."""
    root = Node("", "", Paragraph(Piece("", [], []), []), Piece("", [], []), -1)
    stack = [root]
    for paragraph in paragraphs:
        node = _node(paragraph, stack)
        above = stack[-1]
        if (
            not node.level
            and above.level in ("part", "chapter", "annex")
            and not above.text.text
            and paragraph.cells is None
            and len(node.text.text) < 300
        ):
            above.text = node.text  # the title stands below the number
            continue
        if node.level:
            while len(stack) > 1 and stack[-1].rank >= node.rank:
                stack.pop()
        else:
            while len(stack) > 1 and stack[-1].level == "bullet":
                stack.pop()
            # An unnumbered heading: bold, or words that end with a colon, holds the bullets after it.
        parent = stack[-1]
        node.parent = parent
        parent.children.append(node)
        if node.level or _holds(node):
            if not node.level:
                node.rank = 15
                while len(stack) > 1 and stack[-1].rank >= node.rank:
                    stack.pop()
            stack.append(node)
    for child in root.children:
        _name(child, "")
    _split_titles(root)
    return root


def _holds(node: Node) -> bool:
    return node.text.text.endswith(":") and node.paragraph.cells is None


def _node(paragraph: Paragraph, stack: list[Node]) -> Node:
    piece = paragraph.piece
    if paragraph.cells is not None:
        return Node("", "", paragraph, piece, 99)
    match = ENUMERATOR.match(piece.text)
    if match is None:
        return Node("", "", paragraph, piece, 99)
    level = match.lastgroup or ""
    label = match[level].strip()
    rest = cut(piece, match.end(), len(piece.text))
    if level == "annex" and not (
        len(piece.text) < 160 and (is_caps(piece.text) or len(rest.text) < 100)
    ):
        return Node("", "", paragraph, piece, 99)
    if level in ("part", "chapter", "section") and rest.text[:1].islower():
        return Node("", "", paragraph, piece, 99)
    if (
        level == "roman"
        and label.rstrip(".)/– -") in ("I", "V", "X")
        and _is_letter_run(stack, label)
    ):
        level = "capital"
    rank = _RANKS[level]
    if level == "dotted":
        rank = 8 + len(re.findall(r"\d+", label)) - 1
        level = "number"
    elif level == "number" and label.endswith(")"):
        rank = 13
    elif level == "bullet":
        rank = {"+": 17, "*": 16, "•": 16}.get(label[:1], 16)
        above = stack[-1]
        # A second sign below a bullet that announces a list is one step in.
        if above.level == "bullet" and above.label[:1] != label[:1] and above.rank == rank:
            rank += 1
        for node in reversed(stack):
            if node.level == "bullet" and node.label[:1] == label[:1]:
                rank = node.rank
                break
    if level == "number" and len(re.findall(r"\d+", label)) == 1 and rank == 8:
        rank = _number_rank(stack, label, rank)
    return Node(level, label, paragraph, rest, rank)


def _is_letter_run(stack: list[Node], label: str) -> bool:
    return any(n.level == "capital" for n in stack) and not any(n.level == "roman" for n in stack)


def _number_rank(stack: list[Node], label: str, rank: int) -> int:
    """Return the rank of a bare number; below letters where it begins a list of its own there."""
    value = int(re.findall(r"\d+", label)[0])
    letters = [n for n in stack if n.level in ("letter",)]
    numbers = [n for n in stack if n.level == "number" and n.rank == 8]
    if value == 1 and letters and numbers:
        return 15
    return rank


def _name(node: Node, above: str) -> None:
    own = _own_name(node)
    if node.is_section:
        numbers = re.findall(r"\d+", node.label)
        if node.level == "number" and len(numbers) > 1:
            parent = node.parent.section() if node.parent else None
            inside = parent is not None and parent.level == "number"
            dotted = ".".join(numbers)
            if inside and parent is not None and parent.path:
                base = parent.path[: -len(".".join(re.findall(r"\d+", parent.label)))].rstrip(".")
                node.path = f"{base}.{dotted}" if base else dotted
            else:
                node.path = f"{above}.{dotted}" if above else dotted
        elif node.level in ("article", "annex"):
            node.path = (
                own
                if node.level == "annex" or not above.startswith("Phụ lục")
                else f"{above}.{own}"
            )
        else:
            node.path = f"{above}.{own}" if above else own
    for child in node.children:
        _name(child, node.path or above)


def _own_name(node: Node) -> str:
    label = node.label
    bare = re.sub(r"[\s.:)(/–-]+$", "", label).lstrip("(")
    if node.level in ("part", "chapter", "section", "article"):
        word, _, rest = bare.partition(" ")
        rest = re.sub(r"^(?i:thứ)\s+", "", rest).strip()
        number = ordinal(rest) or rest
        if node.level == "article":
            number = rest
        return f"{word.capitalize()} {number}"
    if node.level == "annex":
        found = re.search(r"[IVX]+$|\d+$", bare)
        return f"Phụ lục {found[0]}" if found else "Phụ lục"
    if node.level == "roman" and not roman(bare):
        return bare
    return bare


# --- Titles

_RUN_IN = re.compile(r"^(?:về\s+)[^.;:]{3,120}:\s+")


def _split_titles(root: Node) -> None:
    for node in root.walk():
        if node is root:
            continue
        _split_title(node)


def _split_title(node: Node) -> None:
    piece = node.text
    text = piece.text
    has_more = bool(node.children) or _has_text_after(node)
    if not text:
        node.body = None
        return
    bold = next((b for a, b in piece.bold if a <= 1), 0)
    sentence = re.match(r".{3,250}?[.:](?=\s|$)", text, re.S)
    if (
        node.level in ("part", "chapter", "section", "annex")
        or (
            node.level == "roman"
            and (is_caps(text) or (has_more and len(text) < 250 and text[-1:] not in ".;"))
        )
        or (is_caps(text) and len(text) < 300)
        or (node.level == "article" and has_more and len(text) < 200 and text[-1:] != ";")
        or (bold >= len(text) - 1 and has_more and len(text) < 300)
    ):
        node.title = piece
    elif sentence and bold and abs(bold - sentence.end()) <= 1 and sentence.end() < len(text):
        node.title = cut(piece, 0, sentence.end())
        node.body = cut(piece, sentence.end(), len(text))
        return
    elif (has_more and node.is_section and len(text) < 250 and text[-1:] not in ".;") or (
        has_more
        and (
            (not node.level and text.endswith(":") and len(text) < 300)
            or (node.level == "bullet" and text[-1:] not in ".;" and len(text) < 300)
        )
    ):
        node.title = piece
    elif node.level == "article" and sentence and not is_caps(text):
        node.body = piece
        return
    else:
        run_in = _RUN_IN.match(piece.low)
        if run_in and node.is_section:
            node.title = cut(piece, 0, run_in.end())
            node.body = cut(piece, run_in.end(), len(text))
            return
        node.body = piece
        return
    node.body = None


def _has_text_after(node: Node) -> bool:
    """Tell whether text that belongs to the node follows; plain text below an item is its child already."""
    return bool(node.children)
