"""Stage of the bench for the record page: a title that a thousand libraries hold, over HTTP from the web server."""

from __future__ import annotations

import http.client
import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from django.test import Client
from django.utils import timezone

from tests.perf.clients import free_port, wait_for
from tests.perf.watched import ROOT

if TYPE_CHECKING:
    from catalog.models import Edition
    from members.models import User
    from tests.perf.report import Report

HOLDINGS = 1_000
PAGES = 100
CODE = "BR"
DISPLAY = {
    "title": "Laskar Pelangi", "place": "Yogyakarta", "edition_statement": "Cet. 5", "extent": "xviii, 534 hlm.",
    "languages": ["ind"], "contributors": [{"name": "Hirata, Andrea", "role": "author"}],
    "subjects": ["Fiksi Indonesia", "Belitung -- Fiksi", "Sekolah dasar"], "summary": "Sepuluh anak. " * 20,
    "identifiers": [{"scheme": "isbn", "value": "9789793062792"}], "publisher": "Bentang",
}  # fmt: skip


def bench_record_page(report: Report) -> None:
    """A reader whose library stands among the thousand: distances, terms and days are all reckoned."""
    edition, reader = _title()
    session = Client()
    session.force_login(reader)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in session.cookies.items())
    port = free_port()
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2", "RATE_LIMITS": "0"}
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "network_portal/gunicorn_conf.py",
        "network_portal.wsgi",
    ]
    web = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        page = f"/edition/{edition.pk}"
        _times(port, page, cookie, 10)
        folded = _times(port, page, cookie, PAGES)
        whole = _times(port, f"{page}?shown=320", cookie, 10)
    finally:
        web.terminate()
        web.wait()
        _remove(edition, reader)
    cuts = statistics.quantiles(folded, n=100)
    what = f"a record page over HTTP, {HOLDINGS:,} libraries hold the title, one reader with a library of her own"
    report.add("record_page_p50_ms", cuts[49] * 1000, what)
    report.add("record_page_p95_ms", cuts[94] * 1000, "the same; the aim is 100", ceiling=300)
    report.add("record_page_320_ms", statistics.median(whole) * 1000, "the same with 320 libraries unfolded")


def _times(port: int, path: str, cookie: str, count: int) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for _page in range(count):
        started = time.perf_counter()
        connection.request("GET", path, headers={"Accept-Language": "id", "Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        times.append(time.perf_counter() - started)
        if answer.status != 200 or b'class="holdings"' not in body:
            raise SystemExit(f"{answer.status} for {path}")
    return times


def _title() -> tuple[Edition, User]:
    """The title, its thousand libraries on a grid over the islands, and a reader of one of them."""
    from catalog.models import Edition, Holding, Source, SourceRecord
    from members.models import Library
    from tests.loans.world import make_person

    now = timezone.now()
    libraries = Library.objects.bulk_create(
        Library(
            name=f"Perpustakaan Bench {n}", short_code=f"{CODE}{n}", library_type="public", city=f"Kota {n % 90}",
            latitude=-10 + n % 40 / 3, longitude=96 + n % 173 / 4,
        )
        for n in range(HOLDINGS)
    )  # fmt: skip
    sources = Source.objects.bulk_create(Source(library=library, name="Bench") for library in libraries)
    edition = Edition.objects.create(
        title="Laskar Pelangi", author="Hirata, Andrea", publisher="Bentang", year=2005, language="ind",
        display=DISPLAY, record_count=HOLDINGS, library_count=HOLDINGS, created_at=now, changed_at=now,
    )  # fmt: skip
    records = SourceRecord.objects.bulk_create(
        SourceRecord(
            source=source, identifier=f"r{n}", edition=edition, raw=b"", raw_format="iso2709", draft=DISPLAY,
            content_hash=b"0" * 16, first_seen_at=now, changed_at=now,
        )
        for n, source in enumerate(sources)
    )  # fmt: skip
    statuses = ("available", "on_loan", "unknown")
    Holding.objects.bulk_create(
        Holding(
            edition=edition, library=library, record=record, location="Lantai 2", call_number=f"899.221 HIR {n}",
            status=statuses[n % 3], available_count=(1, 0, None)[n % 3], as_of=now,
        )
        for n, (library, record) in enumerate(zip(libraries, records, strict=True))
    )  # fmt: skip
    return edition, make_person("bench-record@example.org", libraries[500], "patron")


def _remove(edition: Edition, reader: User) -> None:
    from catalog.models import Source
    from members.models import Library

    reader.memberships.all().delete()
    reader.delete()
    edition.holdings.all().delete()
    edition.records.all().delete()
    edition.delete()
    Source.objects.filter(name="Bench", library__short_code__regex=rf"^{CODE}\d+$").delete()
    Library.objects.filter(short_code__regex=rf"^{CODE}\d+$").delete()
