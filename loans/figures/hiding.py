"""Which guided networks hide suppliers and askers from each other, as one short mark.

Figures that were kept under another mark may name who is hidden now; kept.py counts them anew before they are shown.
"""

from __future__ import annotations

import hashlib

from loans.selectors.hiding import hiding_rows


def hiding_mark() -> str:
    """Changes with every rule, hub or membership that decides who is hidden. Two queries."""
    return hashlib.blake2b(repr(hiding_rows()).encode(), digest_size=12).hexdigest()
