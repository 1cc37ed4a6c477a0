"""Readers that search over HTTP: words of the corpus, some with a facet or a sort, over kept connections."""

from __future__ import annotations

import gzip
import http.client
import random
import re
import socket
import threading
import time
from collections.abc import Iterable
from urllib.parse import urlencode

from catalog.corpus import words


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if _get(http.client.HTTPConnection("127.0.0.1", port, timeout=5), "/healthz") == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit("the web server did not start")


def measure(port: int, *, seconds: float, clients: int, seed: int) -> list[float]:
    """Seconds of each search page that `clients` readers got one after the other. Fails on any answer but 200."""
    times: list[float] = []
    failed: list[str] = []

    def read(number: int) -> None:
        rng = random.Random(seed * 100 + number)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not failed:
            path = "/search?" + urlencode(question(rng))
            started = time.perf_counter()
            status = _get(connection, path)
            times.append(time.perf_counter() - started)
            if status != 200:
                failed.append(f"{status} for {path}")

    threads = [threading.Thread(target=read, args=(n,)) for n in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise SystemExit(failed[0])
    return times


def times_of(port: int, path: str, texts: Iterable[str]) -> list[float]:
    """Seconds of each page, asked for one after the other over one connection. Fails on any answer but 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    times = []
    for text in texts:
        address = f"{path}?{urlencode({'q': text})}"
        started = time.perf_counter()
        status = _get(connection, address)
        times.append(time.perf_counter() - started)
        if status != 200:
            raise SystemExit(f"{status} for {address}")
    return times


def weight_of(port: int, address: str) -> int:
    """Bytes that a browser fetches at its first visit: the page, its style sheets, scripts and pictures, compressed."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    page = _bytes(connection, address)
    text = gzip.decompress(page).decode() if page[:2] == b"\x1f\x8b" else page.decode()
    parts = re.findall(
        r'<(?:link rel="(?:stylesheet|icon)"[^>]*? href|script src|img[^>]*? src)="(/[^"]+)"', text
    )
    return len(page) + sum(len(_bytes(connection, part)) for part in dict.fromkeys(parts))


def _bytes(connection: http.client.HTTPConnection, address: str) -> bytes:
    connection.request("GET", address, headers={"Accept-Language": "id", "Accept-Encoding": "gzip"})
    return connection.getresponse().read()


def question(rng: random.Random) -> dict[str, str]:
    kind = rng.random()
    if kind < 0.35:
        words_asked = [rng.choice(words.NOUNS)]
    elif kind < 0.7:
        words_asked = [rng.choice(words.NOUNS), rng.choice(words.QUALITIES)]
    elif kind < 0.9:
        words_asked = [rng.choice(words.GIVEN), rng.choice(words.FAMILY)]
    else:
        words_asked = [rng.choice(words.NOUNS), rng.choice(words.PLACES)]
    asked = {"q": " ".join(words_asked)}
    if rng.random() < 0.2:
        asked["page"] = str(rng.randint(2, 4))
    return asked


def _get(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path, headers={"Accept-Language": "id"})
    answer = connection.getresponse()
    answer.read()
    return answer.status
