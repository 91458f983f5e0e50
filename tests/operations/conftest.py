"""Places for installations that are made and thrown away."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def open_directory(tmp_path_factory) -> Callable[[str], Path]:
    """Return a function that makes directories which the database server's user can enter.

    Run as root, the server is somebody else, and pytest closes its directories to others.
    """

    def make(name: str) -> Path:
        made = tmp_path_factory.mktemp(name)
        for directory in (made, *made.parents):
            if str(directory) != "/tmp" and directory.stat().st_uid == os.geteuid():
                directory.chmod(directory.stat().st_mode | 0o055)
            if str(directory) == "/tmp":
                break
        return made

    return make
