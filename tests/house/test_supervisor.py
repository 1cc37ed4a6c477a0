"""The supervisor with real processes: what it starts it restarts, and it stops exactly that."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from network_portal.embedded import processes
from network_portal.embedded.processes import Record
from network_portal.embedded.state import ROOT, State
from network_portal.embedded.supervisor import Program, Supervisor
from network_portal.embedded.trouble import Trouble

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
BEGIN_AND_STAY = """
import sys, time
from pathlib import Path
from network_portal.embedded.processes import Record
from network_portal.embedded.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
with Supervisor(Record(folder / "processes.json"), print) as supervisor:
    program = Program("sleeper", [sys.executable, "-c", sys.argv[2]], folder, {}, folder / "sleeper.log")
    try:
        supervisor.start(program)
        print(program.process.pid, flush=True)
        supervisor.watch()
    except KeyboardInterrupt:
        print("asked to stop", flush=True)
"""


@pytest.fixture(autouse=True)
def signals_afterwards() -> object:
    """A supervisor takes the process's signals over; the next test gets them back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def program(folder: Path, code: str, name: str = "sleeper") -> Program:
    return Program(name, [sys.executable, "-u", "-c", code], folder, {}, folder / f"{name}.log")


def eventually(ready: Callable[[], bool], seconds: float = 10) -> bool:
    return processes.wait_for(ready, seconds=seconds, alive=lambda: True)


def ended(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_stopping_ends_what_was_started_and_nothing_else(tmp_path: Path) -> None:
    stranger = subprocess.Popen([sys.executable, "-c", SLEEPER], stdout=subprocess.DEVNULL)
    try:
        with Supervisor(Record(tmp_path / "processes.json"), print) as supervisor:
            children = [program(tmp_path, SLEEPER, name) for name in ("one", "two")]
            for child in children:
                supervisor.start(child)
            assert set(supervisor.record.entries) == {"one", "two"}
        assert [child.process is not None and child.process.poll() for child in children] == [
            -signal.SIGTERM
        ] * 2
        assert stranger.poll() is None
        assert not (tmp_path / "processes.json").exists()
    finally:
        stranger.kill()
        stranger.wait()


def test_a_program_that_ignores_the_request_is_ended_with_its_children(tmp_path: Path) -> None:
    child = program(tmp_path, STUBBORN)
    child.start()
    assert child.process is not None
    assert eventually(lambda: child.log.exists() and "up" in child.log.read_text())
    processes.stop(child.process, signal.SIGTERM, grace=0.3)
    assert child.process.returncode == -signal.SIGKILL


def test_a_program_that_falls_over_is_started_again_after_a_pause(tmp_path: Path) -> None:
    said: list[str] = []
    with Supervisor(Record(tmp_path / "processes.json"), said.append) as supervisor:
        child = program(tmp_path, "print('up', flush=True); raise SystemExit(3)")
        supervisor.start(child)

        def ask_after_second_start() -> None:
            eventually(lambda: child.log.exists() and child.log.read_text().count("up") >= 2)
            supervisor._asked.set()

        watcher = threading.Thread(target=ask_after_second_start)
        watcher.start()
        supervisor.watch()
        watcher.join()
    assert child.log.read_text().count("up") >= 2
    assert said[0].startswith("sleeper ended by itself (exit code 3); it starts again in 1 s")


def test_pauses_grow_while_a_program_keeps_falling_over(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(Record(tmp_path / "processes.json"), said.append)
    child = program(tmp_path, "raise SystemExit(1)")
    supervisor.start(child)
    for _ in range(3):
        assert child.process is not None
        child.process.wait()
        supervisor._look_after(child)
        supervisor._due[child.name] = 0
        supervisor._look_after(child)
    supervisor.stop()
    assert [text.split(" in ")[1].split(" s")[0] for text in said] == ["1", "2", "4"]


def test_sigterm_stops_the_children(tmp_path: Path) -> None:
    supervisor = begin_elsewhere(tmp_path)
    child = int(supervisor.stdout.readline())
    supervisor.send_signal(signal.SIGTERM)
    assert supervisor.wait(20) == 0
    assert "asked to stop" in supervisor.stdout.read()
    assert ended(child)


def test_the_next_start_ends_what_a_killed_supervisor_left(tmp_path: Path) -> None:
    """A program that survives its supervisor (here: it ignores the request to end) is found by its record."""
    supervisor = begin_elsewhere(tmp_path, STUBBORN)
    child = int(supervisor.stdout.readline())
    assert eventually(
        lambda: (
            "up" in (tmp_path / "sleeper.log").read_text() if (tmp_path / "sleeper.log").exists() else False
        )
    )
    supervisor.kill()
    supervisor.wait()
    assert not ended(child)
    record = Record(tmp_path / "processes.json")
    entry = '"signal": 15'
    record.path.write_text(
        record.path.read_text().replace(entry, '"signal": 9')
    )  # spares the test the grace time
    assert record.stop_left_over() == ["sleeper"]
    assert ended(child)
    assert record.stop_left_over() == []


def test_a_process_id_that_was_given_to_another_program_is_left_alone(tmp_path: Path) -> None:
    record = Record(tmp_path / "processes.json")
    record.path.write_text(f'{{"web": {{"pid": {os.getpid()}, "begun": 1.0, "signal": 9}}}}')
    assert record.stop_left_over() == []


def test_a_second_supervisor_in_the_same_folder_is_refused_in_one_sentence(tmp_path: Path) -> None:
    state = State(tmp_path)
    with (
        state.locked("http://127.0.0.1:8000/"),
        pytest.raises(Trouble) as refusal,
        State(tmp_path).locked("second"),
    ):
        raise AssertionError("both hold the folder")
    assert f"process {os.getpid()}, http://127.0.0.1:8000/" in str(refusal.value)
    with state.locked("third"):
        assert "third" in (tmp_path / "embedded.lock").read_text()


def begin_elsewhere(folder: Path, code: str = SLEEPER) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", BEGIN_AND_STAY, str(folder), code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
