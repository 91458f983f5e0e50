"""Second wall: workbooks are parsed in a child with little memory, little time and no secrets.

A parser that aborts, hangs or eats memory ends its child; the caller gets a :class:`BadWorkbook`.
Works from any thread (nothing runs between fork and exec) and from the command line.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import marshal
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from hoptac.foundation.transfers.verdicts import DEFAULT_LIMITS, Limits, refusal

_PROGRAM = str(Path(__file__).with_name("child_main.py"))
_SOURCE_ROOT = str(Path(__file__).resolve().parents[3])
_F_SETPIPE_SZ = 1031
_LARGEST_FRAME = 512 * 1024 * 1024


@contextlib.contextmanager
def child_reading(
    file: BinaryIO, kind: str, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Start a child that reads this open file; give the frames it sends, the last being ``("end",)``.

    The child moves the file's position. On leaving it is ended, whatever it was doing. Frames are
    ``("sheet", index, name, hidden)``, ``("rows", rows, special cells, too long)``,
    ``("far", index, row, column)``, ``("refused", code, detail)`` and ``("error", kind, reason)``.

    :raises BadWorkbook: (from the frames) the child was stopped by its limits or died
    """
    process = subprocess.Popen(
        [
            sys.executable,
            "-I",
            "-S",
            "-X",
            "utf8",
            _PROGRAM,
            kind,
            encoding,
            *map(
                str,
                (
                    limits.memory_bytes,
                    limits.cpu_seconds,
                    limits.rows,
                    limits.columns,
                    limits.cell_text,
                ),
            ),
            _libraries(),
            _SOURCE_ROOT,
        ],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        cwd="/",
        env={"LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        if process.stdout is None:
            raise refusal("reader_stopped")
        yield _frames(process.stdout.fileno(), limits.seconds)
    finally:
        _end(process)


def _libraries() -> str:
    found = importlib.util.find_spec("python_calamine")
    if found is None or not found.origin:
        raise RuntimeError("python-calamine is not installed")
    return str(Path(found.origin).parent.parent)


def _frames(descriptor: int, seconds: float) -> Iterator[tuple[Any, ...]]:
    deadline = time.monotonic() + seconds
    with contextlib.suppress(OSError):  # a smaller pipe is only slower
        fcntl.fcntl(descriptor, _F_SETPIPE_SZ, 1024 * 1024)
    while True:
        length = int.from_bytes(_exactly(descriptor, 4, deadline), "little")
        if length > _LARGEST_FRAME:
            raise refusal("reader_stopped")
        data = _exactly(descriptor, length, deadline)
        try:
            frame = marshal.loads(data)  # noqa: S302  (data only, unlike pickle)
        except (ValueError, EOFError, TypeError):
            raise refusal("reader_stopped") from None
        del data
        if not isinstance(frame, tuple) or not frame:
            raise refusal("reader_stopped")
        yield frame
        if frame[0] in ("end", "error", "refused", "far"):
            return


def _exactly(descriptor: int, length: int, deadline: float) -> bytearray:
    """Return exactly so many bytes from the child.

    :raises BadWorkbook: it ended or the time is over
    """
    data = bytearray(length)
    view = memoryview(data)
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP)
    at = 0
    while at < length:
        left = deadline - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise refusal("reader_stopped")
        got = os.readv(descriptor, [view[at:]])
        if not got:
            raise refusal("reader_stopped")
        at += got
    return data


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdout:
        process.stdout.close()
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
