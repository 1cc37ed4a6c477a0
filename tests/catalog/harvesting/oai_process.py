"""A loopback OAI-PMH server as a process of its own, with records like real ones. For tests of faults and of speed.

`python -m tests.catalog.harvesting.oai_process COUNT PAGE` prints its address and serves until it is ended.
"""

from __future__ import annotations

import io
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from catalog.corpus.generate import editions, record
from catalog.formats.reader import read_records
from catalog.formats.records import RawRecord
from catalog.formats.write import to_marcxml
from tests.catalog.harvesting.oai_server import START, Behaviour, Item, OaiServer

ROOT = Path(__file__).resolve().parents[3]


def corpus(count: int, *, seed: int = 5) -> Iterator[bytes]:
    """Binary records, about three quarters of them the first of their edition."""
    rng = random.Random(seed)
    known = list(editions(max(1, count * 3 // 4), seed))
    for number in range(count):
        yield record(known[number % len(known)], 1 + number // len(known), f"{number:06d}", rng)


def corpus_items(count: int, *, seed: int = 5) -> list[Item]:
    """The same as MARCXML under a server's identifiers."""
    items = []
    stream = io.BytesIO(b"".join(corpus(count, seed=seed)))
    for number, found in enumerate(read_records(stream)):
        assert isinstance(found, RawRecord)
        xml = to_marcxml(found.fields, found.leader).decode()
        stamp = START + timedelta(seconds=number)
        items.append(Item(f"oai:korpus.example.ac.id:{number}", stamp, xml[xml.index("<record") :]))
    return items


@contextmanager
def oai_process(count: int, page: int = 100) -> Iterator[str]:
    """The server's address."""
    command = [sys.executable, "-m", "tests.catalog.harvesting.oai_process", str(count), str(page)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.wait()


def main() -> None:
    count, page = int(sys.argv[1]), int(sys.argv[2])
    with OaiServer(corpus_items(count), Behaviour(page=page)) as server:
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        while True:
            time.sleep(3600)


if __name__ == "__main__":
    main()
