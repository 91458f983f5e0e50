"""Sets many sheets of one template in type at once, in children, and keeps the bytes.

Threads would wait for each other's Python; children do not. They know neither database nor
settings: a template, data, a folder. The bytes are those that :func:`typesetting.typeset` gives.
"""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from hoptac.foundation.documents.disk import Kept
from hoptac.foundation.documents.models import folder
from hoptac.foundation.documents.typesetting import CannotTypeset, as_json, template_of

_SOURCE = str(Path(__file__).resolve().parents[3])
# Sheets that go to a child in one line.
_AT_ONCE = 25
# What of our environment a child is given: no address of a database, no secret.
_KEPT = frozenset({"PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"})


Outcome = Kept | CannotTypeset


class ChildEnded(RuntimeError):
    """A child that sets sheets in type is no more."""


class Press:
    """Children that set sheets of a template in type; ended with ``with``, and by our own end.

    ``finish`` names a function (``module:function``) that each child lets go over a sheet's data.
    """

    def __init__(self, template: str, *, finish: str = "", hands: int | None = None) -> None:
        self._hands = hands or os.cpu_count() or 1
        self._command = [
            sys.executable, "-m", "hoptac.foundation.documents.press_main",
            str(template_of(template)), str(folder()), *([finish] if finish else []),
        ]  # fmt: skip
        self._idle: queue.SimpleQueue[subprocess.Popen[str]] = queue.SimpleQueue()
        self._children: list[subprocess.Popen[str]] = []

    def __enter__(self) -> Press:
        environ = {k: v for k, v in os.environ.items() if k in _KEPT}
        environ |= {"PYTHONPATH": _SOURCE, "RAYON_NUM_THREADS": "1"}  # each hand is one thread
        for _n in range(self._hands):
            child = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                encoding="utf-8", env=environ,
            )  # fmt: skip
            self._children.append(child)
            self._idle.put(child)
        self._pool = ThreadPoolExecutor(max_workers=self._hands)
        return self

    def __exit__(self, *error: object) -> None:
        self._pool.shutdown(wait=not any(error), cancel_futures=True)
        for child in self._children:
            if any(error):
                child.kill()
            elif child.stdin is not None:
                with suppress(OSError):  # what a child that ended was not sent
                    child.stdin.close()
        for child in self._children:
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with suppress(OSError):
                    if pipe is not None and not pipe.closed:
                        pipe.close()

    def begin(self, sheets: Sequence[Mapping[str, Any]]) -> list[Future[list[Outcome]]]:
        """Have sheets set in type and kept; :func:`result` waits for them."""
        return [
            self._pool.submit(self._set, sheets[n : n + _AT_ONCE])
            for n in range(0, len(sheets), _AT_ONCE)
        ]

    def _set(self, sheets: Sequence[Mapping[str, Any]]) -> list[Outcome]:
        child = self._idle.get()
        try:
            assert child.stdin is not None  # noqa: S101
            assert child.stdout is not None  # noqa: S101
            child.stdin.write(f"[{','.join(map(as_json, sheets))}]\n")
            child.stdin.flush()
            answer = json.loads(child.stdout.readline())
        except (OSError, ValueError) as broken:
            raise ChildEnded(f"{child.args!r}: {child.poll()}") from broken
        finally:
            self._idle.put(child)
        return [CannotTypeset(x) if isinstance(x, str) else Kept(*x) for x in answer]


def result(begun: Sequence[Future[list[Outcome]]]) -> list[Outcome]:
    """Return, for each sheet in their order, what was kept, or what is wrong with it.

    :raises ChildEnded: a child ended before it was done
    """
    return [outcome for each in begun for outcome in each.result()]
