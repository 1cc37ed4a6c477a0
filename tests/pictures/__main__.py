"""`make pictures`: the demo network on throw-away servers, photographed for handbook and README in both languages.

Names of scenes as arguments have only these taken. Pictures are small: a palette of 128 colours is enough for a page.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.chromium import CHROMIUM_ARGS, chromium_path
from tests.perf.clients import free_port, wait_for
from tests.perf.watched import ROOT, run
from tests.pictures.scenes import SCENES, Scene

LANGUAGES = ("id", "en")
FOLDER = ROOT / "docs" / "handbook" / "img"
PASSWORD = "demo-jejaring"
COLOURS = 128


def main() -> None:
    wanted = [scene for scene in SCENES if not sys.argv[1:] or scene.name in sys.argv[1:]]
    with tempfile.TemporaryDirectory(prefix="pictures-") as folder:
        os.environ.update(
            VAR_DIR=folder, DEMO="1", DEBUG="0", LOG_LEVEL="ERROR", RATE_LIMITS="0", ALLOWED_HOSTS="127.0.0.1"
        )
        for command in (("migrate",), ("collectstatic", "--noinput"), ("build_demo",)):
            run("manage.py", *command, "--verbosity", "0")
        with portal() as address, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=chromium_path(), args=CHROMIUM_ARGS)
            for language in LANGUAGES:
                photograph(chromium, address, language, wanted)
            chromium.close()


def photograph(chromium: Any, address: str, language: str, scenes: list[Scene]) -> None:
    """One browser for each person: logging in once is enough."""
    for who, narrow in dict.fromkeys((scene.who, scene.narrow) for scene in scenes):
        context = chromium.new_context(
            locale=language,
            viewport={"width": 390 if narrow else 1280, "height": 800},
            reduced_motion="reduce",
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": address}])
        page = context.new_page()
        if who:
            page.goto(f"{address}/accounts/login/")
            page.fill("input[name=login]", who)
            page.fill("input[name=password]", PASSWORD)
            page.click("main form button.button")
            page.wait_for_load_state()
            if (
                page.locator("html").get_attribute("lang") != language
            ):  # the account has a language of its own
                page.locator(".bar form[action*='setlang'] button").first.click()
                page.wait_for_load_state()
        for scene in scenes:
            if (scene.who, scene.narrow) == (who, narrow):
                take(page, address, scene, FOLDER / language / f"{scene.name}.png")
        context.close()


def take(page: Any, address: str, scene: Scene, path: Path) -> None:
    answer = page.goto(address + scene.path)
    if answer.status >= 400:
        raise SystemExit(f"{scene.name}: {scene.path} answers {answer.status}")
    if scene.follow:
        page.goto(address + str(page.locator(scene.follow).first.get_attribute("href")))
    page.set_viewport_size({"width": page.viewport_size["width"], "height": scene.height})
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, optimize=True)
    print(path.relative_to(ROOT), f"{path.stat().st_size / 1000:.0f} kB", flush=True)  # noqa: T201


@contextmanager
def portal() -> Iterator[str]:
    port = free_port()
    environment = {**os.environ, "WEB_BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2"}
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
        yield f"http://127.0.0.1:{port}"
    finally:
        web.terminate()
        web.wait()


if __name__ == "__main__":
    main()
