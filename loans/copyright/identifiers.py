"""The numbers by which licences are found, written one way. Pure."""

from __future__ import annotations

from loans.choices import LicenceKind
from loans.intake.numbers import isbn_of, issn_of


def tidy_identifier(kind: str, identifier: str) -> str:
    """Numbers as catalogues write them: an ISSN with its hyphen, an ISBN as thirteen digits."""
    known = {LicenceKind.ISSN: issn_of, LicenceKind.ISBN: isbn_of}.get(LicenceKind(kind))
    return (known(identifier) if known else "") or " ".join(identifier.split())[:200]
