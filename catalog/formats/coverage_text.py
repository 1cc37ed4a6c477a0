"""Printed statements of a serial's holdings, "v.1(1990)-v.16(2005); lacks 1997", as ranges of years.

Called for 866 to 868 and their relatives, in English and Indonesian. What is not understood gives no range.
Standard: ANSI/NISO Z39.71, as libraries write it in fact.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .coverage import LAST_YEAR, MOST_LABEL, Gap, Range, joined, without, year_range
from .text import LATEST_YEAR

MOST_TEXT = 5000
WEEKS = 53  # issues of a year; a higher number goes on over the years
_LACKING = re.compile(
    r"\b(?:(?P<part>incomplete|(?:tidak|tdk|tak|kurang) lengkap|unvollständig|incomplet)|"
    r"lack(?:s|ing)?|wants|wanting|missing|except(?:ing)?|excluding|without|gaps?|not held|"
    r"kurang|hilang|kecuali|tanpa|tidak (?:ada|punya|memiliki)|fehlt|fehlen|lücken?|manquent?|lacunes?)\b",
    re.I,
)
_ISSUE = r"(?<![a-z])(?:nos?|nrs?|nomor|issues?|pts?|parts?|bag(?:ian)?|fasc|heft|reels?|fiche|#)[.: ]*"
_VOLUME = r"(?<![a-z])(?:vols?|volumes?|v|jilid|jil|tahun ke|thn|th|bd|jahrg|jaarg|jg|tom[eo]?|t)[.: -]*"
_TOKEN = re.compile(
    rf"(?P<issue>{_ISSUE}(?P<i1>\d+)[a-z]?(?:/\d+)*"
    rf"(?:\s?[-–—]\s?(?:{_ISSUE})?(?P<i2>(?<=\d\d\d\d[-–—])\d+|\d{{1,3}}(?!\d)))?)"
    rf"|(?P<volume>{_VOLUME}(?P<v1>\d{{1,3}})(?!\d)(?:/\d+)*"
    rf"(?:\s?[-–—]\s?(?:{_VOLUME})?(?P<v2>\d{{1,3}})(?!\d))?(?:/\d+)*)"
    r"|(?P<year>(?<!\d)(?P<y1>1[6-9]\d\d|20\d\d)(?!\d)"
    r"(?:\s?/\s?(?P<y2>\d{4}|\d\d)(?!\d)|[-–](?P<y3>\d\d)(?![\d/a-z-]))?)"
    r"|(?P<since>(?<![a-z])(?:sejak|mulai|since)(?![a-z]))"
    r"|(?P<onward>(?<![a-z])(?:to date|present|current|sekarang|kini|seterusnya|dst|dll)(?![a-z]))"
    r"|(?P<dash>[-–—]|(?<![a-z])(?:to|s\.?/?d\.?|sampai(?: dengan)?|hingga|through|bis)(?![a-z]))"
    r"|(?P<open>[(\[])|(?P<close>[)\]])|(?P<comma>,)|(?P<semi>;)|(?P<blank>[\s.:<>?]+|//)|(?P<other>[^\W\d]+|\d+|.)",
    re.I | re.S,
)

_ELSEWHERE = re.compile(
    r"^\W*(?:continue[sd]|filmed with|bound with|duplicate|citation|for |see |lihat)|phone|telp|fax|https?:|@",
    re.I,
)
_NUMBER_BEFORE = re.compile(r"(?<![\d/])\d{1,3}\s?$")
_NUMBER_AFTER = re.compile(r"\s?\d{1,3}(?!\d)")
_EMPTY = re.compile(r"[(\[]\s*[)\]]")  # what is left where "(lacks 1997)" stood


def parse(text: str) -> list[Range]:
    """The ranges of one statement, joined. Never raises; an empty list where no year could be read."""
    if _ELSEWHERE.search(text):
        return []
    text = text[:MOST_TEXT]
    held, gaps = "", list[Gap]()
    start = 0
    while lacking := _LACKING.search(text, start):
        held += text[start : lacking.start()]
        start = _clause_end(text, lacking.end())
        gaps += _gaps(text[lacking.end() : start], bool(lacking["part"]))
    scan = _Scan(held + text[start:])
    return without(joined(scan.ranges), [*gaps, *scan.gaps])


def _clause_end(text: str, start: int) -> int:
    """What is lacking ends at a semicolon, at the bracket around it, or where something else is lacking."""
    following = _LACKING.search(text, start)
    end = following.start() if following else len(text)
    depth = 0
    for place in range(start, end):
        depth += (text[place] in "([") - (text[place] in ")]")
        if depth < 0 or text[place] == ";":
            return place
    return end


def _gaps(clause: str, part: bool) -> list[Gap]:
    scan = _Scan(clause)
    gaps = []
    for one, (first, last) in zip(scan.ranges, scan.ends, strict=True):
        gap: Gap = {"from": one["from"], "to": one["to"] or LAST_YEAR, "label": one["label"]}
        if part or first.issue or last.issue:
            gap["part"] = True
        if first.issue and last.issue and one["from"] == one["to"] and "," not in one["label"]:
            gap["issues"] = [first.issue, last.issue]
        gaps.append(gap)
    return gaps


class Place(NamedTuple):
    """Volume and issue where a range starts or ends; 0: not told."""

    volume: int = 0
    issue: int = 0


class _Scan:
    """One pass over a statement: years become ranges where a dash, perhaps with numbers around it, joins them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ranges: list[Range] = []
        self.begun: Range | None = None  # the range being read
        self.begins = 0  # where its text starts
        self.depth = 0  # of brackets
        self.dash: int | None = None  # the depth at which a dash stands that waits for a year
        self.between = ""  # what came after that dash: "", "volume", "comma" or "other"
        self.onward_from = False  # "sejak" before a year
        self.no_start = False  # a dash and no year before it: "-1998"
        self.listed = False  # volumes are listed one by one, so that two numbers don't tell of them
        self.year_depth = 0
        self.closed = False  # the year after the dash is read
        self.first, self.last = Place(), Place()
        self.ends: list[tuple[Place, Place]] = []  # of each range
        self.gaps: list[Gap] = []  # between ranges whose years meet
        for token in _TOKEN.finditer(text):
            if read := getattr(self, f"_{token.lastgroup}", None):
                read(token)
        self._settle()
        self._finish(len(text))

    def _year(self, token: re.Match[str]) -> None:
        first, last = _years(token)
        if first > LATEST_YEAR:
            self.between = self.between or "other"
            return
        if self.begun is not None and self.dash is not None:
            self.begun["to"] = max(first, last, self.begun["from"])
            self.begun["from"] = min(first, self.begun["from"])
            self.dash, self.closed = None, True
            return
        if self.begun is not None:
            if first == self.begun["to"]:  # "1985 no. 9 (Sep. 1985)"
                self.begun["to"] = last
                return
            self._finish(token.start())
        self.begun, self.year_depth = year_range(first, last), self.depth
        if self.no_start:
            self.begun["unsure"] = True
        if self.onward_from:
            self.begun["to"] = None
        self.no_start = self.onward_from = False

    def _dash(self, token: re.Match[str]) -> None:
        if _NUMBER_BEFORE.search(self.text, 0, token.start()) and _NUMBER_AFTER.match(self.text, token.end()):
            return  # "2005: 1-12"
        if self.begun is None:
            self.no_start = not self.text[self.begins : token.start()].strip(" .,;:([")
        elif self.dash is None:
            self.dash, self.between = self.depth, ""
            if self.begun["to"] is None:  # "mulai 1990 s/d 1995"
                self.begun["to"] = self.begun["from"]

    def _since(self, token: re.Match[str]) -> None:
        self.onward_from = True

    def _onward(self, token: re.Match[str]) -> None:
        if self.dash is not None and not self.between and self.begun is not None:
            self.begun["to"] = None
            self.dash = None

    def _volume(self, token: re.Match[str]) -> None:
        if self.dash is not None and self.between == "comma":
            self._settle()
        if self.begun is not None and self.dash is None:
            self._finish(token.start())
        if self.dash is not None:
            self.between = "volume"
        elif self.last.volume:
            self.listed = True
        first, last = int(token["v1"]), int(token["v2"] or token["v1"])
        self.first = self.first if self.first.volume else Place(first)
        self.last = Place(last)

    def _issue(self, token: re.Match[str]) -> None:
        self.between = "other"
        first = int(token["i1"][:9])
        last = int(token["i2"][:9]) if token["i2"] else first
        if not (self.first.issue or self.closed or self.dash is not None):
            self.first = Place(self.first.volume, first)
        self.last = Place(self.last.volume, last)

    def _open(self, token: re.Match[str]) -> None:
        self.depth += 1

    def _close(self, token: re.Match[str]) -> None:
        self.depth -= 1
        if self.dash is not None and self.depth < self.dash:
            if self.between:
                self.dash = None  # months: "(1993:Jan.-Mar.)"
            self._settle()

    def _comma(self, token: re.Match[str]) -> None:
        if self.dash is not None and self.between:
            self.between = "comma" if self.between == "volume" else self.between
            return
        self._settle()
        if self.begun is not None and self.depth <= self.year_depth:
            self._finish(token.start())

    def _semi(self, token: re.Match[str]) -> None:
        self._settle()
        self._finish(token.start())

    def _other(self, token: re.Match[str]) -> None:
        self.between = "other" if self.between != "volume" else self.between
        if token.group().isdigit() and not self.depth:
            self.listed = True

    def _settle(self) -> None:
        """A dash without a year after it: it goes on, or where a number follows its end is not told."""
        if self.dash is not None and self.begun is not None:
            if self.between:
                self.begun["unsure"] = True
            else:
                self.begun["to"] = None
        self.dash = None

    def _finish(self, end: int) -> None:
        if self.begun is not None:
            label = _EMPTY.sub("", self.text[self.begins : end])
            self.begun["label"] = " ".join(label.split()).strip(" ,;:.")[:MOST_LABEL]
            if self.first.volume and self.first.volume <= self.last.volume and not self.listed:
                self.begun["volumes"] = [self.first.volume, self.last.volume]
            if self.ranges and (gap := _between(self.ranges[-1], self.ends[-1][1], self.begun, self.first)):
                self.gaps.append(gap)
            self.ranges.append(self.begun)
            self.ends.append((self.first, self.last))
        self.begun, self.begins = None, end
        self.first, self.last = Place(), Place()
        self.listed = self.no_start = self.onward_from = self.closed = False


def _between(before: Range, last: Place, after: Range, first: Place) -> Gap | None:
    """What is missing between two ranges of which the second begins in the year the first ends, or in the next."""
    if before["to"] is None or not 0 <= after["from"] - before["to"] <= 1:
        return None
    gap: Gap = {"from": before["to"], "to": after["from"], "part": True}
    volume = f"v.{first.volume}:" if first.volume else ""
    if last.volume and first.volume - last.volume >= 2:
        return gap | {"label": _numbers("v", last.volume + 1, first.volume - 1)}
    same = last.volume == first.volume if last.volume else before["to"] == after["from"] or last.issue > WEEKS
    if same and last.issue and first.issue - last.issue >= 2:
        missing = [last.issue + 1, first.issue - 1]
        return gap | {"label": volume + _numbers("no", *missing), "issues": missing}
    if last.volume and first.volume - last.volume == 1 and 1 < first.issue <= WEEKS:
        missing = [1, first.issue - 1]
        return gap | {"label": volume + _numbers("no", *missing), "issues": missing, "from": after["from"]}
    return None


def _numbers(caption: str, first: int, last: int) -> str:
    return f"{caption}.{first}" if first == last else f"{caption}.{first}-{last}"


def _years(token: re.Match[str]) -> tuple[int, int]:
    """ "1998/99", "2004/2005" and "1990-95" as first and last year; what follows and makes no sense is left out."""
    first = int(token["y1"])
    if token["y2"] and len(token["y2"]) == 4:
        last = int(token["y2"])
        return (first, last) if first <= last <= first + 20 and last <= LATEST_YEAR else (first, first)
    if short := token["y2"] or token["y3"]:
        last = first - first % 100 + int(short)
        if last < first:
            last += 100
        near = last <= first + (10 if token["y2"] or last // 100 > first // 100 else 99)
        return (first, last) if near and last <= LATEST_YEAR else (first, first)
    return first, first
