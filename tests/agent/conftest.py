"""The agent as a process of its own against a running portal."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catalog.choices import SourceKind
from catalog.models import Source
from catalog.services.keys import key_make
from tests.catalog.building import SYSTEM, source

SCRIPT = Path(__file__).resolve().parents[2] / "agent" / "jejaring_agent.py"


@dataclass
class Machine:
    """A library's computer: a folder with the settings and whatever its system exports."""

    folder: Path
    url: str
    source: Source
    secret: str

    @property
    def config(self) -> Path:
        return self.folder / "agent.ini"

    def settings(self, file: str, *, url: str = "", secret: str = "", **catalogue: str) -> None:
        more = "".join(f"{name} = {value}\n" for name, value in catalogue.items() if name != "columns")
        self.config.write_text(
            f"[portal]\nurl = {url or self.url}\nsource = {self.source.pk}\nkey = {secret or self.secret}\n"
            f"[catalogue]\nfile = {file}\n{more}[agent]\nlanguage = en\n{catalogue.get('columns', '')}"
        )
        self.config.chmod(0o600)

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def run(self, *options: str, code: int = 0, attempts: int = 3) -> str:
        """What it said. `code`: the exit code that is expected."""
        ended = subprocess.run(
            [os.environ.get("AGENT_PYTHON", sys.executable), "-I", str(SCRIPT), "--config", str(self.config), *options],
            capture_output=True, text=True, timeout=120, check=False,
            env={"PATH": os.environ["PATH"], "JEJARING_ATTEMPTS": str(attempts), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip
        assert ended.returncode == code, (ended.returncode, ended.stdout, ended.stderr)
        assert "Traceback" not in ended.stdout + ended.stderr, ended.stderr
        return ended.stdout


@pytest.fixture
def machine(transactional_db: None, live_server: Any, tmp_path: Path) -> Machine:
    folder = tmp_path / "library"
    folder.mkdir()
    of = source(kind=SourceKind.PUSH)
    _key, secret = key_make(source=of, name="PC", actor=SYSTEM)
    return Machine(folder, live_server.url, of, secret)
