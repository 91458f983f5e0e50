"""A real browser for the stories: Chromium against a live server, signed in as an officer."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from hoptac.foundation.access import Context
from tests.browser import launched, program

# A refused form answers 422; axe, where a story runs it, tries styles that our policy blocks; a phone
# in a story may have no network.
_EXPECTED = ("the server responded with a status of", "Applying inline style", "net::ERR_")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One browser for the whole run."""
    if not program():
        pytest.skip("no Chromium on this machine (HOPTAC_CHROMIUM names it)")
    # Playwright's event loop runs in this thread; Django would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with launched() as browser:
        yield browser


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
    assert [t for t in troubles if not any(e in t for e in _EXPECTED)] == []


@pytest.fixture
def open_page(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """Return a function that opens a page for nobody yet: ``open_page(width=360, theme="dark")``.

    ``tests.browser.sign_in(page, user)`` signs a person in; errors of the console fail the test.
    """
    contexts: list[Any] = []
    troubles: list[str] = []

    def make(*, width: int = 1440, theme: str = "light", scripts: bool = True) -> Any:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, locale="vi-VN",
            color_scheme=theme, java_script_enabled=scripts, reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda told: (
                troubles.append(f"{page.url}: {told.text}") if told.type == "error" else None
            ),
        )
        return page

    yield make
    for context in contexts:
        context.close()
    assert [t for t in troubles if not any(e in t for e in _EXPECTED)] == []


@pytest.fixture
def page(open_page: Callable[..., Any]) -> Any:
    """Return a page of a desktop's width."""
    return open_page()
