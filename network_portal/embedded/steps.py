"""One line per step on the terminal, and the commands that make a folder ready: tables, translations, static files."""

from __future__ import annotations

import contextlib
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from network_portal.embedded import processes
from network_portal.embedded.state import ROOT, State
from network_portal.embedded.trouble import DISK_FULL, Trouble


class Progress:
    """Prints `[3/8] Database … ready (1.2 s)`."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        self._open = False
        self.result = "ready"

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        self.number += 1
        self.result = "ready"
        self._open = True
        begun = time.monotonic()
        self._write(f"[{self.number}/{self.total}] {title} … ")
        try:
            yield self
        except BaseException:
            self._write("stopped\n")
            raise
        indent = "" if self._open else "      "
        self._write(f"{indent}{self.result} ({time.monotonic() - begun:.1f} s)\n")

    def detail(self, text: str) -> None:
        """A line below the step's own, for what takes longer."""
        self._write(f"{chr(10) if self._open else ''}      {text.strip()}\n")
        self._open = False

    @staticmethod
    def _write(text: str) -> None:
        sys.stdout.write(text)
        sys.stdout.flush()


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


class Manage:
    """Runs `manage.py` commands in the folder's environment; output goes to var/log/setup.log."""

    def __init__(self, state: State, env: dict[str, str]) -> None:
        self.env = env
        self.log = state.logs / "setup.log"

    def __call__(self, *arguments: str, tell: Callable[[str], None] | None = None) -> str:
        """Run and return the output, line by line also to `tell`; a failure becomes one sentence with the last line."""
        code, lines = self._run(arguments, tell)
        if code:
            if any("No space left on device" in line for line in lines):
                raise Trouble(DISK_FULL.format(path=self.env["VAR_DIR"]))
            reason = lines[-1].strip() if lines else f"exit code {code}"
            raise Trouble(f"`manage.py {' '.join(arguments)}` failed: {reason} (whole output: {self.log})")
        return "".join(lines)

    def succeeds(self, *arguments: str) -> bool:
        return self._run(arguments, None)[0] == 0

    def _run(self, arguments: tuple[str, ...], tell: Callable[[str], None] | None) -> tuple[int, list[str]]:
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        lines = []
        with self.log.open("ab") as log:
            log.write(f"$ manage.py {' '.join(arguments)}\n".encode())
            log.flush()
            begun = log.tell()
            process = processes.start(argv, cwd=ROOT, env=self.env, output=subprocess.PIPE, errors=log)
            try:
                for line in process.stdout or ():
                    lines.append(line.decode("utf-8", "replace"))
                    log.write(line)
                    if tell:
                        tell(lines[-1])
                process.wait()
            finally:
                processes.stop(process)
        if process.returncode:
            with self.log.open("rb") as log:
                log.seek(begun)
                lines = [line.decode("utf-8", "replace") for line in log if line.strip()] or lines
        return process.returncode, lines


def migrate(manage: Manage) -> str:
    if manage.succeeds("migrate", "--check", "--noinput"):
        return "up to date"
    manage("migrate", "--noinput")
    return "migrated"


class Unchanged:
    """Whether the code and the database are those of the last complete preparation, and what that one printed."""

    def __init__(self, state: State) -> None:
        self.path = state.var / "prepared.json"
        files = [
            path
            for folder in ("network_portal", "members", "catalog", "loans")
            for path in (ROOT / folder).rglob("*.py")
        ]
        facts = [_facts(path) for path in [*sorted(files), ROOT / "requirements.txt"]]
        # A new cluster has a new file with the version; its account may be the only one that can read it.
        with contextlib.suppress(OSError):
            facts.append(_facts((state.var / "postgres").resolve() / "data" / "PG_VERSION"))
        self.wanted = hashlib.sha256("\n".join(facts).encode()).hexdigest()

    def output(self) -> str | None:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return str(kept["output"]) if kept.get("of") == self.wanted else None

    def keep(self, output: str) -> None:
        self.path.write_text(json.dumps({"of": self.wanted, "output": output}), encoding="utf-8")


def _facts(path: Path) -> str:
    status = path.stat()
    return f"{path} {status.st_size} {status.st_mtime_ns}"


def collect_static(manage: Manage, var: Path) -> str:
    """Copy static files only when one of them changed (name, size or time) or a package did."""
    stamp = var / "static.stamp"
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    facts = [_facts(path) for path in files]
    facts.append((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    wanted = hashlib.sha256("\n".join(facts).encode()).hexdigest()
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted and (var / "static").is_dir():
        return "up to date"
    manage("collectstatic", "--noinput", "--clear", "-v", "0")
    stamp.write_text(wanted, encoding="ascii")
    return f"{len(files)} files"


def compile_translations() -> str:
    from network_portal.core.management.translations import compile_all

    compiled = compile_all(only_stale=True)
    return "compiled" if compiled else "up to date"
