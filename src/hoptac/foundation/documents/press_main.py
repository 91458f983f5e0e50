"""The child of :mod:`press`: reads sheets, sets them in type, keeps them, answers with their digests.

Started as ``python -m hoptac.foundation.documents.press_main TEMPLATE FOLDER [FINISH]`` without
Django. One line of JSON comes in for some sheets, one goes out: for each ``[sha256, size]``, or what
is wrong with it. It ends when its parent does, since then nothing more comes in.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hoptac.foundation.documents.disk import keep_all_in
from hoptac.foundation.documents.engine import CannotTypeset, set_in_type


def main(template: str, folder: str, finish: str = "") -> None:
    """Answer line by line until there are no more."""
    finished = _function(finish)
    for line in sys.stdin:
        pages = [_set(Path(template), finished(data)) for data in json.loads(line)]
        kept = iter(keep_all_in(Path(folder), [p for p in pages if isinstance(p, bytes)]))
        answers = [[(k := next(kept)).sha256, k.size] if isinstance(p, bytes) else p for p in pages]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def _set(template: Path, data: Any) -> bytes | str:
    """Return a page, or what is wrong with it."""
    try:
        return set_in_type(template, json.dumps(data, ensure_ascii=False, sort_keys=True))
    except CannotTypeset as error:
        return str(error)


def _function(path: str) -> Callable[[Any], Any]:
    if not path:
        return lambda data: data
    module, _, name = path.partition(":")
    return getattr(importlib.import_module(module), name)  # type: ignore[no-any-return]


if __name__ == "__main__":
    main(*sys.argv[1:])
