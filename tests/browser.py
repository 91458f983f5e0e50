"""A real Chromium for tests: signing in, and what every page must stand up to."""

from __future__ import annotations

import functools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (360, 768, 1440)
THEMES = ("light", "dark")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE = Path(__file__).parent / "assets" / "axe.min.js"
_CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def program() -> str:
    """Return the browser's program, or nothing where the machine has none."""
    if named := os.environ.get("HOPTAC_CHROMIUM"):
        return named
    return next(filter(None, map(shutil.which, _CANDIDATES)), None) or ""


@contextmanager
def launched() -> Iterator[Browser]:
    """Run a headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=_FLAGS)
        yield browser
        browser.close()


def shoot(
    page: Page, name: str, *, widths: tuple[int, ...] = (1440, 360), theme: str = "light"
) -> None:
    """Keep pictures of the page as it stands, for people to look at; only where they are asked for.

    ``HOPTAC_SHOTS`` names the folder; ``name`` may hold folders. Without it nothing is done.
    """
    folder = os.environ.get("HOPTAC_SHOTS")
    if not folder:
        return
    before = page.viewport_size
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        path = Path(folder) / f"{name}-{width}{'-dark' if theme == 'dark' else ''}.png"
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=path, full_page=True, animations="disabled")
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)


def sign_in(page: Page, user: Any, address: str) -> None:
    """Let the page's browser act for a person at an address, as if signed in with both factors."""
    from django.conf import settings

    from hoptac.foundation.accounts.sessions import open_session

    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": open_session(user), "url": address}]
    )


@functools.cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


def assert_accessible(page: Page, *, within: str = "body", but: tuple[str, ...] = ()) -> None:
    """Hold the page as it stands against WCAG 2.2 AA; ``but`` names rules left out."""
    page.evaluate(_axe() + "; null")
    told = page.evaluate(
        """([within, tags, but]) => axe.run(within, {
            runOnly: {type: "tag", values: tags},
            rules: Object.fromEntries(but.map((r) => [r, {enabled: false}])),
            resultTypes: ["violations"],
        }).then((r) => r.violations.map((v) =>
            `${v.id}: ${v.help}\\n` + v.nodes.slice(0, 5).map((n) =>
                `    ${n.target.join(" ")}: ${n.html.slice(0, 160)} ${
                    (n.any[0] || n.all[0] || n.none[0] || {}).message || ""}`).join("\\n")))""",
        [within, WCAG, list(but)],
    )
    assert not told, f"{page.url}\n" + "\n".join(told)


def assert_no_overflow(page: Page) -> None:
    """Hold that the page is no wider than its window, so that nobody scrolls sideways."""
    over = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("body *")]
                .filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
                .filter((e) => !e.closest(".table-wrap, .tabs, pre"))
                .slice(0, 6).map((e) => `${e.tagName.toLowerCase()}.${e.className}`)"""
    )
    assert not over, f"{page.url} is wider than {page.viewport_size}: {over}"


def assert_sound(page: Page) -> None:
    """Hold both: nothing runs out of the window, and everybody can use the page."""
    assert_no_overflow(page)
    assert_accessible(page)
