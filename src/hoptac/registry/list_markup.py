"""The moving parts of the list's page as HTML: headings, tabs, pages. Made in the process, since a
template takes several times as long for a loop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hoptac.registry.filters import PAGE_SIZES, RegisterFilter
from hoptac.registry.tables import Column, label_of, number
from hoptac.registry.terms import Kind

# How the address of the bare list is written within it: an empty one would mean the page as it is.
EVERYTHING = "all=1"


def headings_html(columns: Sequence[Column], wanted: RegisterFilter) -> SafeString:
    """Return the columns' headings, each leading to the list sorted by it, or the other way."""
    current = wanted.sort.removeprefix("-")
    is_descending = wanted.sort.startswith("-")
    out = []
    for column in columns:
        # Figures are mostly wanted from the greatest down.
        sort = f"-{column.code}" if column.is_number else column.code
        marks = ' class="num"' if column.is_number else ""
        if column.code == current:
            sort = column.code if is_descending else f"-{column.code}"
            marks += f' aria-sort="{"descending" if is_descending else "ascending"}"'
        href = escape(wanted.query(sort=sort))
        label = escape(label_of(column))
        out.append(f'<th scope="col"{marks}><a href="?{href}">{label}</a></th>')
    return mark_safe("".join(out))  # noqa: S308


def tabs_html(wanted: RegisterFilter, counts: dict[str, int]) -> SafeString:
    """Return a tab for everything and for each kind, with how many there are."""
    words = {
        "": _("All"),
        Kind.COOPERATIVE.value: _("Cooperatives"),
        Kind.UNION.value: _("Unions"),
        Kind.GROUP.value: _("Groups"),
    }
    out = []
    for kind, label in words.items():
        count = number(counts.get(kind, 0) if kind else sum(counts.values()))
        here = ' aria-current="page"' if wanted.kind == kind else ""
        href = escape(wanted.query(kind=kind) or EVERYTHING)
        out.append(
            f'<a class="tab" href="?{href}"{here}>{escape(label)} '
            f'<span class="count">{count}</span></a>'
        )
    return mark_safe("".join(out))  # noqa: S308


def pages_html(wanted: RegisterFilter, last: int) -> SafeString:
    """Return the way to the pages before and after, to the ends and the neighbours."""
    here = wanted.page
    near = sorted({1, 2, here - 1, here, here + 1, last - 1, last} & set(range(1, last + 1)))

    def link(page: int, words: str, more: str = "") -> str:
        href = escape(wanted.query(page=page) or EVERYTHING)
        return f'<a{more and " "}{more} href="?{href}">{words}</a>'

    out = []
    if here > 1:
        out.append(link(here - 1, escape(_("Previous")), 'rel="prev"'))
    for i, page in enumerate(near):
        if i and page > near[i - 1] + 1:
            out.append('<span class="gap">…</span>')
        out.append(link(page, str(page), 'aria-current="page"' if page == here else ""))
    if here < last:
        out.append(link(here + 1, escape(_("Next")), 'rel="next"'))
    return mark_safe("".join(out))  # noqa: S308


def sizes_html(wanted: RegisterFilter) -> SafeString:
    """Return the numbers of rows that a page may have."""
    out = []
    for size in PAGE_SIZES:
        here = ' aria-current="true"' if size == wanted.per else ""
        out.append(f'<a href="?{escape(wanted.query(per=size) or EVERYTHING)}"{here}>{size}</a>')
    return mark_safe("".join(out))  # noqa: S308


def hidden_html(pairs: Iterable[tuple[str, str]]) -> SafeString:
    """Return hidden fields for what a form takes along."""
    return mark_safe(  # noqa: S308
        "".join(
            f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
            for name, value in pairs
        )
    )
