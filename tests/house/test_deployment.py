"""The files that others run: Makefile, requirements, container, licence."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from network_portal.embedded import bootstrap
from network_portal.embedded.state import ROOT

TARGETS = [
    "help",
    "demo",
    "test",
    "setup",
    "serve",
    "lint",
    "types",
    "messages",
    "bench",
    "pictures",
    "clean",
]
FILLED = {
    "SECRET_KEY": "a-long-and-secret-value",
    "ALLOWED_HOSTS": "portal.example.org",
    "PORTAL_URL": "https://portal.example.org",
    "POSTGRES_PASSWORD": "one",
    "REDIS_PASSWORD": "two",
}


def compose(folder: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """`docker compose config` on a copy of the file, with .env made from .env.example."""
    docker = shutil.which("docker")
    if (
        not docker
        or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode
    ):
        pytest.skip("docker compose is not here")
    shutil.copy(ROOT / "docker-compose.yml", folder)
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    filled = [f"{line}{values[line[:-1]]}" if line[:-1] in values else line for line in lines]
    (folder / ".env").write_text("\n".join(filled), encoding="utf-8")
    command = [docker, "compose", "config"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_compose_accepts_the_file_with_a_filled_in_environment(tmp_path: Path) -> None:
    result = compose(tmp_path, **FILLED)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("missing", sorted(FILLED))
def test_compose_refuses_a_missing_secret(tmp_path: Path, missing: str) -> None:
    result = compose(tmp_path, **{name: value for name, value in FILLED.items() if name != missing})
    assert result.returncode != 0
    assert f"Set {missing} in .env" in result.stderr


def test_every_service_has_a_health_check_and_no_secret_is_written_down() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    services = yaml.safe_load(text)["services"]
    assert set(services) == {"postgres", "redis", "migrate", "web", "worker", "harvester", "indexer", "beat"}
    assert all("healthcheck" in service for service in services.values())
    for name in ("SECRET_KEY", "ALLOWED_HOSTS", "POSTGRES_PASSWORD", "REDIS_PASSWORD"):
        assert set(re.findall(rf"\$\{{{name}(.)", text)) == {":"}, name
        assert f"${{{name}:?" in text


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert lines.index("USER jejaring") < next(n for n, line in enumerate(lines) if line.startswith("CMD"))


def test_make_alone_lists_every_target() -> None:
    result = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.findall(r"^  make (\w+) +\S", result.stdout, re.M) == TARGETS


def test_make_without_a_new_python_says_so_in_one_sentence() -> None:
    result = subprocess.run(
        ["make", "demo", "PYTHON=/nowhere/python3"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 2
    assert result.stderr.startswith("Jejaring needs Python 3.10 or newer")
    assert "Traceback" not in result.stderr


def test_a_python_without_venv_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    with pytest.raises(bootstrap.Missing, match=r"has no venv module.*apt-get install python3\.\d+-venv"):
        bootstrap.require_venv_module()


def test_a_failed_installation_is_told_in_one_sentence(tmp_path: Path) -> None:
    log = tmp_path / "pip.log"
    log.write_text("Collecting x\nERROR: Could not install: [Errno 28] No space left on device\n")
    assert "is full" in bootstrap.why_pip_failed(log)
    log.write_text("ERROR: No matching distribution found for x==1\nhint\n")
    assert "No matching distribution found for x==1" in bootstrap.why_pip_failed(log)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_package_is_pinned_exactly_and_has_a_reason(name: str) -> None:
    reason = False
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = True
        elif not line.strip() or line.startswith("-r "):
            reason = False
        else:
            assert re.match(r"[\w.-]+(\[[\w,]+\])?==[\w.]+(; python_version [<>=]+ \"3\.\d+\")?$", line), line
            assert reason, f"no reason above {line}"


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
