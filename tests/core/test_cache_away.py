"""Redis away, PostgreSQL away: pages that can be answered are answered, the others say that it passes."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from members.choices import Role
from network_portal import urls as portal_urls
from tests.members.world import make_library, make_member


def database_away(request: HttpRequest) -> HttpResponse:
    raise OperationalError("connection refused")


urlpatterns = [*portal_urls.urlpatterns, path("away/", database_away)]
handler500 = portal_urls.handler500


@pytest.fixture
def no_redis(settings: Any) -> None:
    """An address where nobody listens."""
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}


def test_the_cache_forgets_instead_of_failing(no_redis: None) -> None:
    cache.set("kunci", "nilai")
    assert cache.get("kunci", "tidak ada") == "tidak ada"
    assert cache.get_many(["kunci"]) == {}
    assert not cache.delete("kunci")
    assert "kunci" not in cache


def test_what_is_cached_comes_back_while_redis_is_there() -> None:
    cache.set("kunci", {"nilai": 7})
    assert cache.get("kunci") == {"nilai": 7}
    assert cache.add("kunci", 1) is False
    assert cache.delete("kunci")


@pytest.mark.django_db
def test_people_can_log_in_and_read_while_redis_is_away(no_redis: None, client: Client) -> None:
    make_member("dewi@rumah.example", make_library("RUMAH", name="Rumah"), Role.LIBRARIAN)
    assert client.get("/").status_code == 200
    client.force_login(make_member("siti@rumah.example", make_library("LAIN", name="Lain")))
    page = client.get("/my/requests/")
    assert page.status_code == 200


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_database_that_does_not_answer_gives_the_page_that_says_it_passes(client: Client) -> None:
    client.raise_request_exception = False
    page = client.get("/away/")
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "60"
