"""YAZ's ZOOM-C library through ctypes: one connection, one search, the first records. No Django, no project imports.

Only helper.py calls it, in a process of its own: a C library that hangs or crashes takes nobody along.
ZOOM's calls: https://software.indexdata.com/yaz/doc/zoom.html
"""

from __future__ import annotations

import ctypes
from collections.abc import Mapping
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_void_p, string_at
from ctypes.util import find_library
from dataclasses import dataclass, field

NAMES = ("libyaz.so.5", "libyaz.so", "libyaz.dylib")
_Text = POINTER(c_char_p)
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "ZOOM_options_create": (c_void_p, []),
    "ZOOM_options_set": (None, [c_void_p, c_char_p, c_char_p]),
    "ZOOM_options_destroy": (None, [c_void_p]),
    "ZOOM_connection_create": (c_void_p, [c_void_p]),
    "ZOOM_connection_connect": (None, [c_void_p, c_char_p, c_int]),
    "ZOOM_connection_error_x": (c_int, [c_void_p, _Text, _Text, _Text]),
    "ZOOM_connection_search_pqf": (c_void_p, [c_void_p, c_char_p]),
    "ZOOM_connection_destroy": (None, [c_void_p]),
    "ZOOM_resultset_size": (c_size_t, [c_void_p]),
    "ZOOM_resultset_records": (None, [c_void_p, POINTER(c_void_p), c_size_t, c_size_t]),
    "ZOOM_resultset_destroy": (None, [c_void_p]),
    "ZOOM_record_get": (c_void_p, [c_void_p, c_char_p, POINTER(c_size_t)]),
}


@dataclass(frozen=True)
class Diagnostic:
    """`group`: "Bib-1" for what the server says, "ZOOM" for what the library met."""

    group: str
    code: int
    message: str
    addition: str = ""


@dataclass
class Result:
    count: int = 0
    records: list[bytes] = field(default_factory=list)  # b"": the server did not give this one
    diagnostic: Diagnostic | None = None


def library() -> ctypes.CDLL | None:
    """The library, its functions declared; None where it is not installed."""
    for name in filter(None, (find_library("yaz"), *NAMES)):
        try:
            found = ctypes.CDLL(name)
            for function, (gives, takes) in _FUNCTIONS.items():
                declared = getattr(found, function)
                declared.restype, declared.argtypes = gives, takes
        except (OSError, AttributeError):
            continue
        return found
    return None


def search(
    zoom: ctypes.CDLL, target: str, query: str, *, options: Mapping[str, str], most: int, kind: str
) -> Result:
    """The number of hits of a PQF query and the first `most` records, as `kind` (raw; or xml; charset=…,utf-8)."""
    wanted = zoom.ZOOM_options_create()
    for name, value in options.items():
        zoom.ZOOM_options_set(wanted, name.encode(), value.encode())
    connection = zoom.ZOOM_connection_create(wanted)
    hits = None
    result = Result()
    try:
        zoom.ZOOM_connection_connect(connection, target.encode(), 0)
        result.diagnostic = _diagnostic(zoom, connection)
        if result.diagnostic is None:
            hits = zoom.ZOOM_connection_search_pqf(connection, query.encode())
            result.diagnostic = _diagnostic(zoom, connection)
        if result.diagnostic is None:
            result.count = zoom.ZOOM_resultset_size(hits)
            result.records = _records(zoom, hits, min(result.count, most), kind)
            result.diagnostic = _diagnostic(zoom, connection)
    finally:
        # Everything was copied: what the library gave dies with the connection.
        if hits:
            zoom.ZOOM_resultset_destroy(hits)
        zoom.ZOOM_connection_destroy(connection)
        zoom.ZOOM_options_destroy(wanted)
    return result


def _records(zoom: ctypes.CDLL, hits: int | None, count: int, kind: str) -> list[bytes]:
    if not count or hits is None:
        return []
    found = (c_void_p * count)()
    zoom.ZOOM_resultset_records(hits, found, 0, count)
    records = []
    for record in found:
        size = c_size_t(0)
        data = zoom.ZOOM_record_get(record, kind.encode(), byref(size)) if record else None
        records.append(string_at(data, size.value) if data else b"")
    return records


def _diagnostic(zoom: ctypes.CDLL, connection: int) -> Diagnostic | None:
    message, addition, group = c_char_p(), c_char_p(), c_char_p()
    code = zoom.ZOOM_connection_error_x(connection, byref(message), byref(addition), byref(group))
    if not code:
        return None
    return Diagnostic(_text(group), int(code), _text(message), _text(addition))


def _text(value: c_char_p) -> str:
    return (value.value or b"").decode("utf-8", "replace")[:300]
