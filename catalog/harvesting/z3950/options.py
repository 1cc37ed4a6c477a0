"""What a source of kind Z3950 keeps in Source.options. Read by search.py, filled in by the source form.

{"syntax": "usmarc", "charset": "", "element_set": "F", "isbn": 7, "title": 4, "author": 1003, "shared": false}:
all may be left out. Source.url is host:port/database, see target.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

SYNTAXES = ("usmarc", "unimarc", "xml")
ELEMENT_SETS = ("F", "B")  # full, brief
CHARSET = re.compile(r"[A-Za-z0-9._:-]{1,30}")


@dataclass(frozen=True)
class Z3950Options:
    """`isbn`, `title`, `author`: use attributes (type 1) of Bib-1; servers differ in the author's."""

    syntax: str = "usmarc"
    charset: str = ""  # as YAZ names it (marc-8, iso-8859-1); empty: each record says it by itself
    element_set: str = "F"
    isbn: int = 7
    title: int = 4
    author: int = 1003
    shared: bool = False  # other libraries of the network may look up and copy from it, too

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Z3950Options:
        """What is stored, unknown names and impossible values left out."""
        known: dict[str, Any] = {}
        for name in ("isbn", "title", "author"):
            number = values.get(name)
            if isinstance(number, int) and 0 < number < 100_000:
                known[name] = number
        for name, allowed in (("syntax", SYNTAXES), ("element_set", ELEMENT_SETS)):
            if values.get(name) in allowed:
                known[name] = values[name]
        charset = str(values.get("charset") or "").strip()
        if CHARSET.fullmatch(charset):
            known["charset"] = charset
        return cls(**known, shared=values.get("shared") is True)

    def as_json(self) -> dict[str, Any]:
        """Only what differs from the usual."""
        usual = asdict(Z3950Options())
        return {name: value for name, value in asdict(self).items() if value != usual[name]}
