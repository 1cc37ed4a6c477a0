"""Wrong combinations of settings are named, and production does not start with them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from network_portal import checks
from network_portal.embedded.state import ROOT

GOOD: dict[str, Any] = {
    "DEBUG": False,
    "DEMO": False,
    "SECRET_KEY": secrets.token_urlsafe(50),
    "DATABASE_URL": "postgres://portal:l0ng-and-odd@database:5432/portal",
    "REDIS_URL": "redis://:l0ng-and-odd@redis:6379/0",
    "ALLOWED_HOSTS": ["portal.example.org"],
    "EMBEDDED_SERVERS": False,
    "EMAIL_HOST": "mail.example.org",
    "STAFF_MFA_REQUIRED": True,
    "HTTPS": True,
    "BEHIND_PROXY": True,
}


@pytest.fixture
def found(settings: Any) -> Callable[..., set[str]]:
    def ids(**changes: Any) -> set[str]:
        for name, value in {**GOOD, **changes}.items():
            setattr(settings, name, value)
        every = (checks.check_secrets, checks.check_exposure, checks.check_proxy, checks.check_combinations)
        messages = [message for check in every for message in check()]
        return {str(message.id).removeprefix("jejaring.") for message in messages}

    return ids


def test_good_production_settings_raise_nothing(found: Callable[..., set[str]]) -> None:
    assert found() == set()


@pytest.mark.parametrize(
    ("changes", "identifier"),
    [
        ({"SECRET_KEY": ""}, "E001"),
        ({"SECRET_KEY": "short"}, "E002"),
        ({"SECRET_KEY": "a" * 60}, "E002"),
        ({"SECRET_KEY": "django-insecure-" + "abcdefgh12345678" * 4}, "E002"),
        ({"DATABASE_URL": ""}, "E003"),
        ({"DATABASE_URL": "postgres://portal:postgres@database/portal"}, "E004"),
        ({"DATABASE_URL": "postgres://portal@database/portal"}, "E004"),
        ({"REDIS_URL": ""}, "E005"),
        ({"REDIS_URL": "redis://redis:6379/0"}, "E006"),
        ({"ALLOWED_HOSTS": []}, "E007"),
        ({"ALLOWED_HOSTS": ["*"]}, "E008"),
        ({"EMBEDDED_SERVERS": True}, "E009"),
        ({"EMAIL_HOST": ""}, "W001"),
        ({"STAFF_MFA_REQUIRED": False}, "W002"),
        ({"BEHIND_PROXY": False}, "W003"),
        ({"HTTPS": False}, "W004"),
        ({"HTTPS": False, "BEHIND_PROXY": False}, "W004"),
        ({"DEBUG": True, "DEMO": True, "ALLOWED_HOSTS": []}, "E010"),
        ({"DEBUG": True}, "E011"),
    ],
)
def test_each_wrong_setting_has_its_own_check(
    found: Callable[..., set[str]], changes: dict[str, Any], identifier: str
) -> None:
    assert found(**changes) == {identifier}


def test_the_demo_and_development_may_use_simple_values(found: Callable[..., set[str]]) -> None:
    simple = {
        "SECRET_KEY": "x",
        "REDIS_URL": "redis://localhost/0",
        "EMBEDDED_SERVERS": True,
        "EMAIL_HOST": "",
    }
    assert found(DEMO=True, STAFF_MFA_REQUIRED=False, **simple) == set()
    assert found(DEBUG=True, ALLOWED_HOSTS=["localhost", "192.168.1.5"], **simple) == set()


def start_in_production(var: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    env = {"PATH": os.environ["PATH"], "VAR_DIR": str(var), "ALLOWED_HOSTS": "portal.example.org"}
    (var / "static").mkdir()
    env |= {name: str(GOOD[name]) for name in ("SECRET_KEY", "DATABASE_URL", "REDIS_URL", "EMAIL_HOST")}
    command = [sys.executable, "-c", "import network_portal.wsgi"]
    return subprocess.run(command, cwd=ROOT, env=env | changes, capture_output=True, text=True, check=False)


def test_the_web_server_starts_with_good_settings(tmp_path: Path) -> None:
    result = start_in_production(tmp_path)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("key", ["", "too-short"])
def test_the_web_server_refuses_a_weak_secret_with_a_clear_message(tmp_path: Path, key: str) -> None:
    result = start_in_production(tmp_path, SECRET_KEY=key)
    assert result.returncode == 4
    assert result.stderr.startswith("The portal does not start: its settings are not safe.\n  jejaring.E00")
    assert "Traceback" not in result.stderr
