"""A real browser for the stories: Chromium against a live server, signed in as an officer."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hoptac.foundation.access import Context

_CANDIDATES = ("chromium", "chromium-browser", "google-chrome")
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    from playwright.sync_api import sync_playwright

    program = os.environ.get("HOPTAC_CHROMIUM") or next(
        filter(None, map(shutil.which, _CANDIDATES)), None
    )
    if program is None:
        pytest.skip("no Chromium on this machine")
    # Playwright's event loop runs in this thread; Django would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def browser_of(
    chromium: Any, live_server: Any, client_of: Callable[[Context], Any]
) -> Iterator[Callable[..., Any]]:
    """Return a page in which the officer has signed in; whatever it reports as an error fails."""
    contexts, troubles = [], []

    def open_for(ctx: Context, **options: Any) -> Any:
        session = client_of(ctx).cookies["sessionid"].value
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="vi-VN",
            **options,
        )  # fmt: skip
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on(
            "console",
            lambda said: troubles.append(said.text) if said.type == "error" else None,
        )
        return page

    yield open_for
    for context in contexts:
        context.close()
    # A refused form answers 422; axe, where a story runs it, tries styles that our policy blocks.
    expected = ("the server responded with a status of", "Applying inline style")
    assert [t for t in troubles if not any(e in t for e in expected)] == []
