"""Files with readers under the worst conditions: a worker killed in their midst, sizes, signs and formulas."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from celery import current_app
from django.conf import settings as django_settings
from django.utils import timezone

from members.choices import Role
from members.choices_people import ImportState
from members.importing.columns import guess
from members.importing.run import PORTION, imports_to_do, read_all
from members.importing.table import MOST_ROWS, read_table, rows_of
from members.models import Library, Membership, PatronImport, User
from members.services.imports import import_start, import_upload
from network_portal.core.models import AuditEntry
from tests.catalog.harvesting.workers import environment, wait_until
from tests.members.world import actor_of

ROWS = 6000


@pytest.fixture
def queue() -> Iterator[str]:
    """One of its own, so that the worker finds nothing that other tests have left."""
    name = f"imports-{uuid.uuid4().hex}"
    yield name
    with current_app.connection_for_write() as link:
        link.default_channel.queue_delete(name)


def worker(queue: str) -> subprocess.Popen[bytes]:
    """A real one with a child process that does the work, in a group of its own to be killed at once."""
    command = [
        sys.executable, "-m", "celery", "-A", "network_portal", "worker", "-Q", queue, "-c", "1", "-l", "ERROR",
        "-n", f"{queue}@%h", "--without-gossip", "--without-mingle", "--without-heartbeat",
    ]  # fmt: skip
    return subprocess.Popen(
        command, env=environment(), cwd=django_settings.BASE_DIR, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def send(source: PatronImport, queue: str) -> None:
    current_app.send_task("members.tasks_people.import_one", args=(source.pk,), queue=queue)


def kill(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def done(source: PatronImport) -> int:
    source.refresh_from_db(fields=["done", "state"])
    return source.done


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_midst_loses_nothing_and_doubles_nothing(
    bandung: Library, manager: User, queue: str
) -> None:
    lines = ["email,nama,kartu", *(f"p{n}@example.org,Orang {n},{n:05}" for n in range(ROWS))]
    source = import_upload(
        library=bandung, file_name="a.csv", data="\n".join(lines).encode(), actor=actor_of(manager)
    )
    import_start(source=source, invite=False, actor=actor_of(manager))
    send(source, queue)
    first = worker(queue)
    try:
        wait_until(lambda: done(source) >= PORTION)
    finally:
        kill(first)
    wait_until(lambda: not imports_to_do().exists(), 5)
    reached = done(source)
    readers = Membership.objects.filter(library=bandung, role=Role.PATRON)
    assert source.state == ImportState.RUNNING and 0 < reached < ROWS, "it was killed in the midst"
    assert reached % PORTION == 0 and readers.count() == reached, "whole portions or nothing"

    PatronImport.objects.update(beat_at=timezone.now() - timedelta(minutes=3))  # nobody was heard for so long
    assert imports_to_do().get() == source
    for _twice in range(2):  # as two rounds of the clock would
        send(source, queue)
    second = worker(queue)
    try:
        wait_until(lambda: done(source) == ROWS and source.state == ImportState.DONE)
    finally:
        kill(second)
    source.refresh_from_db()
    assert source.counts["created"] == ROWS and source.counts.get("refused", 0) == 0
    assert readers.count() == ROWS == readers.values("card_number").distinct().count()
    assert User.objects.filter(email__endswith="@example.org").count() == ROWS
    assert AuditEntry.objects.filter(code="members.import.done").count() == 1


def test_the_largest_file_is_read_row_by_row_and_one_row_more_is_refused() -> None:
    text = "email,nama\n" + "".join(f"p{n}@example.org,Orang {n}\n" for n in range(MOST_ROWS))
    table = read_table(text.encode())
    assert table.rows == MOST_ROWS + 1
    source = PatronImport(packed=table.packed, header=table.first[0], columns=guess(table.first))
    rows = read_all(source)
    assert next(rows).position == 2 and sum(1 for _row in rows) == MOST_ROWS - 1


def test_signs_in_no_known_encoding_are_read_as_something_and_never_lost() -> None:
    rows = list(rows_of(read_table(b"email,nama\na@b.id,Si\x81ti \xff\xe9\n").packed))
    assert rows[0] == ["email", "nama"] and rows[1][0] == "a@b.id"
    assert rows[1][1].startswith("Si") and rows[1][1].endswith("ti ÿé")
