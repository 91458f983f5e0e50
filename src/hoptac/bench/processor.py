"""How much processor time processes have used: what a page costs, however busy the machine is."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_PROC = Path("/proc")


def family(pid: int) -> set[int]:
    """Return a process and all that it started, as far as the system tells (Linux)."""
    parents = {int(p.name): _fields(p) for p in _PROC.glob("[0-9]*")}
    found = {pid}
    while more := {p for p, f in parents.items() if f and int(f[1]) in found} - found:
        found |= more
    return found


def seconds(pids: Iterable[int]) -> float:
    """Return the processor time that processes used so far; those that are gone count nothing."""
    ticks = 0
    for pid in pids:
        if fields := _fields(_PROC / str(pid)):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def database_server() -> list[int]:
    """Return the process of the database server, nothing where it runs on another machine."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        session = _PROC / str(cursor.fetchone()[0])
        try:
            is_here = (session / "comm").read_text(encoding="utf-8").startswith("postgres")
        except OSError:
            is_here = False
        return [int(_fields(session)[1])] if is_here else []


def _fields(process: Path) -> list[str]:
    """Return what stands behind the name in ``/proc/PID/stat``: state, parent, ... user, system."""
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []
