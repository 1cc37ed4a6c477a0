"""Home, help, accessibility, state, errors: there for everybody, in both languages, under a strict policy."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from network_portal import urls as portal_urls
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.pages import errors
from network_portal.pages.context import portal

pytestmark = pytest.mark.django_db
TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
PUBLIC = ["/", "/help/", "/accessibility/", "/status/"]


def crash(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("boom")


def busy(request: HttpRequest) -> HttpResponse:
    return errors.unavailable(request)


def forbidden_by_rule(request: HttpRequest) -> HttpResponse:
    raise RuleViolation("no", "Hari ini tidak bisa.")


def stale(request: HttpRequest) -> HttpResponse:
    raise Conflict("stale", "Rekan Anda lebih cepat.")


urlpatterns = [
    *portal_urls.urlpatterns, path("crash/", crash), path("busy/", busy), path("rule/", forbidden_by_rule),
    path("stale/", stale),
]  # fmt: skip
handler400, handler403, handler404, handler500 = (
    portal_urls.handler400, portal_urls.handler403, portal_urls.handler404, portal_urls.handler500,
)  # fmt: skip


@pytest.mark.parametrize(
    ("path", "marked"), [("/search", True), ("/edition/7", True), ("/", False), ("/help/", False)]
)
def test_the_menu_marks_where_a_page_belongs(rf: Any, path: str, marked: bool) -> None:
    entries = {item.url: item.current for item in portal(rf.get(path))["nav"]}
    assert entries["/search"] is marked


@pytest.mark.parametrize("url", PUBLIC)
@pytest.mark.parametrize("language", ["id", "en"])
def test_a_public_page_has_a_language_one_heading_and_a_title(
    client: Client, url: str, language: str
) -> None:
    client.cookies["django_language"] = language
    page = client.get(url)
    text = page.content.decode()
    assert page.status_code == 200
    assert f'<html lang="{language}">' in text
    assert len(re.findall(r"<h1[ >]", text)) == 1
    assert re.search(r"<title>\S.* – Jejaring</title>", text)


@pytest.mark.parametrize("url", PUBLIC)
def test_no_page_carries_inline_script_or_style(client: Client, url: str) -> None:
    page = client.get(url)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    text = page.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


def test_the_home_page_asks_the_same_few_questions_however_full_the_network_is(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(12):
        client.get("/")


@override_settings(ROOT_URLCONF=__name__)
@pytest.mark.parametrize(
    ("url", "status"),
    [("/there/is/nothing", 404), ("/crash/", 500), ("/busy/", 503), ("/rule/", 400), ("/stale/", 409)],
)
def test_every_error_has_a_page_in_the_portals_look(client: Client, url: str, status: int) -> None:
    client.raise_request_exception = False
    page = client.get(url)
    assert page.status_code == status
    text = page.content.decode()
    assert "css/base" in text
    assert "<h1>" in text
    assert "boom" not in text


@override_settings(ROOT_URLCONF=__name__)
def test_a_rule_that_says_no_leads_back_to_the_form_with_its_reason() -> None:
    client = Client(headers={"referer": "http://testserver/help/"})
    answer = client.post("/rule/", follow=True)
    assert answer.redirect_chain == [("http://testserver/help/", 302)]
    assert "Hari ini tidak bisa." in answer.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_rule_never_leads_to_another_site() -> None:
    answer = Client(headers={"referer": "https://evil.example/"}).post("/rule/")
    assert answer.status_code == 400


def test_a_form_without_its_key_is_told_what_to_do() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "css/base" in answer.content.decode()


def test_server_errors_are_shown_without_a_database(rf: Any) -> None:
    from django.db import connection

    with connection.execute_wrapper(_refuse):
        assert errors.server_error(rf.get("/")).status_code == 500
        assert errors.unavailable(rf.get("/")).headers["Retry-After"] == "60"


@override_settings(
    STORAGES={"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}},
    DEBUG=False,
)
def test_server_errors_are_shown_where_the_static_files_were_not_collected(
    rf: Any, settings: Any, tmp_path: Path
) -> None:
    settings.STATIC_ROOT = tmp_path
    for answer, status in ((errors.server_error(rf.get("/")), 500), (errors.unavailable(rf.get("/")), 503)):
        assert answer.status_code == status
        assert "/static/css/base.css" in answer.content.decode()


def _refuse(*_args: Any, **_more: Any) -> None:
    raise AssertionError("an error page must not ask the database")


def test_a_page_with_errors_says_so_once_in_its_title() -> None:
    """base.html puts the word in front; a page that asks something else of its forms does so in `title_prefix`."""
    twice = [
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if re.search(r"block title %}.*translate .Error:.", path.read_text(encoding="utf-8"))
        and path.name != "base.html"
    ]
    assert twice == []
