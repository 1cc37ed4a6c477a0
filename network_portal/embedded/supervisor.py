"""Keeps the portal's processes running: starts them, writes their output to var/log, restarts what falls over.

One supervisor per folder; Ctrl-C, SIGTERM and a closed terminal stop exactly what it started, in reverse order.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Protocol

from network_portal.embedded import processes
from network_portal.embedded.state import LOG_LIMIT

_LONGEST_PAUSE = 30.0
_STEADY_AFTER = 60.0


class Server(Protocol):
    """What postgres.py and redis.py give: a process that knows how to start, answer and stop."""

    name: str
    process: subprocess.Popen[bytes] | None
    stop_signal: signal.Signals

    def start(self) -> None: ...

    def stop(self) -> None: ...


@dataclass
class Program:
    """A child such as the web server: its output goes line by line to its log, and to the terminal when asked."""

    name: str
    argv: Sequence[str]
    cwd: Path
    env: dict[str, str]
    log: Path
    echo: bool = False
    stop_signal: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        self.process = processes.start(
            self.argv, cwd=self.cwd, env=self.env, output=subprocess.PIPE, stop=self.stop_signal
        )
        threading.Thread(target=self._pump, args=(self.process.stdout,), daemon=True).start()

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, self.stop_signal, grace=12)

    def _pump(self, lines: IO[bytes]) -> None:
        for line in lines:
            with contextlib.suppress(OSError):  # a full disk must not stop the program that writes
                if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
                    self.log.replace(self.log.with_suffix(".log.1"))
                with self.log.open("ab") as log:
                    log.write(line)
            if self.echo:
                sys.stdout.write(f"{self.name:<8} | {line.decode('utf-8', 'replace')}")
                sys.stdout.flush()


class Supervisor:
    """Runs servers and programs until asked to stop."""

    def __init__(self, record: processes.Record, say: Callable[[str], None]) -> None:
        self.record = record
        self.say = say
        self.running: list[Server] = []
        self._asked = threading.Event()
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}
        self._begun: dict[str, float] = {}

    def __enter__(self) -> Supervisor:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)
        return self

    def __exit__(self, *_details: object) -> None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(
                number, signal.SIG_IGN
            )  # an impatient second Ctrl-C must not leave half of them running
        self.stop()

    def _ask(self, number: int, _frame: object) -> None:
        if not self._asked.is_set():
            self._asked.set()
            raise KeyboardInterrupt(signal.Signals(number))

    def start(self, server: Server) -> None:
        self.running.append(server)
        self._launch(server)

    def _launch(self, server: Server) -> None:
        server.start()
        self._begun[server.name] = time.monotonic()
        if server.process is not None:
            self.record.add(server.name, server.process.pid, server.stop_signal)

    def watch(self) -> None:
        """Restart what ends by itself, with growing pauses, until asked to stop."""
        while not self._asked.is_set():
            for server in self.running:
                self._look_after(server)
            self._asked.wait(0.3)

    def _look_after(self, server: Server) -> None:
        now = time.monotonic()
        if server.name in self._due:
            if now >= self._due[server.name]:
                del self._due[server.name]
                self._try_again(server)
            return
        if server.process is None or server.process.poll() is None:
            return
        steady = now - self._begun[server.name] > _STEADY_AFTER
        pause = 1.0 if steady else min(_LONGEST_PAUSE, self._pauses.get(server.name, 0.5) * 2)
        self._pauses[server.name] = pause
        self._due[server.name] = now + pause
        code = server.process.returncode
        self.say(
            f"{server.name} ended by itself (exit code {code}); it starts again in {pause:.0f} s, see var/log."
        )
        server.stop()  # whatever is left of its process group

    def _try_again(self, server: Server) -> None:
        try:
            self._launch(server)
        except Exception as error:  # noqa: BLE001  whatever it was, the other processes keep running
            self.say(f"{server.name} could not be started again: {error}")
            self._begun[server.name] = time.monotonic()

    def stop(self) -> None:
        for server in self.running:
            if isinstance(
                server, Program
            ):  # all at once; the database and Redis stay until the last has ended
                processes.ask(server.process, server.stop_signal)
        for server in reversed(self.running):
            server.stop()
        self.running = []
        self.record.clear()
