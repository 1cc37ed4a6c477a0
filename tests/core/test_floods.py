"""Who goes on asking after a 429 gets it again without any work; nobody else does."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from network_portal import urls as portal_urls
from network_portal.core.ratelimit import limited

pytestmark = pytest.mark.django_db
LOOKED: list[str] = []


@limited("flooded", per_minute=1, burst=1)
def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


def counted(request: HttpRequest) -> HttpResponse:
    LOOKED.append(request.get_full_path())
    return view(request)


urlpatterns = [*portal_urls.urlpatterns, path("flooded/", counted)]


@pytest.fixture
def client() -> Any:
    LOOKED.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(REMOTE_ADDR="192.0.2.9")


def test_the_second_refusal_costs_no_look_and_reads_like_the_first(client: Client) -> None:
    answers = [client.get(f"/flooded/?a=1&b={n}") for n in range(6)]
    assert [answer.status_code for answer in answers] == [200, 429, 429, 429, 429, 429]
    assert len(LOOKED) == 2
    assert answers[1].content == answers[5].content
    for name in ("Content-Security-Policy", "Content-Type", "X-Frame-Options"):
        assert answers[5].headers[name] == answers[1].headers[name]
    assert int(answers[5].headers["Retry-After"]) >= 1


def test_what_one_asked_for_is_not_told_to_the_next(client: Client) -> None:
    answers = [client.get("/flooded/?q=penyakit&b=1") for _n in range(3)]
    assert b"penyakit" not in answers[-1].content


def test_only_pages_are_told_again_not_what_programs_send(client: Client) -> None:
    for _n in range(4):
        client.post("/flooded/?a=1&b=1")
    assert len(LOOKED) == 4


@pytest.mark.parametrize(
    "other",
    [
        {"REMOTE_ADDR": "192.0.2.10"},
        {"HTTP_COOKIE": "django_language=id"},
        {"HTTP_REFERER": "http://testserver/"},
        {"QUERY_STRING": "q=a"},
    ],
)
def test_others_and_readers_who_go_from_page_to_page_are_looked_at(client: Client, other: Any) -> None:
    for _n in range(3):
        client.get("/flooded/?a=1&b=1")
    before = len(LOOKED)
    client.get("/flooded/?a=1&b=1", **other)
    assert len(LOOKED) == before + 1
