"""Running servers without root's rights: which account, which folders it can use, which binaries it can read.

PostgreSQL refuses to run as root. Where the portal is started by root, its servers run as an account of their own; a
checkout that this account cannot enter (such as one below /root) keeps its data and a copy of the binaries under
/var/lib/jejaring, with a link in var/.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from network_portal.embedded.trouble import Trouble

NAME = "jejaring"
SHARED_HOME = Path("/var/lib/jejaring")


@dataclass(frozen=True)
class Account:
    """A system account, as subprocess wants it."""

    uid: int
    gid: int

    def options(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_use(self, path: Path) -> bool:
        """Whether the account reaches `path` and may read and enter (or run) it."""
        command = ["/bin/sh", "-c", 'test -r "$1" && test -x "$1"', "sh", str(path)]
        return subprocess.run(command, cwd="/", **self.options(), check=False).returncode == 0


def service_account() -> Account | None:
    """The account for servers: none is needed unless root starts them; else `jejaring`, made when missing."""
    if os.geteuid() != 0:
        return None
    entry = _entry(NAME) or _make(NAME) or _entry("postgres") or _entry("nobody")
    if entry is None or entry.pw_uid == 0:
        raise Trouble(
            f"PostgreSQL does not run as root, and the account '{NAME}' could not be made. "
            "Start again as an ordinary user."
        )
    return Account(entry.pw_uid, entry.pw_gid)


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _make(name: str) -> pwd.struct_passwd | None:
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", str(SHARED_HOME)]
    try:
        subprocess.run([*command, "--shell", "/bin/false", name], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return _entry(name)


def private_folder(wanted: Path, account: Account | None) -> Path:
    """The folder `wanted` for the account alone, or the one elsewhere that a link at `wanted` leads to."""
    if account is None:
        if wanted.exists() and wanted.stat().st_uid != os.geteuid():
            raise PermissionError(13, "belongs to another account", str(wanted))
        wanted.mkdir(parents=True, exist_ok=True, mode=0o700)
        return wanted.resolve()
    if wanted.is_symlink() and not wanted.exists():
        wanted.unlink()
    if not wanted.exists():
        wanted.mkdir(parents=True, mode=0o700)
        os.chown(wanted, account.uid, account.gid)
    if account.can_use(wanted.resolve()):
        return wanted.resolve()
    target = Path(tempfile.mkdtemp(prefix=f"{wanted.name}-", dir=_shared_home()))
    for entry in wanted.iterdir():
        shutil.move(str(entry), target)
    wanted.rmdir()
    os.chown(target, account.uid, account.gid)
    wanted.symlink_to(target)
    return target


def owner_of(folder: Path, fallback: Account | None) -> Account | None:
    """Root continues data that an ordinary user began as that user; everyone else works as themselves."""
    if os.geteuid() != 0 or not folder.exists():
        return fallback
    status = folder.stat()
    return Account(status.st_uid, status.st_gid) if status.st_uid else fallback


def usable_tree(site: Path, parts: tuple[str, ...], probe: str, key: str, account: Account | None) -> Path:
    """A folder with `parts` of `site` that the account can use: `site` itself, or a copy made once per `key`."""
    if account is None or account.can_use(site / probe):
        return site
    copy = _shared_home() / key
    if not copy.exists():
        building = Path(tempfile.mkdtemp(prefix=f".{key}-", dir=_shared_home()))
        for part in parts:
            _copy(site / part, building / part)
        _let_everyone_read(building)
        building.rename(copy)
    return copy


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True)
    elif source.exists():
        shutil.copy2(source, target)


def _let_everyone_read(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            runnable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if runnable else 0o644)


def remove_folder(folder: Path) -> None:
    """Remove what private_folder gave, also where a link leads elsewhere."""
    if folder.is_symlink():
        shutil.rmtree(folder.resolve(), ignore_errors=True)
        folder.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _shared_home() -> Path:
    SHARED_HOME.mkdir(parents=True, exist_ok=True)
    SHARED_HOME.chmod(0o755)
    return SHARED_HOME
