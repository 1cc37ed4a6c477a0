"""Fixtures for every test: rights of the throw-away database, own Redis keys and files, a browser if there is one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import translation

from network_portal.core import netsettings
from tests.chromium import CHROMIUM_ARGS, chromium_path


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Transactional tests empty every table afterwards, which the audit trail refuses anywhere else."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"ALTER DATABASE {name} SET jejaring.allow_truncate = 'on'")
    connection.close()


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Uploads, index and mail of one test never meet those of another."""
    settings.VAR_DIR = tmp_path / "var"
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.SOURCE_PATH_ROOTS = [tmp_path]
    settings.CELERY_TASK_ALWAYS_EAGER = False


@pytest.fixture(autouse=True)
def own_decisions() -> None:
    """Each test begins with what no network has decided yet; a decision made in it counts for it alone."""
    netsettings.hold({})


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    """A page read in one test leaves its language to the thread; the next test starts with the portal's own."""
    translation.deactivate()
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_cache(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """A key prefix per test process; emptied after each test that touched the cache."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "KEY_PREFIX": f"test-{os.getpid()}-{worker}"}
    }
    redis = cache._cache.get_client()
    yield
    keys = list(redis.scan_iter(f"test-{os.getpid()}-{worker}:*", count=1000))
    if keys:
        redis.delete(*keys)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real headless Chromium; REQUIRE_BROWSER=1 turns its absence from a skip into a failure."""
    path = chromium_path()
    if path is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, but no Chromium is on PATH.")
        pytest.skip("no Chromium on PATH")
    from playwright.sync_api import sync_playwright

    # Playwright's synchronous interface keeps an event loop in this thread, which Django would take for misuse.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)
        yield chromium
        chromium.close()


@pytest.fixture
def browser_page(browser: Any) -> Iterator[Any]:
    """A page in a context of its own: no cookies from another test."""
    context = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(15_000)
    page = context.new_page()
    yield page
    context.close()
