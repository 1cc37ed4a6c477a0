"""Text that may stand in an XML 1.0 document. Used by what writes MODS and Dublin Core."""

from __future__ import annotations

import re

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]+")


def clean(text: str) -> str:
    return " ".join(_FORBIDDEN.sub(" ", text).split())
