"""PostgreSQL's COPY text format, written by hand: the parsing helper prepares lines, the writer only adds ids.

No Django here: the helper process imports this.
"""

from __future__ import annotations

import json
import re
from typing import Any

import orjson

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_SPECIAL = re.compile("[\\\\\t\n\r\0]")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\0": None})


def text(value: str) -> str:
    return value.translate(_ESCAPES) if _SPECIAL.search(value) else value


def clipped(value: str, length: int) -> str:
    return text(value[:length])


def nullable(value: object) -> str:
    return "\\N" if value is None else str(value)


def binary(value: bytes) -> str:
    return "\\\\x" + value.hex()


def as_json(value: Any) -> str:
    """JSON that jsonb takes: without NUL, and without the half characters that UTF-8 cannot write."""
    if not value:
        return "{}" if isinstance(value, dict) else "[]"
    dumped = _dumped(value)
    return _dumped(_without_nul(value)) if "\\u0000" in dumped else dumped


def _dumped(value: Any) -> str:
    try:
        return orjson.dumps(value).decode()
    except TypeError:  # half a character, or a number of more than 64 bits
        return _encode(value).encode("utf-8", "replace").decode()


def _without_nul(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, list):
        return [_without_nul(v) for v in value]
    if isinstance(value, dict):
        return {k: _without_nul(v) for k, v in value.items()}
    return value


def line(*columns: str) -> str:
    return "\t".join(columns) + "\n"
