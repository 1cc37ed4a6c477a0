"""The token bucket: shared by processes, refilled by time, the 429 page at the end of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from network_portal import urls as portal_urls
from network_portal.core.ratelimit import TooManyRequests, limited, take


@limited("probe", per_minute=60, burst=3)
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [*portal_urls.urlpatterns, path("probe/", view)]


def tries(who: str, times: int, **limits: int) -> int:
    passed = 0
    for _time in range(times):
        try:
            take("probe", who, **{"per_minute": 60, "burst": 5, **limits})
            passed += 1
        except TooManyRequests as error:
            assert error.retry_after >= 1
    return passed


def test_a_burst_is_let_through_and_then_no_more() -> None:
    assert tries("siti", 20) == 5


def test_one_person_does_not_use_up_anothers_bucket() -> None:
    tries("siti", 20)
    assert tries("dewi", 5) == 5


def test_many_at_once_take_no_more_than_there_is() -> None:
    with ThreadPoolExecutor(8) as pool:
        passed = sum(pool.map(lambda _n: tries("ramai", 10), range(8)))
    assert 5 <= passed <= 7  # a second of refill at most


def test_the_bucket_refills_with_time() -> None:
    assert tries("sabar", 3, per_minute=60_000, burst=1) >= 1
    assert tries("sabar", 200, per_minute=60_000, burst=1) > 1


@override_settings(ROOT_URLCONF=__name__)
def test_too_many_requests_get_a_page_that_says_when_to_come_back(db: Any) -> None:
    answers = [Client(REMOTE_ADDR="192.0.2.1").get("/probe/") for _time in range(5)]
    assert [answer.status_code for answer in answers[:3]] == [200, 200, 200]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "css/base" in answers[-1].content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_made_up_forwarding_header_gives_no_second_bucket(db: Any) -> None:
    answers = [
        Client(REMOTE_ADDR="192.0.2.2").get("/probe/", headers={"X-Forwarded-For": f"10.0.0.{n}"})
        for n in range(5)
    ]
    assert answers[-1].status_code == 429


@override_settings(ROOT_URLCONF=__name__, BEHIND_PROXY=True)
def test_behind_a_proxy_only_the_last_address_counts(db: Any) -> None:
    def ask(forwarded: str) -> int:
        return (
            Client(REMOTE_ADDR="10.0.0.1").get("/probe/", headers={"X-Forwarded-For": forwarded}).status_code
        )

    assert [ask(f"1.2.3.{n}, 203.0.113.5") for n in range(5)][-1] == 429
    assert ask("1.2.3.4, 203.0.113.6") == 200


@override_settings(RATE_LIMITS=False)
def test_the_limits_can_be_switched_off(rf: Any) -> None:
    assert all(view(rf.get("/probe/")).status_code == 200 for _time in range(10))
