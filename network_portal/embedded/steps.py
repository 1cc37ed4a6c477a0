"""One line per step on the terminal, and the commands that make a folder ready: tables, translations, static files."""

from __future__ import annotations

import contextlib
import hashlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from network_portal.embedded.state import ROOT, State
from network_portal.embedded.trouble import DISK_FULL, Trouble


class Progress:
    """Prints `[3/8] Database … ready (1.2 s)`."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.number = 0
        self.result = "ready"

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        self.number += 1
        self.result = "ready"
        begun = time.monotonic()
        self._write(f"[{self.number}/{self.total}] {title} … ")
        try:
            yield self
        except BaseException:
            self._write("stopped\n")
            raise
        self._write(f"{self.result} ({time.monotonic() - begun:.1f} s)\n")

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

    def __call__(self, *arguments: str) -> str:
        """Run and return the output; a failure becomes one sentence with the last line."""
        result = self._run(arguments)
        if result.returncode:
            lines = [line for line in (result.stderr or result.stdout).splitlines() if line.strip()]
            if "No space left on device" in result.stderr:
                raise Trouble(DISK_FULL.format(path=self.env["VAR_DIR"]))
            reason = lines[-1].strip() if lines else f"exit code {result.returncode}"
            raise Trouble(f"`manage.py {' '.join(arguments)}` failed: {reason} (whole output: {self.log})")
        return result.stdout

    def succeeds(self, *arguments: str) -> bool:
        return self._run(arguments).returncode == 0

    def _run(self, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, str(ROOT / "manage.py"), *arguments]
        result = subprocess.run(
            argv,
            cwd=ROOT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(f"$ manage.py {' '.join(arguments)}\n{result.stdout}{result.stderr}")
        return result


def migrate(manage: Manage) -> str:
    if manage.succeeds("migrate", "--check", "--noinput"):
        return "up to date"
    manage("migrate", "--noinput")
    return "migrated"


def collect_static(manage: Manage, var: Path) -> str:
    """Copy static files only when one of them changed (name, size or time) or a package did."""
    stamp = var / "static.stamp"
    files = sorted(path for path in (ROOT / "static").rglob("*") if path.is_file())
    facts = [f"{path.relative_to(ROOT)} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
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
