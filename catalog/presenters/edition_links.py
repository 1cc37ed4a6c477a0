"""Links of a record to what can be read on the web (MARC 856): safe schemes only, named by where they lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

LONGEST = 90


@dataclass(frozen=True)
class ELink:
    """`url` is "" for what no browser may follow; then `text` is all there is, as the library wrote it."""

    text: str
    url: str
    host: str = ""


def web_address(link: str) -> str:
    """The link itself where a browser may follow it: what a catalogue sends may be any scheme, javascript: too."""
    return link if link.lower().startswith(("https://", "http://")) else ""


def links_of(addresses: Iterable[str], texts: Mapping[str, str] | None = None) -> list[ELink]:
    """`texts`: what libraries call them, by address; where nothing is said, the address itself tells."""
    told = texts or {}
    return [_link(address, told.get(address, "")) for address in dict.fromkeys(addresses) if address.strip()]


def _link(address: str, text: str) -> ELink:
    if not web_address(address):
        return ELink(address, "")
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:  # "http://[" is no address
        return ELink(address, "")
    if not host:
        return ELink(address, "")
    return ELink(text or _label(host, parts.path), address, host)


def _label(host: str, path: str) -> str:
    """A DOI by its number, a file by its name, anything else by the end of its path."""
    end = unquote(PurePosixPath(path).name)[:LONGEST]
    if host in ("doi.org", "dx.doi.org"):
        return "DOI " + unquote(path.strip("/"))[:LONGEST]
    if end.lower().endswith((".pdf", ".epub")):
        return _("%(file)s (%(kind)s file)") % {"file": end, "kind": end.rpartition(".")[2].upper()}
    return f"{host} … {end}" if end else host
