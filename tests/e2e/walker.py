"""One person in a browser of their own: logs in, presses buttons by what they do, looks for violations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

WIDE = {"width": 1280, "height": 900}
PHONE = {"width": 375, "height": 800}


class Walker:
    """`url` is the portal's address; every page that `look` sees is checked with axe and may be photographed.

    With `script=False` the browser runs no JavaScript; such a walker can act, but axe can't look through its eyes.
    """

    def __init__(self, browser: Any, url: str, *, script: bool = True) -> None:
        self.url = url
        self.context = browser.new_context(locale="id-ID", viewport=WIDE, java_script_enabled=script)
        self.context.set_default_timeout(20_000)
        self.page = self.context.new_page()

    def log_in(self, email: str, password: str) -> Walker:
        self.go("/accounts/login/")
        self.page.fill("input[name=login]", email)
        self.page.fill("input[name=password]", password)
        self.page.click("main form button.button")
        self.page.wait_for_load_state()
        assert "/accounts/login" not in self.page.url, self.text()
        return self

    def go(self, path: str) -> Walker:
        answer = self.page.goto(self.url + path)
        assert answer is not None
        assert answer.status < 400, f"{path} answers {answer.status}"
        return self

    def do(self, action: str) -> Walker:
        """Press the button (or follow the link) of a workflow step on the page at hand."""
        self.page.locator(
            f"main [action*='/do/{action}/'] button, main a[href*='/do/{action}/']"
        ).first.click()
        self.page.wait_for_load_state()
        return self

    def send(self) -> Walker:
        """Send the form of the page at hand."""
        self.page.locator("main form[method=post] button.button").first.click()
        self.page.wait_for_load_state()
        return self

    def text(self) -> str:
        return str(self.page.inner_text("main"))

    def look(self, name: str) -> Walker:
        """No violation that axe can find, nothing wider than a phone; a picture where somebody wants to see it."""
        violations = Axe().run(self.page).response["violations"]
        assert not violations, (
            name + ": " + "; ".join(f"{v['id']} ({v['nodes'][0]['html'][:150]})" for v in violations)
        )
        self._picture(f"{name}-1280")
        self.page.set_viewport_size(PHONE)
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        self._picture(f"{name}-375")
        self.page.set_viewport_size(WIDE)
        assert wide <= PHONE["width"], f"{name} is {wide} pixels wide on a phone"
        return self

    def _picture(self, name: str) -> None:
        folder = os.environ.get("SCREENSHOTS")
        if folder:
            self.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
