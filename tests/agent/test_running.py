"""How the agent runs: its settings, what it says, what it does when the portal is away."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from catalog.models import Run, SourceKey, SourceRecord
from catalog.services.keys import key_revoke
from tests.agent.conftest import SCRIPT, Machine
from tests.agent.dumps import dump, slims
from tests.catalog.building import SYSTEM


@pytest.fixture
def shop(machine: Machine) -> Machine:
    machine.put("dump.sql", dump(slims()))
    machine.settings("dump.sql")
    return machine


class Troubled(BaseHTTPRequestHandler):
    """A portal in trouble: answers by the list `answers`, the last one again and again."""

    answers: list[tuple[int, dict[str, str], Any]] = []
    seen: list[tuple[str, str]] = []

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.seen.append((self.command, self.headers.get("Authorization", "")))
        status, headers, body = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

    do_GET = do_POST = _answer

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def troubled() -> Iterator[tuple[str, type[Troubled]]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Troubled)
    Troubled.seen = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", Troubled
    server.shutdown()


def test_it_says_whether_the_key_works(shop: Machine) -> None:
    assert "Connected to" in shop.run("--check")


def test_settings_that_others_can_read_are_refused(shop: Machine) -> None:
    shop.config.chmod(0o644)
    assert "chmod 600" in shop.run(code=2)


def test_the_settings_in_the_documentation_work(shop: Machine) -> None:
    text = (SCRIPT.parents[1] / "docs" / "agent.md").read_text().split("```ini\n")[1].split("```")[0]
    text = (
        textwrap.dedent(text).replace("https://jejaring.example.org", shop.url).replace("jjr_…", shop.secret)
    )
    shop.config.write_text(
        text.replace("source = 12", f"source = {shop.source.pk}").replace("= id ", "= en ")
    )
    (shop.folder / "backup").mkdir()
    shop.put("backup/slims-1.sql.gz", gzip.compress(dump(slims()).encode()))
    assert "3 records new" in shop.run()


def test_missing_settings_are_named(shop: Machine) -> None:
    shop.config.write_text("[portal]\nurl = https://example.org\n")
    assert "source" in shop.run(code=2)
    shop.config.unlink()
    shop.run(code=2)


def test_an_address_without_tls_is_refused(shop: Machine) -> None:
    shop.settings("dump.sql", url="http://portal.example.org")
    assert "https://" in shop.run(code=2)


def test_a_revoked_key_ends_it_with_a_clear_word(shop: Machine) -> None:
    key_revoke(key=SourceKey.objects.get(source=shop.source), actor=SYSTEM)
    assert "refuses the key" in shop.run(code=3)


def test_a_missing_file_ends_it(shop: Machine) -> None:
    shop.settings("nothing.sql")
    assert "does not exist" in shop.run(code=4)


def test_a_dry_run_sends_and_remembers_nothing(shop: Machine) -> None:
    assert "Would send 3 records and take out 0; 6 copies" in shop.run("--dry-run")
    assert not SourceRecord.objects.exists() and not (shop.folder / "jejaring-agent.state").exists()


def test_help_speaks_both_languages() -> None:
    said = subprocess.run(
        [sys.executable, str(SCRIPT), "--help"], capture_output=True, text=True, check=True
    ).stdout
    assert "Sends a library's catalogue" in said and "Mengirim katalog" in said


def test_it_speaks_indonesian_unless_told_otherwise(shop: Machine) -> None:
    shop.config.write_text(shop.config.read_text().replace("language = en", ""))
    assert "Selesai: 3 judul baru" in shop.run()


def test_every_sentence_has_its_translation() -> None:
    import ast

    tree = ast.parse(SCRIPT.read_text())
    said = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t"
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "INDONESIAN"
    )
    told = ast.literal_eval(table)
    assert len(said) > 15 and not said - set(told)
    assert all(text.count("%") == told[text].count("%") for text in told)


def test_a_portal_that_is_away_is_tried_again_after_the_time_it_asks_for(
    shop: Machine, troubled: tuple[str, type[Troubled]]
) -> None:
    url, server = troubled
    server.answers = [(503, {"Retry-After": "1"}, b""), (502, {}, b"<html>"), (200, {}, {"open": False})]
    shop.settings("dump.sql", url=url)
    started = time.monotonic()
    assert "Next attempt" in shop.run(code=2, attempts=5)
    assert len(server.seen) == 3 and time.monotonic() - started >= 1


def test_a_portal_that_stays_away_loses_nothing(shop: Machine) -> None:
    shop.settings("dump.sql", url="http://127.0.0.1:9")
    assert "Nothing is lost" in shop.run(code=1, attempts=1)


def test_a_page_that_is_no_portal_is_not_taken_for_one(
    shop: Machine, troubled: tuple[str, type[Troubled]]
) -> None:
    url, server = troubled
    server.answers = [(200, {}, b"<html>Hotspot login</html>")]
    shop.settings("dump.sql", url=url)
    shop.run(code=1, attempts=1)


def test_the_key_is_not_carried_to_another_address(
    shop: Machine, troubled: tuple[str, type[Troubled]]
) -> None:
    url, server = troubled
    server.answers = [(302, {"Location": f"{url}/elsewhere"}, b"")]
    shop.settings("dump.sql", url=url)
    assert "another address" in shop.run(code=2, attempts=1)
    assert len(server.seen) == 1


def test_an_interrupted_sending_goes_on_where_it_stopped(
    shop: Machine, troubled: tuple[str, type[Troubled]]
) -> None:
    url, server = troubled
    shop.put("dump.sql", dump(slims(1200), per_statement=300))
    state = {
        "open": True,
        "takes": ["records", "items"],
        "records": 0,
        "items": {"stored": 0},
        "limits": {"records": 500},
    }
    taken = {"results": []}
    server.answers = [(200, {}, state), (200, {}, taken), (200, {}, taken), (503, {}, b"")]
    shop.settings("dump.sql", url=url)
    shop.run(code=1, attempts=1)
    assert "Would send 200 records" in shop.run("--dry-run")


def test_a_portal_that_lost_its_records_gets_everything_again(shop: Machine) -> None:
    shop.put("dump.sql", dump(slims(40)))
    shop.run()
    SourceRecord.objects.filter(source=shop.source).delete()
    shop.run()
    assert SourceRecord.objects.filter(source=shop.source, deleted_at=None).count() == 40


def test_everything_anew_takes_out_what_only_the_portal_has(shop: Machine) -> None:
    shop.run()
    (shop.folder / "jejaring-agent.state").unlink()
    shop.put("dump.sql", dump(slims(2)))
    shop.run("--full")
    live = SourceRecord.objects.filter(source=shop.source, deleted_at=None)
    assert set(live.values_list("identifier", flat=True)) == {"1", "2"}
    assert Run.objects.filter(source=shop.source).latest("id").deleted == 1


def test_two_agents_with_the_same_memory_do_not_run_at_once(shop: Machine) -> None:
    import sqlite3

    shop.run()
    other = sqlite3.connect(shop.folder / "jejaring-agent.state", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    assert "Another agent is running" in shop.run(code=1)
    other.close()


def test_told_to_run_every_few_minutes_it_goes_on_until_it_is_stopped(shop: Machine) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", str(SCRIPT), "--config", str(shop.config), "--every", "0.005"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Nothing has changed" in line:
                break
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
    assert any("Done: 3 records new" in line for line in lines)


def test_it_needs_nothing_but_the_standard_library_and_python_3_8() -> None:
    import ast

    tree = ast.parse(SCRIPT.read_text(), feature_version=(3, 8))
    names = {
        (node.module or "" if isinstance(node, ast.ImportFrom) else alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for alias in node.names
    }
    assert names <= set(sys.stdlib_module_names)
