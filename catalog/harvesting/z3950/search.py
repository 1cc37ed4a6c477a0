"""One search in a Z39.50 server for a librarian who wants to copy a record. Called by harvesting/searchers.py.

The library runs in a process of its own, which is killed when it takes too long.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import Any

from django.conf import settings

from catalog.harvesting.lookup import MOST_BYTES, MOST_HITS, SECONDS, Asked, Found, Hit, LookupFailed
from catalog.harvesting.z3950 import zoom
from catalog.harvesting.z3950.options import Z3950Options
from catalog.harvesting.z3950.pqf import question
from catalog.harvesting.z3950.target import parse_target
from catalog.harvesting.z3950.types import BIB1, MESSAGES, ZOOM
from catalog.models import Source
from network_portal.core.http import FetchError

GRACE = 3.0  # the library's own time-out comes first, with a better word
FORMATS = {"usmarc": "iso2709", "unimarc": "iso2709", "xml": ""}


def installed() -> bool:
    return zoom.library() is not None


def search(source: Source, asked: Asked, *, seconds: float = SECONDS) -> Found:
    """The first records of what was found. Raises LookupFailed."""
    options = Z3950Options.from_json(source.options)
    order = {
        "target": _place(source.url), "query": question(asked, options), "options": _settings(options, seconds),
        "most": MOST_HITS, "kind": f"xml; charset={options.charset},utf-8" if options.charset else "raw",
    }  # fmt: skip
    answer = _run(order, seconds + GRACE)
    if answer.get("missing"):
        raise LookupFailed("not_installed", MESSAGES["not_installed"])
    records = [base64.b64decode(record) for record in answer["records"]]
    # A diagnostic of the last step must not cost what came before it.
    if (refusal := answer["diagnostic"]) and not any(records):
        raise _named(refusal)
    format = "" if options.charset else FORMATS[options.syntax]
    return Found(answer["count"], [Hit(r, format) for r in records if r], sum(not r for r in records))


def _place(url: str) -> str:
    try:
        return parse_target(url).pinned()
    except ValueError:
        raise LookupFailed("bad_address", MESSAGES["bad_address"]) from None
    except FetchError as refusal:
        raise LookupFailed(refusal.code, refusal.message) from None


def _settings(options: Z3950Options, seconds: float) -> dict[str, str]:
    return {
        "preferredRecordSyntax": options.syntax, "elementSetName": options.element_set,
        "timeout": str(int(seconds)), "presentChunk": str(MOST_HITS),
        "implementationName": settings.PORTAL_NAME, "maximumRecordSize": str(MOST_BYTES * MOST_HITS),
    }  # fmt: skip


def _run(order: dict[str, Any], seconds: float) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "catalog.harvesting.z3950.helper"], input=json.dumps(order).encode(),
            capture_output=True, timeout=seconds, cwd=settings.BASE_DIR, check=True,
        )  # fmt: skip
        answer: dict[str, Any] = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise LookupFailed("timeout", MESSAGES["timeout"]) from None
    except (subprocess.CalledProcessError, ValueError):
        raise LookupFailed("crashed", MESSAGES["crashed"]) from None
    return answer


def _named(refusal: dict[str, Any]) -> LookupFailed:
    table = ZOOM if refusal["group"] == "ZOOM" else BIB1
    code, message = table.get(refusal["code"], ("server_error", MESSAGES["server_error"]))
    words = [refusal["message"], refusal["addition"]]
    return LookupFailed(code, message, ": ".join(word for word in words if word))
