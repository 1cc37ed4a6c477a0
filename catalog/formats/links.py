"""Field 856: the addresses in a record, and what the library calls them. MARC 21 and UNIMARC name it differently."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .draft import BibDraft
from .records import DataField
from .text import trim_stop

MOST_LINK_TEXT = 200
_LINK = re.compile(r"^(?:https?|ftp)://\S+$", re.I)


def add_links(draft: BibDraft, fields: Sequence[DataField], texts: str) -> None:
    """Addresses, and what the library calls them. `texts`: the subfields that may say so, the best first."""
    written = [value.strip() for field in fields for code, value in field[3] if code == "u"]
    full = ["http://" + link if link.startswith("www.") else link for link in dict.fromkeys(written)]
    draft.links = [link for link in full if _LINK.match(link)]
    for field in fields:
        values = {code: value.strip() for code, value in reversed(field[3])}
        link, text = values.get("u", ""), next((values[code] for code in texts if values.get(code)), "")
        link = "http://" + link if link.startswith("www.") else link
        if text and link in draft.links:
            draft.link_texts.setdefault(link, trim_stop(text)[:MOST_LINK_TEXT])
