"""The body of a request, read and unpacked within its limits. Used by the views."""

from __future__ import annotations

import json
import re
import zlib
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from catalog.api.problems import Refusal, too_large

MAX_BYTES = 10 * 1024**2  # of a body, packed and unpacked
MAX_RATIO = 200  # unpacked over packed; catalogue records reach about 20
RATIO_FROM = 1024**2  # bytes unpacked before the ratio is judged
STEP = 256 * 1024
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")  # what may be half of a character


def read_body(request: HttpRequest) -> bytes:
    """Raises Refusal: 411, 413, 415, 400."""
    length = request.headers.get("Content-Length", "")
    if not length.isdigit():
        raise Refusal(411, "length_required", _("Say in Content-Length how many bytes follow."))
    if int(length) > MAX_BYTES:
        raise _over()
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip"):
        raise Refusal(415, "encoding_unknown", _("Send the body as it is or packed with gzip."))
    body = request.read(int(length))
    return _unpack(body) if encoding == "gzip" else body


def _unpack(body: bytes) -> bytes:
    unpacker, parts, size = zlib.decompressobj(wbits=31), [], 0
    rest = body
    while rest and not unpacker.eof:
        try:
            part = unpacker.decompress(rest, STEP)
        except zlib.error:
            raise Refusal(400, "gzip_damaged", _("The packed body is damaged.")) from None
        rest = unpacker.unconsumed_tail
        parts.append(part)
        size += len(part)
        if size > MAX_BYTES or (size > RATIO_FROM and size > MAX_RATIO * len(body)):
            raise _over()
    if not unpacker.eof:
        raise Refusal(400, "gzip_damaged", _("The packed body is damaged."))
    return b"".join(parts)


def _over() -> Refusal:
    text = _("At most %(megabytes)s MB in one request, packed or not. Send more, smaller batches.")
    return too_large(text % {"megabytes": MAX_BYTES // 1024**2})


def read_json(body: bytes) -> Any:
    """Raises Refusal."""
    try:
        told = json.loads(body)
        return _whole(told) if _HALF.search(body) else told
    except (ValueError, RecursionError):
        raise Refusal(400, "json_malformed", _("The body is not well-formed JSON in UTF-8.")) from None


def _whole(told: Any) -> Any:
    """Halves of characters without their other half replaced: no database and no file could hold them."""
    text = json.dumps(told, ensure_ascii=False).encode("utf-16-le", "surrogatepass")
    return json.loads(text.decode("utf-16-le", "replace"))
