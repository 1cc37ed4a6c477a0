"""How many may be at once: shared by processes, given back by those who leave and by those who die."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import ExitStack

import pytest
from django.core.cache import cache

from network_portal.core.crowding import at_once, crowd_key
from network_portal.core.ratelimit import TooManyRequests

DIES = """
import django, os; django.setup()
from django.core.cache import cache
from network_portal.core.crowding import at_once
with at_once({%r: 1}, seconds=%d):
    print("in", flush=True)
    os.kill(os.getpid(), 9)
"""


def test_no_more_than_the_limit_are_in_at_once() -> None:
    key = crowd_key("probe", "192.0.2.1")
    with ExitStack() as stack:
        for _n in range(3):
            stack.enter_context(at_once({key: 3}))
        with pytest.raises(TooManyRequests) as refused, at_once({key: 3}):
            pass
        assert refused.value.retry_after >= 1
    with at_once({key: 1}):
        pass


def test_whoever_finds_one_crowd_full_takes_no_place_in_another() -> None:
    mine, shared = crowd_key("probe", "me"), crowd_key("probe", "all")
    with at_once({shared: 1}):
        for _n in range(3):
            with pytest.raises(TooManyRequests), at_once({mine: 1, shared: 1}):
                pass
    with at_once({mine: 1, shared: 1}):
        pass


def test_an_error_inside_gives_the_place_back() -> None:
    key = crowd_key("probe", "clumsy")
    with pytest.raises(ZeroDivisionError), at_once({key: 1}):
        _ = 1 / 0
    with at_once({key: 1}):
        pass


def test_the_place_of_a_killed_worker_runs_out() -> None:
    key = crowd_key("probe", "killed")
    died = subprocess.run(
        [sys.executable, "-c", DIES % (key, 2)], capture_output=True, text=True, check=False
    )
    assert died.stdout == "in\n" and died.returncode == -9
    redis = cache._cache.get_client()  # type: ignore[attr-defined]
    (place,) = redis.zrange(key, 0, -1, withscores=True)
    assert time.time() < place[1] <= time.time() + 2
    assert 0 < redis.ttl(key) <= 3
    redis.zadd(key, {place[0]: time.time() - 0.1})  # two seconds later
    with at_once({key: 1}):
        pass


def test_the_key_tells_neither_the_address_nor_the_question() -> None:
    key = crowd_key("probe", "192.0.2.1 penyakit")
    assert "192" not in key and "penyakit" not in key
