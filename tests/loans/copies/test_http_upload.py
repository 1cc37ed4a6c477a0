"""Uploads over real connections: broken off and taken up again, announced too large, and endless."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections import namedtuple
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as portal
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from loans.delivery import store
from loans.models import ScanFile, SupplyAttempt, UploadSession
from network_portal.core import disk
from tests.e2e.portal import ROOT
from tests.loans.copies import files
from tests.loans.copies.scene import scanning
from tests.loans.copies.test_delivery import stored_files
from tests.loans.pages import client_of, text_of
from tests.loans.world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SCAN = files.pdf(content=b"% " + b"x" * 900_000 + b"\nBT ET")
GIGABYTE = 1024**3
TOKEN = "a" * 32


class Line:
    """A librarian's connection to the running portal."""

    def __init__(self, address: str, world: World) -> None:
        self.attempt: SupplyAttempt = scanning(world)
        self.place = urlsplit(address).netloc
        client = Client()
        client.force_login(world.people["JKT"])
        self.headers = {
            "Cookie": f"sessionid={client.cookies['sessionid'].value}; csrftoken={TOKEN}; django_language=en",
            "X-CSRFToken": TOKEN, "Host": self.place,
        }  # fmt: skip
        number = {"number": self.attempt.request.number}
        self.parts = reverse("loans:copy_part", kwargs=number) + "?key=abc&name=bab.pdf"
        self.form = reverse("loans:copy_scan", kwargs=number)

    def put(self, body: bytes, part: str, *, length: int | None = None) -> tuple[int, dict[str, Any]]:
        web = http.client.HTTPConnection(self.place, timeout=20)
        headers = self.headers | {"Content-Range": part, "Content-Length": str(length or len(body))}
        web.request("PUT", self.parts, body, headers)
        answer = web.getresponse()
        told = json.loads(answer.read())
        web.close()
        return answer.status, told

    def break_off(self, sent: bytes, part: str, announced: int) -> None:
        """Send a piece of a part, then the cable is pulled."""
        with self._open("PUT", self.parts, announced, f"Content-Range: {part}\r\n") as line:
            line.sendall(sent)

    def pour(self, announced: int, head: bytes, *, most: int) -> tuple[bytes, int]:
        """Send a form of so many bytes, zeros behind its head, until the portal has had enough."""
        sent = 0
        with self._open(
            "POST", self.form, announced, "Content-Type: multipart/form-data; boundary=X\r\n"
        ) as line:
            try:
                line.sendall(head)
                while sent < most:
                    line.sendall(bytes(1024 * 1024))
                    sent += 1024 * 1024
            except OSError:
                pass  # it hung up
            try:
                return line.recv(4096), sent
            except OSError:
                return b"", sent

    def _open(self, method: str, address: str, announced: int, more: str) -> socket.socket:
        host, _colon, port = self.place.partition(":")
        line = socket.create_connection((host, int(port)), timeout=20)
        told = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
        line.sendall(
            f"{method} {address} HTTP/1.1\r\n{told}Content-Length: {announced}\r\n{more}\r\n".encode()
        )
        return line


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    """To a web server as it runs in earnest: a test server reads to the end what it was told to refuse."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    (tmp_path / "temp").mkdir()
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path="/" + connection.settings_dict["NAME"])
    env = {
        **os.environ, "DATABASE_URL": urlunsplit(database), "MEDIA_DIR": str(portal.MEDIA_ROOT), "WEB_BIND": address,
        "VAR_DIR": str(tmp_path), "SECRET_KEY": portal.SECRET_KEY, "DEBUG": "1", "TMPDIR": str(tmp_path / "temp"),
        "PORTAL_URL": f"http://{address}", "WEB_CONCURRENCY": "1",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "network_portal/gunicorn_conf.py",
        "network_portal.wsgi",
    ]
    with (tmp_path / "web.log").open("wb") as log:
        web = subprocess.Popen(command, cwd=ROOT, env=env, stdout=log, stderr=log)
        try:
            soon(lambda: web.poll() is not None or answers(address), seconds=30)
            assert web.poll() is None, (tmp_path / "web.log").read_text()[-2000:]
            yield Line(f"http://{address}", make_world())
        finally:
            web.terminate()
            web.wait(timeout=20)


def answers(address: str) -> bool:
    try:
        web = http.client.HTTPConnection(address, timeout=5)
        web.request("GET", "/healthz")
        return web.getresponse().status < 500
    except OSError:
        return False


def soon(wanted: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not wanted():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_broken_upload_goes_on_where_it_stopped(line: Line) -> None:
    total, half = len(SCAN), 400_000
    assert line.put(SCAN[:half], f"bytes 0-{half - 1}/{total}")[1]["received"] == half
    line.break_off(SCAN[half : half + 100_000], f"bytes {half}-{total - 1}/{total}", total - half)
    soon(lambda: UploadSession.objects.get().received == half + 100_000)
    # A browser that was closed begins at the start again, and is told how far the file is.
    status, told = line.put(SCAN[:half], f"bytes 0-{half - 1}/{total}")
    assert (status, told["received"]) == (200, half + 100_000)
    assert line.put(b"x", f"bytes {total - 1}-{total - 1}/{total}")[0] == 409
    at = told["received"]
    status, told = line.put(SCAN[at:], f"bytes {at}-{total - 1}/{total}")
    assert (status, told["done"]) == (200, True)
    file = ScanFile.objects.get()
    assert store.full_path(file.file.name or "").read_bytes() == SCAN


def test_three_gigabytes_are_refused_before_they_come(line: Line, tmp_path: Path) -> None:
    status, told = line.put(b"%PDF-1.7", f"bytes 0-7/{3 * GIGABYTE}")
    assert (status, told["code"]) == (422, "too_large")
    assert "200 MB" in told["message"]
    assert UploadSession.objects.count() == 0

    # The same in one plain form: cut off with what is on the line, nothing on the disk.
    head = b'--X\r\nContent-Disposition: form-data; name="scans"; filename="big.pdf"\r\n\r\n%PDF-1.7\n'
    answer, sent = line.pour(3 * GIGABYTE, head, most=64 * 1024**2)
    assert sent < 64 * 1024**2
    assert answer == b"" or answer.startswith(b"HTTP/1.1 413")
    assert [path for path in (tmp_path / "temp").rglob("*") if path.stat().st_size > 100_000] == []
    assert stored_files() == []


def test_disk_without_room_is_told_before_the_form_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    attempt = scanning(world)
    page = reverse("loans:copy_scan", kwargs={"number": attempt.request.number})
    upload = SimpleUploadedFile("a.pdf", files.pdf())
    usage = namedtuple("usage", "total used free")
    with monkeypatch.context() as full:  # the operating system's answer, nothing of the portal's
        full.setattr(disk.shutil, "disk_usage", lambda folder: usage(10**9, 10**9, 1000))
        told = client_of(world, "JKT").post(page, {"scans": [upload]}, follow=True)
    assert told.status_code == 507
    assert "disk is full" in text_of(told)
    assert ScanFile.objects.count() == 0
    assert stored_files() == []
