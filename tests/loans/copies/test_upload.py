"""Scans coming in: in parts, again after a break, twice, too large, at a full disk, from a worker that died."""

from __future__ import annotations

import io
import os
import time
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal
from django.utils import timezone

from loans.delivery import store
from loans.delivery.ranges import Part, parse_range
from loans.delivery.refusal import FileRefused
from loans.delivery.upload import OutOfStep, file_remove, upload_part
from loans.models import ScanFile, SupplyAttempt, UploadSession
from loans.services.delivery import sweep
from network_portal.core import disk
from network_portal.core.errors import Conflict, RuleViolation
from tests.loans.copies import files
from tests.loans.copies.scene import scanning, send
from tests.loans.world import World

# 5 parts of 1,000 bytes and one of the rest.
BIG = files.pdf(content=b"% " + b"x" * 5000 + b"\nBT ET")
STEP = 1000


@pytest.fixture
def attempt(world: World) -> SupplyAttempt:
    return scanning(world)


def parts(content: bytes) -> list[Part]:
    return [Part(at, min(at + STEP, len(content)), len(content)) for at in range(0, len(content), STEP)]


def put(world: World, attempt: SupplyAttempt, part: Part, content: bytes = BIG, **changed: Any) -> Any:
    values: dict[str, Any] = {"key": "abc", "name": "bab.pdf", "actor": world.actor("JKT")} | changed
    return upload_part(
        attempt=attempt, part=part, source=io.BytesIO(content[part.start : part.end]), **values
    )


def stored_files() -> list[Path]:
    return [path for path in Path(portal.MEDIA_ROOT).rglob("*") if path.is_file()]


def test_upload_in_parts_makes_one_file(world: World, attempt: SupplyAttempt) -> None:
    answers = [put(world, attempt, part) for part in parts(BIG)]
    assert [answer.file is None for answer in answers] == [True] * (len(answers) - 1) + [False]
    file = ScanFile.objects.get()
    assert (file.name, file.kind, file.pages, file.size) == ("bab.pdf", "pdf", 1, len(BIG))
    assert store.full_path(file.file.name).read_bytes() == BIG
    assert len(stored_files()) == 1


def test_upload_resumes_after_a_break(world: World, attempt: SupplyAttempt) -> None:
    first, second, *rest = parts(BIG)
    put(world, attempt, first)
    broken = io.BytesIO(BIG[second.start : second.start + 300])  # the line broke in the middle
    values: dict[str, Any] = {"key": "abc", "name": "bab.pdf", "actor": world.actor("JKT")}
    answer = upload_part(attempt=attempt, part=second, source=broken, **values)
    assert answer.received == 1300
    with pytest.raises(OutOfStep) as ahead:
        put(world, attempt, rest[0])
    assert ahead.value.received == 1300
    put(world, attempt, Part(1300, 2000, len(BIG)))
    for part in rest:
        answer = put(world, attempt, part)
    assert answer.file is not None
    assert store.full_path(answer.file.file.name).read_bytes() == BIG


def test_part_sent_twice_is_taken_once(world: World, attempt: SupplyAttempt) -> None:
    for part in parts(BIG):
        put(world, attempt, part)
        put(world, attempt, part)
    assert ScanFile.objects.count() == 1


def test_same_file_sent_again_is_one_file(world: World, attempt: SupplyAttempt) -> None:
    first = send(attempt, world.actor("JKT"), BIG, key="one")
    again = send(attempt, world.actor("JKT"), BIG, key="two")
    assert first == again
    assert len(stored_files()) == 1


def test_key_of_another_file_is_told(world: World, attempt: SupplyAttempt) -> None:
    put(world, attempt, parts(BIG)[0])
    with pytest.raises(Conflict) as other:
        put(world, attempt, Part(1000, 2000, len(BIG) + 1))
    assert other.value.code == "other_file"


def test_file_above_the_cap_is_refused_before_a_byte_is_read(
    world: World, attempt: SupplyAttempt, settings: Any
) -> None:
    class Untouched:
        def read(self, size: int = -1) -> bytes:
            raise AssertionError("nothing may be read")

    three_gigabytes = 3 * 1024**3
    with pytest.raises(RuleViolation) as refused:
        upload_part(
            attempt=attempt, key="abc", name="big.pdf", part=Part(0, 1000, three_gigabytes), source=Untouched(),
            actor=world.actor("JKT"),
        )  # fmt: skip
    assert refused.value.code == "too_large"
    assert UploadSession.objects.count() == 0


def test_part_is_never_read_beyond_its_cap(world: World, attempt: SupplyAttempt, settings: Any) -> None:
    settings.COPY_CHUNK = 500
    endless = io.BytesIO(BIG * 100)
    answer = upload_part(
        attempt=attempt, key="abc", name="bab.pdf", part=Part(0, len(BIG), len(BIG)), source=endless,
        actor=world.actor("JKT"),
    )  # fmt: skip
    assert (answer.received, endless.tell()) == (500, 500)


def test_refused_file_leaves_no_bytes_and_its_key_may_be_used_again(
    world: World, attempt: SupplyAttempt
) -> None:
    with pytest.raises(FileRefused):
        send(attempt, world.actor("JKT"), files.pdf_with_script(), key="same")
    assert stored_files() == []
    assert ScanFile.objects.count() == 0
    UploadSession.objects.update(size_announced=len(BIG))
    assert send(attempt, world.actor("JKT"), BIG, key="same").pages == 1


def test_so_many_files_and_no_more_make_a_copy(world: World, attempt: SupplyAttempt, settings: Any) -> None:
    settings.COPY_MAX_FILES = 2
    for number in range(2):
        send(attempt, world.actor("JKT"), files.tiff(pages=number + 1), f"{number}.tif", key=f"k{number}")
    with pytest.raises(RuleViolation) as refused:
        send(attempt, world.actor("JKT"), BIG, key="third")
    assert refused.value.code == "too_many_files"
    assert len(stored_files()) == 2


def test_full_disk_is_told_and_keeps_what_came(
    world: World, attempt: SupplyAttempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *rest = parts(BIG)
    put(world, attempt, first)
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:  # the operating system's answer, nothing of the portal's
        full.setattr(disk.shutil, "disk_usage", lambda folder: usage(10**9, 10**9, 1000))
        with pytest.raises(RuleViolation) as refused:
            put(world, attempt, second)
    assert refused.value.code == "disk_full"
    assert UploadSession.objects.get().received == 1000
    for part in [second, *rest]:
        answer = put(world, attempt, part)
    assert answer.file is not None


def test_worker_killed_between_moving_and_writing_down_loses_only_the_file(
    world: World, attempt: SupplyAttempt
) -> None:
    for part in parts(BIG)[:-1]:
        put(world, attempt, part)
    session = UploadSession.objects.get()
    store.keep(session.path)  # moved, and then the power went
    UploadSession.objects.update(received=len(BIG))
    with pytest.raises(OutOfStep) as again:
        put(world, attempt, parts(BIG)[-1])
    assert again.value.received == 0
    for part in parts(BIG):
        answer = put(world, attempt, part)
    assert answer.file is not None
    make_old(stored_files())
    assert sweep() == 1
    assert len(stored_files()) == 1


def make_old(paths: list[Path]) -> None:
    long_ago = time.time() - 72 * 3600
    for path in paths:
        os.utime(path, (long_ago, long_ago))


def test_sweep_leaves_alone_what_a_row_names_or_is_young(world: World, attempt: SupplyAttempt) -> None:
    send(attempt, world.actor("JKT"), BIG)
    put(world, attempt, Part(0, 100, 200), content=b"x" * 200, key="going")
    make_old(stored_files())
    store.put(b"just written by somebody else")
    assert sweep() == 0
    assert len(stored_files()) == 3


def test_nothing_comes_in_once_the_copy_is_handed_over(world: World, attempt: SupplyAttempt) -> None:
    attempt.status = "uploaded"
    attempt.save()
    with pytest.raises(Conflict) as late:
        send(attempt, world.actor("JKT"), BIG)
    assert late.value.code == "not_scanning"
    assert stored_files() == []


@pytest.mark.django_db(transaction=True)
def test_removed_file_leaves_its_line_but_no_bytes(world: World) -> None:
    attempt = scanning(world)
    file = send(attempt, world.actor("JKT"), BIG)
    file_remove(file=file)
    file.refresh_from_db()
    assert (file.superseded, bool(file.purged_at), file.file.name) == (True, True, "")
    assert stored_files() == []
    assert send(attempt, world.actor("JKT"), BIG).pk != file.pk


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("bytes 0-99/100", Part(0, 100, 100)),
        (" bytes 5-5/10 ", Part(5, 6, 10)),
        ("bytes 0-100/100", None),
        ("bytes 9-3/100", None),
        ("bytes */100", None),
        ("bytes 0-99/*", None),
        ("bytes ٠-٩/١٠٠", None),
        ("", None),
    ],
)
def test_range_is_one_whole_part_or_nothing(header: str, part: Part | None) -> None:
    assert parse_range(header) == part


def test_upload_that_was_given_up_is_swept_away(world: World, attempt: SupplyAttempt) -> None:
    put(world, attempt, parts(BIG)[0])
    put(world, attempt, parts(BIG)[0], key="going")
    UploadSession.objects.filter(key__endswith="abc").update(expires_at=timezone.now() - timedelta(minutes=1))
    sweep()
    assert [session.key for session in UploadSession.objects.all()] == [f"{attempt.pk}:going"]
    assert len(stored_files()) == 1
