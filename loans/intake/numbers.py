"""Telling ISBN, ISSN, DOI and PubMed numbers from what people and link makers write. No database.

Check digits are verified; a number that fails is not recognised, so that nothing is looked up by a misprint.
"""

from __future__ import annotations

import re

from catalog.formats.identifiers import isbns_of, issns_of

LONGEST = 500
_DOI = re.compile(r"10\.[0-9]{4,9}/[^\s\"<>]+")
_PMID = re.compile(r"(?:pmid[:/\s]*|pubmed(?:\.ncbi\.nlm\.nih\.gov)?/)([1-9][0-9]{0,8})\b", re.IGNORECASE)


def doi_of(text: str) -> str:
    """A DOI wherever it stands ("https://doi.org/10.…", "info:doi/10.…"), in lower case: DOIs know no other."""
    match = _DOI.search(text[:LONGEST])
    if match is None:
        return ""
    found = match.group().rstrip(".,;'")
    # A bracket at the end belongs to the sentence around it, unless the DOI opened one itself.
    while found.endswith(")") and found.count("(") < found.count(")"):
        found = found[:-1]
    return found.lower()


def isbn_of(text: str) -> str:
    """13 digits, "" for none."""
    numbers = [
        number.value for number in isbns_of(text[:LONGEST]) if number.scheme == "isbn" and number.valid
    ]
    return numbers[0] if numbers else ""


def issn_of(text: str) -> str:
    """With its hyphen, "" for none."""
    numbers = [number.value for number in issns_of(text[:LONGEST]) if number.valid]
    return numbers[0] if numbers else ""


def pmid_of(text: str, *, bare: bool = False) -> str:
    """ "PMID: 12345678" or PubMed's address; with `bare` digits alone count, as in a field of that name."""
    text = text.strip()[:LONGEST]
    if bare and text.isascii() and text.isdigit() and len(text) <= 9:
        return text.lstrip("0")
    match = _PMID.search(text)
    return match.group(1) if match else ""


def recognise(text: str) -> dict[str, str]:
    """Every number that a text carries, by kind. The DOI goes first: what is inside one is nothing else."""
    found = {"doi": doi_of(text)}
    rest = text if not found["doi"] else _DOI.sub(" ", text)
    found["pmid"] = pmid_of(rest)
    if found["pmid"]:
        rest = _PMID.sub(" ", rest)
    found["isbn"] = isbn_of(rest)
    found["issn"] = "" if found["isbn"] else issn_of(rest)
    return {kind: number for kind, number in found.items() if number}
