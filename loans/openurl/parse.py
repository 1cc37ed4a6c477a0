"""A raw query string taken apart: which version it is, in which encoding, which keys. Hostile ones are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes

from django.utils.translation import gettext as _

from network_portal.core.errors import RuleViolation

MAX_QUERY = 16_000  # characters; what a browser and a server let through at most
MAX_KEYS = 150  # KEV knows some 60; the longest real links carry about 40
MAX_VALUE = 2_000  # decoded characters of one value
VERSION_1 = "z39.88-2004"
KEV_CONTEXT = "info:ofi/fmt:kev:mtx:ctx"
# ctx_enc of clause 8.1: values of info:ofi/enc, as far as links in the world use them.
ENCODINGS = {
    "utf-8": "utf-8", "utf8": "utf-8", "iso-8859-1": "cp1252", "latin1": "cp1252", "us-ascii": "ascii",
    "windows-1252": "cp1252",
}  # fmt: skip
_NAME = re.compile(r"^[a-z0-9_.:\-]{1,60}$")


class OpenURLRefused(RuleViolation):
    """The link can't be read; `code` says why, the message tells the reader."""


@dataclass(frozen=True)
class OpenURL:
    """`values` by key in lower case, in the order of the link; keys of 1.0 without "rft."."""

    version: str  # "1.0" or "0.1"
    values: dict[str, list[str]] = field(default_factory=dict)
    about: dict[str, list[str]] = field(default_factory=dict)  # 1.0: what does not describe the item

    def first(self, *keys: str) -> str:
        """The first value that is there, of the keys in turn."""
        return next((value for key in keys for value in self.values.get(key, ()) if value), "")


def parse(query: str) -> OpenURL:
    """Z39.88-2004 where a key says so ("rft.…", url_ver, ctx_ver), else version 0.1. Raises OpenURLRefused."""
    if len(query) > MAX_QUERY:
        raise _refused("too_long", _("This link is too long to be read."))
    pairs = [piece.partition("=") for piece in query.split("&", MAX_KEYS + 1) if piece]
    if len(pairs) > MAX_KEYS:
        raise _refused("too_many_keys", _("This link carries far more than the description of one title."))
    raw = [(_key(name), unquote_to_bytes(value.replace("+", " "))) for name, _eq, value in pairs]
    named = [(name, value) for name, value in raw if name]
    newer = any(name.startswith(("rft.", "rft_")) or name in ("url_ver", "ctx_ver") for name, _value in named)
    decoded = _decoded(named, strict=newer)
    if not any(value for _name, value in decoded):
        raise _refused("empty", _("This link does not describe anything."))
    return _version_1(decoded) if newer else OpenURL("0.1", _grouped(decoded))


def _key(name: str) -> str:
    """Keys are plain ASCII; anything else is nobody's key and left out."""
    plain = unquote_to_bytes(name).decode("ascii", "replace").strip().lower()
    return plain if _NAME.match(plain) else ""


def _decoded(pairs: list[tuple[str, bytes]], *, strict: bool) -> list[tuple[str, str]]:
    """UTF-8 unless ctx_enc names another (clause 8.1). Links of version 0.1 name none, and are often Latin-1."""
    named = next((value.decode("ascii", "replace") for name, value in pairs if name == "ctx_enc"), "")
    wanted = named.lower().removeprefix("info:ofi/enc:").strip() or "utf-8"
    encoding = ENCODINGS.get(wanted)
    if encoding is None:
        raise _refused("unknown_encoding", _("This link is written in an encoding that is not known here."))
    tries = [encoding] if strict or named else [encoding, "cp1252"]
    for attempt in tries:
        try:
            values = [(name, value.decode(attempt)) for name, value in pairs]
        except UnicodeDecodeError:
            continue
        if any(len(value) > MAX_VALUE for _name, value in values):
            raise _refused("value_too_long", _("A value in this link is too long to be read."))
        return values
    raise _refused("wrong_encoding", _("The letters in this link are not in the encoding that it names."))


def _version_1(pairs: list[tuple[str, str]]) -> OpenURL:
    version = next((value for name, value in pairs if name == "url_ver" and value), VERSION_1)
    if version.lower() != VERSION_1:
        raise _refused("unknown_version", _("This link follows a version of OpenURL that is not known here."))
    context = next((value for name, value in pairs if name == "url_ctx_fmt" and value), KEV_CONTEXT)
    by_reference = any(name in ("url_ctx_ref", "rft_ref") and value for name, value in pairs)
    if context.lower() != KEV_CONTEXT or by_reference or any(name == "url_ctx_val" for name, _v in pairs):
        raise _refused(
            "not_plain",
            _("This link carries its description in another file or as XML, which is not read here."),
        )
    about = [(name, value) for name, value in pairs if not name.startswith("rft.")]
    item = [(name.removeprefix("rft."), value) for name, value in pairs if name.startswith("rft.")]
    # Hybrid links repeat everything without the prefix, for resolvers of version 0.1; that is no second description.
    return OpenURL("1.0", _grouped(item), _grouped(about))


def _grouped(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        if value := " ".join(value.replace("\0", " ").split()):
            found.setdefault(name, []).append(value)
    return found


def _refused(code: str, message: str) -> OpenURLRefused:
    way = _("You can describe the title yourself instead.")
    return OpenURLRefused(code, f"{message} {way}")
