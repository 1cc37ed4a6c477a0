"""Starting, remembering and stopping child processes. Every process is stopped by its own id, never by its name."""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Any

import psutil

from network_portal.embedded.account import Account

_PR_SET_PDEATHSIG = 1
# Asked once only: Celery takes a second request as the order to drop its work.
_asked: set[int] = set()


def _die_with_parent(stop: signal.Signals) -> Callable[[], None] | None:
    """On Linux the kernel stops a child whose supervisor was killed; elsewhere the record below does, at next start."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(_PR_SET_PDEATHSIG, int(stop), 0, 0, 0) and None


def start(
    argv: Sequence[str],
    *,
    cwd: Path,
    env: dict[str, str] | None = None,
    output: IO[Any] | int | None = None,
    errors: IO[Any] | int = subprocess.STDOUT,
    stdin: int = subprocess.DEVNULL,
    account: Account | None = None,
    stop: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own, so that a Ctrl-C at the terminal reaches the supervisor alone."""
    return subprocess.Popen(
        list(argv),
        cwd=cwd,
        env=env,
        stdin=stdin,
        stdout=output,
        stderr=errors,
        start_new_session=True,
        preexec_fn=_die_with_parent(stop),
        **(account.options() if account else {}),
    )


def ask(process: subprocess.Popen[bytes] | None, how: signal.Signals = signal.SIGTERM) -> None:
    """Ask the process to end, and do not wait."""
    if process is not None and process.poll() is None and process.pid not in _asked:
        _asked.add(process.pid)
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(how)


def stop(process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM, grace: float = 15.0) -> None:
    """Ask the process to end, wait `grace` seconds, then end it and whatever is left of its group."""
    ask(process, how)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(grace)
    _asked.discard(process.pid)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def stop_by_id(pid: int, how: signal.Signals = signal.SIGTERM, grace: float = 15.0) -> None:
    """The same for a process that an earlier supervisor left behind."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return
    if wait_for(lambda: _ended(process), seconds=grace, alive=lambda: True):
        return
    for one in family:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    wait_for(lambda: all(_ended(one) for one in family), seconds=5, alive=lambda: True)


def _ended(process: psutil.Process) -> bool:
    """A process that nobody has collected (in a container without an init process) has ended, too."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


class Record:
    """The processes of this folder on disk, so that a start after a crash can end what the crash left running."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.entries: dict[str, dict[str, Any]] = {}

    def add(self, name: str, pid: int, how: signal.Signals) -> None:
        with contextlib.suppress(psutil.NoSuchProcess):
            begun = psutil.Process(pid).create_time()
            self.entries[name] = {"pid": pid, "begun": begun, "signal": int(how)}
            self._write()

    def clear(self) -> None:
        self.entries = {}
        self.path.unlink(missing_ok=True)

    def stop_left_over(self) -> list[str]:
        """End the recorded processes that still live, last started first; a reused process id is left alone."""
        try:
            entries = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return []
        stopped = []
        for name, entry in reversed(list(entries.items())):
            if _alive(entry["pid"], entry["begun"]):
                stop_by_id(entry["pid"], signal.Signals(entry["signal"]))
                stopped.append(name)
        self.clear()
        return stopped

    def _write(self) -> None:
        with contextlib.suppress(OSError):
            self.path.write_text(json.dumps(self.entries), encoding="utf-8")


def _alive(pid: int, begun: float) -> bool:
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - begun) < 1.0 and not _ended(process)
    except psutil.NoSuchProcess:
        return False


def port_is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """The preferred loopback port when nobody listens there, else one that the system gives."""
    if preferred and port_is_free(preferred):
        return preferred
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(ready: Callable[[], bool], *, seconds: float, alive: Callable[[], bool]) -> bool:
    """Poll until `ready`, the time is up, or the process that should become ready has ended."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return True
        if not alive():
            return False
        time.sleep(0.05)
    return False
