"""The portal's five programs and their environment, as the demo and the development server start them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from network_portal.embedded.state import ROOT, State
from network_portal.embedded.supervisor import Program

# Values that would send the demo elsewhere: another database, real mail, somebody's own addresses.
_NOT_TAKEN_OVER = (
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL_FILE",
    "DEBUG",
    "DEMO",
    "DJANGO_SETTINGS_MODULE",
    "EMAIL_HOST",
    "HTTPS",
    "PORTAL_URL",
    "REDIS_URL_FILE",
    "SECRET_KEY_FILE",
    "WEB_BIND",
)


def environment(state: State, values: dict[str, str], *, port: int, debug: bool) -> dict[str, str]:
    """The caller's environment with this folder's servers in it."""
    env = {name: value for name, value in os.environ.items() if name not in _NOT_TAKEN_OVER}
    env.update(values)
    env["VAR_DIR"] = str(state.var)
    env["PORTAL_URL"] = f"http://127.0.0.1:{port}"
    env["WEB_BIND"] = f"127.0.0.1:{port}"
    env["DEBUG" if debug else "DEMO"] = "1"
    env["PYTHONUNBUFFERED"] = "1"
    return env


def programs(state: State, env: dict[str, str], *, echo: bool = False) -> list[Program]:
    """Web server, workers for daily work and for catalogues, the single index worker and the clock."""
    celery = [sys.executable, "-m", "celery", "-A", "network_portal"]
    quiet = ["--without-gossip", "--without-mingle"]
    worker = [*celery, "worker", "-Q", "default", "-c", "1", "-n", "worker@jejaring", *quiet]
    harvester = [*celery, "worker", "-Q", "harvest", "-c", "1", "-n", "harvester@jejaring", *quiet]
    indexer = [*celery, "worker", "-Q", "index", "-c", "1", "-n", "indexer@jejaring", *quiet]
    clock = [*celery, "beat", "--pidfile="]
    web = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        str(ROOT / "network_portal/gunicorn_conf.py"),
        "network_portal.wsgi",
    ]
    if env.get("DEBUG") == "1":
        web = [sys.executable, str(ROOT / "manage.py"), "runserver", env["WEB_BIND"]]
    commands = {"worker": worker, "harvester": harvester, "indexer": indexer, "beat": clock, "web": web}
    return [Program(name, argv, ROOT, env, _log(state, name), echo=echo) for name, argv in commands.items()]


def _log(state: State, name: str) -> Path:
    return state.logs / f"{name}.log"
