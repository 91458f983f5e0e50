"""One line for each bar: what was measured, what it is held to, and whether its control failed."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.conf import settings

SEED = int(os.environ.get("HOPTAC_SEED", "20261123"))


def told(bar: str, measured: str, limit: str, *, control: str = "", seed: int | None = None) -> str:
    """Print a bar's line and keep it in ``var/reliability.txt``, the latest last."""
    day = time.strftime("%Y-%m-%d %H:%M", time.gmtime())
    line = f"{bar} | {measured} | limit: {limit} | seed {seed if seed is not None else '-'}"
    line += f" | control: {control or '-'}"
    print(line)
    file = Path(settings.VAR) / "reliability.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(f"{day} | {line}\n")
    return line
