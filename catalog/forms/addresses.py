"""Addresses as people paste them: cleaned, or refused with what was probably meant. Called by the source forms."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from catalog.harvesting.z3950.target import parse_target

OAI_ARGUMENTS = frozenset(("verb", "metadataprefix", "set", "from", "until", "identifier", "resumptiontoken"))
SRU_ARGUMENTS = frozenset(("operation", "version", "query", "startrecord", "maximumrecords", "recordschema",
                           "recordpacking", "recordxmlescaping", "sortkeys"))  # fmt: skip
_SLIMS_PAGE = re.compile(
    r"(?:^|&)(?:p=(?:show_detail|member|login|libinfo|news|advsearch)|keywords=|search=)"
)
_KOHA_PAGE = re.compile(r"/cgi-bin/koha/(?:opac|catalogue)-")


def web_address(text: str) -> SplitResult:
    """Raises ValidationError for anything but http and https."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise forms.ValidationError(_("Enter an address that starts with https:// or http://."))
    return parts


def oai_address(text: str) -> tuple[str, dict[str, str]]:
    """The base address, and the arguments that were pasted with it. Raises ValidationError for a page of the OPAC."""
    parts = web_address(text)
    meant = ""
    if _KOHA_PAGE.search(parts.path):
        meant = f"{parts.scheme}://{parts.netloc}/cgi-bin/koha/oai.pl"
    elif _SLIMS_PAGE.search(parts.query):
        meant = f"{parts.scheme}://{parts.netloc}{parts.path or '/index.php'}?p=oai"
    if meant:
        raise forms.ValidationError(
            _("This is a page of the catalogue for readers. For its OAI-PMH server, try %(address)s"),
            params={"address": meant},
        )
    return _without(parts, OAI_ARGUMENTS)


def sru_address(text: str) -> tuple[str, dict[str, str]]:
    """The base address, and the arguments that were pasted with it."""
    return _without(web_address(text), SRU_ARGUMENTS)


def z3950_address(text: str) -> str:
    try:
        parse_target(text)
    except ValueError:
        raise forms.ValidationError(
            _("Enter the server as host:port/database, for example z3950.example.org:210/biblios.")
        ) from None
    return text.strip()


def is_front_page(address: str) -> bool:
    """Of a website, not yet of its OAI-PMH server: nothing comes after the name."""
    parts = urlsplit(address)
    return parts.path in ("", "/", "/index.php") and not parts.query


def server_path(text: str, *, folder: bool) -> str:
    """Below the folders that sources may be read from, links followed. Raises ValidationError."""
    path = text.strip()
    roots = [Path(root).resolve() for root in settings.SOURCE_PATH_ROOTS]
    if path and not any(Path(path).resolve().is_relative_to(root) for root in roots):
        raise forms.ValidationError(
            _("Only files below %(folders)s may be read."),
            params={"folders": ", ".join(map(str, settings.SOURCE_PATH_ROOTS))},
        )
    if path and folder and not Path(path).is_dir():
        raise forms.ValidationError(_("There is no such folder on the server."))
    if path and not folder and Path(path).is_dir():
        raise forms.ValidationError(_("This is a folder. Set up a watched folder for it."))
    return path


def _without(parts: SplitResult, arguments: frozenset[str]) -> tuple[str, dict[str, str]]:
    given = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in given if name.lower() not in arguments]
    told = {name.lower(): value for name, value in given if name.lower() in arguments}
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept, safe="/:"), "")), told
