"""What `python -m network_portal.embedded` can do: demo, serve, run (tests, benchmarks), stop, clean."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path

from network_portal.embedded import processes, steps
from network_portal.embedded.account import SHARED_HOME, remove_folder
from network_portal.embedded.programs import environment, programs
from network_portal.embedded.state import ROOT, State, var_folder
from network_portal.embedded.steps import Manage, Progress, say
from network_portal.embedded.supervisor import Program, Supervisor
from network_portal.embedded.trouble import Trouble, require_disk


def demo(port: int) -> int:
    """The whole network on this machine, with its data kept in var/."""
    return _portal(port, debug=False)


def serve(port: int) -> int:
    """The development server with worker, indexer and clock; everyone's output on the terminal."""
    return _portal(port, debug=True)


def _portal(port: int, *, debug: bool) -> int:
    state = _own_state()
    address = f"http://127.0.0.1:{port}/"
    with state.locked(address), Supervisor(state.record, say) as supervisor:
        try:
            _require_port(port)
            progress = Progress(8)
            env = _start_servers(state, supervisor, progress, port=port, debug=debug)
            accounts = _prepare(state, env, progress, debug=debug)
            with progress.step("Web server, worker, indexer, beat"):
                for program in programs(state, env, echo=debug):
                    supervisor.start(program)
                _wait_for_web(supervisor, address)
            _greet(address, accounts, state)
            supervisor.watch()
        except KeyboardInterrupt:
            say("")
        say("Stopping …")
        supervisor.stop()
        say("Stopped. The data stays in var/; the same command starts again in seconds.")
    return 0


def _own_state() -> State:
    os.umask(0o077)  # mails, uploads and logs are for this account alone
    var = var_folder()
    var.mkdir(parents=True, exist_ok=True)
    state = State(var)
    state.check()
    return state


def _require_port(port: int) -> None:
    if not 1 <= port <= 65535:
        raise Trouble(f"PORT must be a number from 1 to 65535, not {port}.")
    if port < 1024 and os.geteuid() != 0:
        raise Trouble(
            f"Port {port} is for root alone. Choose one from 1024 up, for example: make demo PORT=8080"
        )
    if not processes.port_is_free(port):
        raise Trouble(
            f"Port {port} is used by another program. Choose another one, for example: make demo PORT=8080"
        )


def _start_servers(
    state: State, supervisor: Supervisor, progress: Progress, *, port: int, debug: bool
) -> dict[str, str]:
    with progress.step("Folder var/"):
        left = state.record.stop_left_over()
        if left:
            progress.result = f"ready, stopped what an earlier run left: {', '.join(left)}"
    with progress.step("Database (PostgreSQL)"):
        postgres = state.postgres()
        state.remember(DATABASE_URL=postgres.url)
        supervisor.start(postgres)
    with progress.step("Queue and cache (Redis)"):
        redis = state.redis()
        values = state.remember(REDIS_URL=redis.url)
        supervisor.start(redis)
    return environment(state, values, port=port, debug=debug)


def _prepare(state: State, env: dict[str, str], progress: Progress, *, debug: bool) -> str:
    manage = Manage(state, env)
    unchanged = steps.Unchanged(state)
    known = None if debug else unchanged.output()
    with progress.step("Translations"):
        progress.result = steps.compile_translations()
    with progress.step("Tables"):
        progress.result = "up to date" if known is not None else steps.migrate(manage)
    with progress.step("Static files"):
        progress.result = "served as they are" if debug else steps.collect_static(manage, state.var)
    with progress.step("Demo network"):
        if debug:
            progress.result = "left alone (`make demo` builds it)"
            return ""
        if known is not None:
            progress.result = "there already"
            return known
        manage("build_demo", tell=progress.detail)
        accounts = manage("build_demo", "--accounts")
        unchanged.keep(accounts)
        return accounts


def _wait_for_web(supervisor: Supervisor, address: str) -> None:
    web = next(one for one in supervisor.running if isinstance(one, Program) and one.name == "web")

    def alive() -> bool:
        return web.process is not None and web.process.poll() is None

    if not processes.wait_for(lambda: _answers(f"{address}healthz"), seconds=60, alive=alive):
        raise Trouble(f"The web server did not start; the reason is at the end of {web.log}")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310  our own loopback address
            return bool(answer.status == 200)
    except urllib.error.HTTPError:
        return False
    except OSError:
        return False


def _greet(address: str, accounts: str, state: State) -> None:
    say("")
    say(f"Jejaring is at {address}")
    if accounts.strip():
        say("")
        say(accounts.rstrip())
    say("")
    say(f"Logs: {state.logs}   Stop: Ctrl-C")


@contextlib.contextmanager
def throw_away_servers(*, durable: bool = False) -> Iterator[dict[str, str]]:
    """PostgreSQL and Redis in a folder that is removed afterwards; yields the environment that leads to them."""
    require_disk(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix="jejaring-"))
    if os.geteuid() == 0:
        folder.chmod(0o711)  # the servers' own account must pass; each of their folders is closed to others
    state = State(folder, throw_away=not durable)
    try:
        with Supervisor(state.record, say) as supervisor:
            postgres, redis = state.postgres(), state.redis()
            supervisor.start(postgres)
            supervisor.start(redis)
            values = state.remember(DATABASE_URL=postgres.url, REDIS_URL=redis.url)
            yield {**values, "VAR_DIR": str(folder)}
    finally:
        for name in ("postgres", "redis"):
            remove_folder(folder / name)
        shutil.rmtree(folder, ignore_errors=True)


def run(command: Sequence[str], *, durable: bool = False) -> int:
    """Run a command on throw-away servers and pass its exit code on."""
    if not command:
        raise Trouble("Say what to run: python -m network_portal.embedded run -- COMMAND")
    with throw_away_servers(durable=durable) as values:
        env = {name: value for name, value in os.environ.items() if not name.endswith("_URL_FILE")}
        env.pop("SECRET_KEY_FILE", None)
        try:
            child = subprocess.Popen(list(command), cwd=ROOT, env={**env, **values})
        except FileNotFoundError:
            raise Trouble(f"{command[0]} is not there; `make setup` installs it.") from None
        return _wait_for_child(child)


def _wait_for_child(child: subprocess.Popen[bytes]) -> int:
    """A Ctrl-C at the terminal reaches the child by itself; what only this process was told is passed on."""
    while True:
        try:
            code = child.wait()
            return 128 - code if code < 0 else code
        except KeyboardInterrupt as interrupt:
            number = interrupt.args[0] if interrupt.args else signal.SIGINT
            if number != signal.SIGINT or not sys.stdin.isatty():
                child.send_signal(number)


def stop() -> int:
    """Stop what a killed supervisor of this folder left running."""
    state = State(var_folder())
    with state.locked("stopping"):
        left = state.record.stop_left_over()
    say(f"Stopped: {', '.join(left)}" if left else "Nothing of this folder was running.")
    return 0


def clean() -> int:
    """Remove var/ with the demo's data, also the part that lives outside the folder where root runs it."""
    var = var_folder()
    if not var.exists():
        return 0
    state = State(var)
    with state.locked("cleaning"):
        state.record.stop_left_over()
        for name in ("postgres", "redis"):
            remove_folder(var / name)
        shutil.rmtree(var)
    if SHARED_HOME.is_dir() and os.geteuid() == 0:
        _remove_shared_copies()
    return 0


def _remove_shared_copies() -> None:
    """The copied binaries go with the last data folder that used them."""
    entries = list(SHARED_HOME.iterdir())
    if not any(entry.name.startswith(("postgres-", "redis-")) for entry in entries):
        shutil.rmtree(SHARED_HOME, ignore_errors=True)
