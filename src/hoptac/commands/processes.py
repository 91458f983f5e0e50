"""Child processes that end with their parent, are watched, and are stopped together."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1


class Stop(BaseException):
    """Somebody asked us to end (Ctrl-C, SIGTERM, a closed terminal)."""


@contextlib.contextmanager
def stoppable() -> Iterator[None]:
    """Turn the first signal to end into :class:`Stop`; ignore those after it while we tidy up."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stop(signal.Signals(number).name)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {each: signal.signal(each, on_signal) for each in signals}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Child:
    """A program in a process group of its own, restarted when it fails.

    Ctrl-C at the terminal reaches only the parent, which stops its children in order. Should the
    parent be killed, the system tells the child to end.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        *,
        patience: float = 15.0,
        log: Path | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.command = list(command)
        self.patience = patience
        self.log = log
        self.env = {**os.environ, **env} if env else None
        self._process: subprocess.Popen[bytes] | None = None
        self._failures: deque[float] = deque(maxlen=5)

    @property
    def pid(self) -> int:
        """The process that runs now."""
        assert self._process is not None  # noqa: S101
        return self._process.pid

    def start(self) -> None:
        """Start it."""
        with self.log.open("ab") if self.log else contextlib.nullcontext() as log:
            self._process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT if log else None,
                start_new_session=True,
                env=self.env,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )

    def has_ended(self) -> bool:
        """Tell whether it is no longer there."""
        return self._process is None or self._process.poll() is not None

    def revive(self) -> bool:
        """Start it again after it ended by itself; give up after five times in a minute."""
        self._kill_group()
        now = time.monotonic()
        if len(self._failures) == 5 and now - self._failures[0] < 60:
            return False
        self._failures.append(now)
        code = self._process.returncode if self._process else "?"
        print(
            f"hoptac: {self.name} ended by itself (code {code}) and is started again.",
            file=sys.stderr,
            flush=True,
        )
        time.sleep(min(len(self._failures), 3))
        self.start()
        return True

    def ask_to_stop(self) -> None:
        """Ask it to end, without waiting."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def finish(self) -> None:
        """Wait until it has ended; kill it and its children when it takes too long."""
        if self._process is None:
            return
        try:
            self._process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self._kill_group()
            self._process.wait()
        self._kill_group()

    def _kill_group(self) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def watch(children: Sequence[Child], each_round: Callable[[], object]) -> str:
    """Keep the children running until one fails for good; return its name."""
    while True:
        each_round()
        for child in children:
            if child.has_ended() and not child.revive():
                return child.name
        time.sleep(1)


def stop_all(children: Sequence[Child]) -> None:
    """End all children: all are asked at once, then each is waited for."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.finish()
