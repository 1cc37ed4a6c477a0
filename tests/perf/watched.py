"""A module in a process of its own, with its memory and its last line as result. Used by the stages of bench.py."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, env: dict[str, str] | None = None) -> str:
    """A Python command of the project, to its end; its standard output."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True, env=env
    )
    return done.stdout


def starting_line(folder: Path, name: str) -> None:
    """Called by a process that has loaded its programs, as a worker has long before a file comes: wait for `go`."""
    (folder / f"{name}.ready").touch()
    while not (folder / "go").exists():
        time.sleep(0.005)


def go(folder: Path, *names: str) -> None:
    """Let the processes of these names run when all of them stand at the line."""
    while not all((folder / f"{name}.ready").exists() for name in names):
        time.sleep(0.005)
    (folder / "go").touch()


class Watched:
    """A module in a process of its own, the memory of it and its children sampled; its last line is its result."""

    def __init__(self, module: str, *arguments: str, env: dict[str, str] | None = None) -> None:
        command = [sys.executable, "-m", module, *arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=env)
        self.memory = Memory(self._process.pid)
        self.result: dict[str, float] = {}

    @property
    def seconds(self) -> float:
        return self.result["seconds"]

    def wait(self) -> None:
        output, _ = self._process.communicate()
        self.memory.stop()
        if self._process.returncode:
            sys.exit(f"{self._process.args!r} failed")
        self.result = json.loads(output.splitlines()[-1])

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._process.poll() is None:
            self._process.kill()


class Memory:
    """Peak of the memory that a process and its children hold for themselves; `peak_one`: of the largest of them,
    without the pages of files that it has mapped, which the kernel shares among all and takes back at need.

    Proportional set size, so that pages which forked processes share are counted once. The kernel adds it up page by
    page: ten looks a second took a twentieth of the machine from what was measured, so they become rarer with time.
    """

    def __init__(self, pid: int) -> None:
        self._pid, self.peak, self.peak_one = pid, 0.0, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        return self.peak

    def _watch(self) -> None:
        import psutil

        pause = 0.1
        while not self._over.wait(pause):
            pause = min(pause * 1.2, 2.0)
            try:
                parent = psutil.Process(self._pid)
                sizes = [_size(p.pid) for p in (parent, *parent.children(recursive=True))]
            except psutil.Error:
                return
            self.peak = max(self.peak, sum(pss for pss, _ in sizes))
            self.peak_one = max(self.peak_one, max(own for _, own in sizes))


def _size(pid: int) -> tuple[float, float]:
    """(proportional, anonymous) megabytes; nothing for a process that has just ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0, 0.0
    values = {line.split(":")[0]: line.split()[1] for line in lines[1:]}
    return int(values["Pss"]) / 1024, int(values["Anonymous"]) / 1024
