"""What one folder keeps about its servers: var/embedded.json, the lock that allows one supervisor, the log files."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from network_portal.embedded.postgres import Postgres, new_password
from network_portal.embedded.processes import Record
from network_portal.embedded.redis import Redis
from network_portal.embedded.trouble import Trouble, require_disk

LOG_LIMIT = 20 * 1024**2
ROOT = Path(__file__).resolve().parents[2]


def var_folder() -> Path:
    return Path(os.environ.get("VAR_DIR") or ROOT / "var").absolute()


class State:
    """The folder `var` and its two servers. settings.py reads embedded.json where no DATABASE_URL is set."""

    def __init__(self, var: Path, *, throw_away: bool = False) -> None:
        self.var = var
        self.throw_away = throw_away
        self.logs = var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        for log in self.logs.glob("*.log"):
            if log.stat().st_size > LOG_LIMIT:
                log.replace(log.with_suffix(".log.1"))
        self.record = Record(var / "processes.json")

    @property
    def file(self) -> Path:
        return self.var / "embedded.json"

    def values(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.file.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):
            return {}

    def check(self) -> None:
        require_disk(self.var)

    def postgres(self) -> Postgres:
        password, port = _password_and_port(self.values().get("DATABASE_URL", ""))
        server = Postgres(
            self.var / "postgres",
            log=self.logs / "database.log",
            password=password,
            port=port,
            throw_away=self.throw_away,
        )
        require_disk(server.folder)  # root's servers may keep their data on another disk than var/
        return server

    def redis(self) -> Redis:
        password, port = _password_and_port(self.values().get("REDIS_URL", ""))
        return Redis(self.var / "redis", log=self.logs / "redis.log", password=password, port=port)

    def remember(self, **values: str) -> dict[str, str]:
        """Write addresses and keys for settings.py, readable by this account alone; the key is made only once."""
        merged = {"SECRET_KEY": secrets.token_urlsafe(50), **self.values(), **values}
        temporary = self.file.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(merged, file, indent=2)
        temporary.replace(self.file)
        return merged

    @contextlib.contextmanager
    def locked(self, note: str) -> Iterator[None]:
        """Hold the folder: a second supervisor would start the same data twice."""
        path = self.var / "embedded.lock"
        with path.open("a+", encoding="utf-8") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                lock.seek(0)
                holder = lock.read().strip() or "another process"
                raise Trouble(
                    f"Jejaring already runs from this folder ({holder}). Stop that one first."
                ) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}, {note}")
            lock.flush()
            yield
            lock.truncate(0)


def _password_and_port(url: str) -> tuple[str, int | None]:
    parts = urlsplit(url)
    return (parts.password, parts.port) if parts.password else (new_password(), None)
