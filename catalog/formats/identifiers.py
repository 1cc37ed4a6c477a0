"""Standard numbers out of fields where catalogues mix them with qualifiers, prices and other numbers.

Check digits are verified by python-stdnum. An invalid number stays as written: searchable, never a key.
"""

from __future__ import annotations

import re

from stdnum import isbn as std_isbn
from stdnum import ismn as std_ismn
from stdnum import issn as std_issn
from stdnum.exceptions import ValidationError

from .draft import Identifier
from .text import trim

_TOKEN = re.compile(r"[0-9][0-9\-\u2010-\u2015]*[0-9Xx]")
_SPACED = re.compile(r"(?:97[89][\-\s]*)?(?:[0-9][\-\s\u2010-\u2015]*){9}[0-9Xx](?![0-9])")
_BRACKETED = re.compile(r"[(\[]([^)\]]*)[)\]]?")
_DASHES = str.maketrans("", "", "- \u2010\u2011\u2012\u2013\u2014\u2015")
_DIGITS = re.compile(r"[0-9][0-9\-\s]{6,}[0-9Xx]")
_ISSN = re.compile(r"(?<![0-9])[0-9]{4}[-\u2010-\u2015 ]?[0-9]{3}[0-9Xx](?![0-9])")
_PREFIXED = re.compile(r"^\(([^)]+)\)\s*(.+)$")
# Library codes, whose numbers are unique in the world; a system's name ("Sirsi") is shared by all who run it.
_LIBRARY = re.compile(r"^(?:[A-Z]{2}-[A-Za-z0-9/:\-]+|DLC|DNLM|DNAL|Uk|CaOONL)$")
_OCLC = re.compile(r"^(?:ocm|ocn|on)?0*([1-9][0-9]*)$")
_LCCN = re.compile(r"^[a-z]{0,3}[0-9]{8}(?:[0-9]{2})?$")
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")


def isbn13(number: str) -> str:
    """13 digits of a valid ISBN-10 or -13, else "". Ten digits from 979 on are the Indonesian group, not an EAN."""
    number = number.translate(_DASHES).upper()
    if len(number) not in (10, 13) or (number.startswith("9790") and len(number) == 13):
        return ""
    try:
        std_isbn.validate(number)
    except ValidationError:
        return ""
    return number if len(number) == 13 else str(std_isbn.to_isbn13(number))


def isbns_of(text: str, qualifier: str = "", *, cancelled: bool = False) -> list[Identifier]:
    """Identifiers in one 020$a or $z: one or several ISBNs, an ISSN or ISMN put there, or an invalid number."""
    text = text.strip()
    if found := isbn13(text):
        return [Identifier("isbn", found, True, qualifier, cancelled)]
    inside = [part.strip(" :;,") for part in _BRACKETED.findall(text) if not _TOKEN.fullmatch(part.strip())]
    qualifier = "; ".join([part for part in (qualifier, *inside) if part])
    number = text if text.startswith(("(", "[")) and not inside else _BRACKETED.sub(" ", text)
    values = [found for token in _TOKEN.findall(number) if (found := isbn13(token))]
    if not values:
        values = [found for match in _SPACED.findall(number) if (found := isbn13(match))]
    if values:
        return [Identifier("isbn", value, True, qualifier, cancelled) for value in dict.fromkeys(values)]
    return _not_an_isbn(number, qualifier, cancelled)


def _not_an_isbn(number: str, qualifier: str, cancelled: bool) -> list[Identifier]:
    bare = number.translate(_DASHES)
    if len(bare) == 8 and (found := _valid_issn(bare)):
        return [Identifier("issn", found, True, qualifier, cancelled)]
    if bare[:1] in ("M", "m") or bare.startswith("9790"):
        return ismns_of(bare, qualifier)
    match = _DIGITS.search(number)
    if match and "$" not in number and "rp" not in number.lower():
        return [Identifier("isbn", match.group().strip(), False, qualifier, cancelled)]
    return []


def issns_of(text: str, *, cancelled: bool = False) -> list[Identifier]:
    """ISSNs with a hyphen; an invalid one as written."""
    found = [match.group() for match in _ISSN.finditer(text)]
    result = []
    for number in found:
        value = _valid_issn(number.translate(_DASHES))
        result.append(Identifier("issn", value or number.strip(), bool(value), "", cancelled))
    if not found and any(c.isdigit() for c in text):
        result.append(Identifier("issn", trim(text)[:40], False, "", cancelled))
    return result


def _valid_issn(number: str) -> str:
    try:
        compact = std_issn.validate(number)
    except ValidationError:
        return ""
    return f"{compact[:4]}-{compact[4:]}"


def ismns_of(text: str, qualifier: str = "") -> list[Identifier]:
    """An ISMN as 13 digits."""
    number = text.translate(_DASHES).upper()
    try:
        return [Identifier("ismn", str(std_ismn.to_ismn13(std_ismn.validate(number))), True, qualifier)]
    except ValidationError:
        return [Identifier("ismn", trim(text)[:40], False, qualifier)] if number else []


def other_standard(text: str, kind: str, source: str, qualifier: str = "") -> list[Identifier]:
    """024: kind is its first indicator, source its $2."""
    value = text.strip()
    if kind == "2" or source == "ismn":
        return ismns_of(value, qualifier)
    if source == "doi" or value.lower().startswith(("doi:", "https://doi.org/")):
        match = _DOI.search(value)
        return [Identifier("doi", match.group().rstrip(".,;").lower(), True)] if match else []
    if kind == "3" and (found := isbn13(value)):
        return [Identifier("isbn", found, True, qualifier)]
    if not value:
        return []
    name = {"0": "isrc", "1": "upc", "3": "ean", "4": "sici", "7": source}.get(kind, "") or "id"
    return [Identifier("other", f"{name}:{value}"[:200], kind == "7" and bool(source), qualifier)]


def system_number(text: str) -> list[Identifier]:
    """035: "(OCoLC)ocm00012345", "(DE-599)DNB123"; without the agency in brackets it is nobody's number."""
    match = _PREFIXED.match(text.strip())
    if not match:
        return []
    agency, number = match.group(1), match.group(2).strip()
    if agency.lower() == "ocolc":
        return oclc(number)
    return [Identifier("other", f"({agency}){number}"[:200], bool(_LIBRARY.match(agency)))]


def oclc(number: str) -> list[Identifier]:
    match = _OCLC.match(number.strip().lower())
    return [Identifier("oclc", match.group(1))] if match else []


def lccn(text: str) -> list[Identifier]:
    """Normalised after the Library of Congress's rule: no blanks, nothing after a slash, number filled to six."""
    value = text.replace(" ", "").split("/")[0].lower()
    if "-" in value:
        left, _, right = value.partition("-")
        value = left + right.zfill(6)
    return [Identifier("lccn", value, bool(_LCCN.match(value)))] if value else []
