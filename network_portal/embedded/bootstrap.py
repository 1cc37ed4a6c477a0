"""Makes .venv and installs the pinned packages, only when they changed. Standard library only: it runs before all else.

Called by the Makefile as `python3 -I network_portal/embedded/bootstrap.py [--dev]`; one sentence on what is missing.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
NEEDED_MB = {"requirements.txt": 900, "requirements-dev.txt": 1600}


class Missing(Exception):
    """One clear sentence."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def require_venv_module() -> None:
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    raise Missing(
        f"Python {version} at {sys.executable} has no venv module. On Debian or Ubuntu install it with "
        f"`apt-get install python{version}-venv`, or name another Python: make PYTHON=/path/to/python3 …"
    )


def require_disk(needed_mb: int) -> None:
    free_mb = shutil.disk_usage(ROOT).free // 1024**2
    if free_mb < needed_mb:
        raise Missing(
            f"The disk that holds {ROOT} has {free_mb} MB left; the packages need {needed_mb} MB. "
            "Free some space and start again."
        )


def venv_works() -> bool:
    """Whether .venv holds a Python that runs, has pip, and is of a version the portal supports."""
    code = "import sys, pip; sys.exit(sys.version_info < (3, 10))"
    try:
        return subprocess.run([str(PYTHON), "-c", code], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    if venv_works():
        return
    require_venv_module()
    require_disk(NEEDED_MB["requirements.txt"])
    say(f"Making .venv with Python {sys.version.split()[0]} …")
    # A Python inside another venv must not hand its packages on; --clear repairs a half-made or outdated .venv.
    command = [sys.executable, "-I", "-m", "venv", "--clear", str(VENV)]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode:
        require_disk(100)
        lines = (result.stdout + result.stderr).strip().splitlines() or ["no reason was given"]
        raise Missing(f"The folder .venv could not be made: {lines[-1]}")


def fingerprint(names: list[str]) -> str:
    version = subprocess.run([str(PYTHON), "-V"], capture_output=True, check=True).stdout
    return hashlib.sha256(version + b"".join((ROOT / name).read_bytes() for name in names)).hexdigest()


def install(name: str, names: list[str]) -> None:
    stamp = VENV / f".{name}.sha256"
    wanted = fingerprint(names)
    if stamp.exists() and stamp.read_text(encoding="ascii") == wanted:
        return
    require_disk(500)
    say(f"Installing the packages of {name} (the first time this takes a few minutes) …")
    log = ROOT / "var" / "log" / "pip.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-r", name]
    with log.open("w", encoding="utf-8") as output:
        code = subprocess.run(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code:
        raise Missing(why_pip_failed(log))
    stamp.write_text(wanted, encoding="ascii")


def why_pip_failed(log: Path) -> str:
    lines = [
        line.strip()
        for line in log.read_text(encoding="utf-8", errors="replace").splitlines()
        if line.strip()
    ]
    text = "\n".join(lines)
    if "No space left on device" in text:
        return f"The disk that holds {ROOT} is full. Free some space and start again."
    if "Failed to establish a new connection" in text or "Temporary failure in name resolution" in text:
        return "The packages could not be fetched: no connection to the package index. Try again later."
    reasons = [line for line in lines if line.startswith("ERROR")] or lines or ["no reason was given"]
    return f"The packages could not be installed: {reasons[-1]} (whole output: {log})"


def main(arguments: list[str]) -> int:
    try:
        VENV.mkdir(exist_ok=True)
        # Beside .venv, since --clear empties it: two makes at once must not install into each other.
        (ROOT / "var").mkdir(exist_ok=True)
        with (ROOT / "var" / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            make_venv()
            if "--dev" in arguments:
                install("requirements-dev.txt", ["requirements.txt", "requirements-dev.txt"])
            else:
                install("requirements.txt", ["requirements.txt"])
    except Missing as missing:
        sys.stderr.write(f"{missing}\n")
        return 2
    except OSError as error:
        full = error.errno in (28, 122)
        reason = "the disk is full" if full else f"{error.strerror or error}"
        sys.stderr.write(f"{error.filename or ROOT} could not be written: {reason}.\n")
        return 2
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main(sys.argv[1:]))
