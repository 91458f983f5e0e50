"""Second wall: workbooks are parsed in a child with little memory, little time and no secrets.

A parser that aborts, hangs or eats memory ends its child; the caller gets a :class:`BadWorkbook`. Work is
limited by the child's own processor time; the clock on the wall only ends one that does nothing, so that a
busy machine refuses no file.
Works from any thread (nothing runs between fork and exec) and from the command line.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import logging
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

from hoptac.foundation.transfers.verdicts import DEFAULT_LIMITS, BadWorkbook, Limits, refusal

_PROGRAM = str(Path(__file__).with_name("child_main.py"))
_SOURCE_ROOT = str(Path(__file__).resolve().parents[3])
_F_SETPIPE_SZ = 1031
_LARGEST_FRAME = 512 * 1024 * 1024
# A child that goes on working is given this many times its seconds, however little of a processor it gets.
_MOST_TIMES = 10
_TICKS = os.sysconf("SC_CLK_TCK")
_FROM_OUTSIDE = (-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP, -signal.SIGINT)
_log = logging.getLogger(__name__)


@contextlib.contextmanager
def child_reading(
    file: BinaryIO, kind: str, encoding: str = "", limits: Limits = DEFAULT_LIMITS
) -> Iterator[Iterator[tuple[Any, ...]]]:
    """Start a child that reads this open file; give the frames it sends, the last being ``("end",)``.

    The child moves the file's position. On leaving it is ended, whatever it was doing. Frames are
    ``("sheet", index, name, hidden)``, ``("rows", rows, special cells, too long)``,
    ``("far", index, row, column)``, ``("refused", code, detail)`` and ``("error", kind, reason)``; of a document
    (``docx``, ``pdf``) ``("text", text, pages, pages with text)``.

    :raises BadWorkbook: (from the frames) ``reader_stopped``: its limits or the file ended it;
        ``reader_lost``: somebody else did (the system, short of memory; an administrator)
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
        yield _frames(_Pipe(process, process.stdout.fileno(), limits))
    finally:
        _end(process)


def _libraries() -> str:
    found = importlib.util.find_spec("python_calamine")
    if found is None or not found.origin:
        raise RuntimeError("python-calamine is not installed")
    return str(Path(found.origin).parent.parent)


class _Stopped(Exception):
    """The child gives no more; the word says why."""


class _Pipe:
    """What a child writes, for as long as it writes or works."""

    def __init__(self, process: subprocess.Popen[bytes], descriptor: int, limits: Limits) -> None:
        self.process, self.descriptor, self.limits = process, descriptor, limits
        self.poll = select.poll()
        self.poll.register(descriptor, select.POLLIN | select.POLLHUP)
        self.began = time.monotonic()
        self._goes_on()

    def _goes_on(self) -> None:
        self.until = time.monotonic() + self.limits.seconds
        self.worked, _waits = self._at_work()

    def _at_work(self) -> tuple[float, bool]:
        """Return how long the child has been on a processor, and whether it waits for one or the disk."""
        try:
            stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="latin-1")
        except OSError:
            return 0.0, False
        state, *told = stat.rpartition(")")[2].split()
        return (int(told[10]) + int(told[11])) / _TICKS, state in "RD"

    def exactly(self, length: int) -> bytearray:
        """Return exactly so many bytes.

        :raises _Stopped: the child ended, did nothing for too long, or took too long in all
        """
        data = bytearray(length)
        view = memoryview(data)
        at = 0
        while at < length:
            self._wait()
            got = os.readv(self.descriptor, [view[at:]])
            if not got:
                raise _Stopped("ended")
            at += got
            self._goes_on()
        return data

    def _wait(self) -> None:
        while not self.poll.poll(max(0.0, self.until - time.monotonic()) * 1000):
            if time.monotonic() - self.began > self.limits.seconds * _MOST_TIMES:
                raise _Stopped("took too long")
            worked, waits = self._at_work()
            if worked <= self.worked and not waits:
                raise _Stopped("did nothing")
            self._goes_on()

    def verdict(self, why: str) -> BadWorkbook:
        """Return the refusal of a file whose child stopped, and write the log's line."""
        worked, _waits = self._at_work()
        code: int | None = None
        if why == "ended":
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = self.process.wait(timeout=5)
        after = time.monotonic() - self.began
        _log.warning(
            "a reading child stopped: %s, status %s, %.1f s of processor, %.1f s in all",
            why, code, worked, after,
        )  # fmt: skip
        lost = code in _FROM_OUTSIDE and worked < self.limits.cpu_seconds
        return refusal("reader_lost" if lost else "reader_stopped")


def _frames(pipe: _Pipe) -> Iterator[tuple[Any, ...]]:
    with contextlib.suppress(OSError):  # a smaller pipe is only slower
        fcntl.fcntl(pipe.descriptor, _F_SETPIPE_SZ, 1024 * 1024)
    while True:
        try:
            length = int.from_bytes(pipe.exactly(4), "little")
            if length > _LARGEST_FRAME:
                raise _Stopped("a giant frame")
            frame = marshal.loads(pipe.exactly(length))  # noqa: S302  (data only, unlike pickle)
            if not isinstance(frame, tuple) or not frame:
                raise _Stopped("no frame")
        except _Stopped as stopped:
            raise pipe.verdict(str(stopped)) from None
        except (ValueError, EOFError, TypeError):
            raise pipe.verdict("a broken frame") from None
        yield frame
        if frame[0] in ("end", "error", "refused", "far"):
            return


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdout:
        process.stdout.close()
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
