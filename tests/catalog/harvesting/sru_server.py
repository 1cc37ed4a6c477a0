"""An SRU server on loopback that plays, on demand, each way in which real ones are broken.

`with SruServer(books(25), Behaviour(cap=10)) as server:` and then `server.url`. It understands just the CQL that
harvesting asks: allRecords, =, >=, <=, and, or, not, right truncation. Every request is kept in `server.requests`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

NAMESPACES = {"1.1": "http://www.loc.gov/zing/srw/", "1.2": "http://www.loc.gov/zing/srw/",
              "2.0": "http://docs.oasis-open.org/ns/search-ws/sruResponse"}  # fmt: skip
DIAGNOSTICS = {"1.1": "http://www.loc.gov/zing/srw/diagnostic/", "1.2": "http://www.loc.gov/zing/srw/diagnostic/",
               "2.0": "http://docs.oasis-open.org/ns/search-ws/diagnostic"}  # fmt: skip
LOGIN = b"<!DOCTYPE html><html><head><title>Masuk</title></head><body><form>Kata sandi</form></body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY f SYSTEM "file:///etc/passwd">]><searchRetrieveResponse xmlns="http://www.loc.gov/zing/srw/">'
    b"<version>1.1</version><numberOfRecords>&b;&f;</numberOfRecords></searchRetrieveResponse>"
)
TOKENS = re.compile(r'\(|\)|"(?:[^"\\]|\\.)*"|>=|<=|=|[^\s()=<>"]+')


@dataclass
class Book:
    number: str
    title: str
    year: int | None = 2000
    xml: str = ""  # in place of the MARCXML made of the above

    def marcxml(self) -> str:
        year = f"{self.year:04d}" if self.year is not None else "    "
        return (
            '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
            f'<controlfield tag="001">{self.number}</controlfield>'
            f'<controlfield tag="008">240101s{year}    io            000 0 ind d</controlfield>'
            f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{escape(self.title)}</subfield></datafield>'
            "</record>"
        )


def books(
    count: int, *, years: tuple[int, ...] = (1990, 1999, 2003, 2010, 2018), first: int = 1
) -> list[Book]:
    letters = "abcdefghij"
    return [
        Book(str(n), f"{letters[n % 10]}{letters[n // 10 % 10]} judul {n}", years[n % len(years)])
        for n in range(first, first + count)
    ]


@dataclass
class Behaviour:
    """Everything off: a server by the book."""

    version: str = "1.2"
    explain: bool = True
    explain_maximum: int = 0
    indexes: tuple[str, ...] = ("cql.allRecords", "dc.title", "dc.date", "rec.id")
    scan: bool = False
    most: int = 50  # records in one answer
    cap: int = 0  # records of one result that are given at all
    cap_style: str = "diagnostic"  # or empty, error, count
    precision: str = ""
    no_all: bool = False  # cql.allRecords is unknown
    ignore_query: bool = False  # everything is found by every query
    ignore_start: bool = False
    next_position: str = ""  # right as it is; or none, stuck, far
    string_packing: bool = False
    record_identifier: bool = False
    count_lie: int = 0  # added to the number of records
    grow_after: int = 0  # so many answers later there is one record more
    surrogate: tuple[int, ...] = ()  # places whose records can't be given
    broken: dict[int, str] = field(default_factory=dict)  # place: text that is no XML
    failing: Callable[[dict[str, str]], int] | None = None  # a status for these arguments
    refusal: int = 0  # diagnostic number in answer to every search
    bare_refusal: bool = False  # diagnostics without a response around them
    body: bytes = b""  # the answer to every search
    truncate: int = 0  # so many answers break off
    busy: int = 0  # so many answers are 503
    retry_after: str = ""
    no_namespace: bool = False
    before: bytes = b""


class SruServer:
    def __init__(self, items: list[Book], behaviour: Behaviour | None = None) -> None:
        self.items, self.behaviour = items, behaviour or Behaviour()
        self.requests: list[dict[str, str]] = []
        self.searches = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/sru"

    def __enter__(self) -> SruServer:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def queries(self) -> list[str]:
        return [asked["query"] for asked in self.requests if "query" in asked]

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        asked = dict(parse_qsl(urlsplit(handler.path).query, keep_blank_values=True))
        self.requests.append(asked)
        b = self.behaviour
        searching = "query" in asked
        self.searches += searching
        status, headers, body = 200, {"Content-Type": "text/xml"}, b""
        if searching and self.searches <= b.busy:
            status, headers = 503, {"Retry-After": b.retry_after}
        elif b.failing and (refusal := b.failing(asked)):
            status = refusal
        elif searching and b.body:
            body = b.body
        else:
            body = b.before + self._answer(asked).encode("utf-8", "surrogateescape")
        if searching and self.searches <= b.truncate:
            body = body[: len(body) // 2]
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, asked: dict[str, str]) -> str:
        b = self.behaviour
        if "query" in asked:
            return self._search(asked)
        if "scanClause" in asked:
            return self._scan(asked) if b.scan else self._refuse(4)
        if not b.explain or ("operation" in asked) != (b.version != "2.0"):
            return self._refuse(4)
        return self._explain()

    def _explain(self) -> str:
        b = self.behaviour
        names = [name.split(".") for name in b.indexes]
        indexes = "".join(
            f'<index><title>{own}</title><map><name set="{space}">{own}</name></map></index>'
            for space, own in names
        )
        most = f'<setting type="maximumRecords">{b.explain_maximum}</setting>' if b.explain_maximum else ""
        inner = (
            '<explain xmlns="http://explain.z3950.org/dtd/2.0/"><serverInfo><database>uji</database></serverInfo>'
            f"<databaseInfo><title>Perpustakaan Uji</title></databaseInfo><indexInfo>{indexes}</indexInfo>"
            '<schemaInfo><schema name="dc" identifier="info:srw/schema/1/dc-v1.1"/>'
            '<schema name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1"/></schemaInfo>'
            f"<configInfo>{most}</configInfo></explain>"
        )
        return self._wrapped("explainResponse", f"<record><recordData>{inner}</recordData></record>")

    def _search(self, asked: dict[str, str]) -> str:
        b = self.behaviour
        if b.refusal:
            return self._refuse(b.refusal)
        if b.grow_after and self.searches == b.grow_after:
            self.items += books(1, first=90_000)
        try:
            found = (
                self.items
                if b.ignore_query
                else Query(asked["query"], b.indexes, b.no_all).select(self.items)
            )
        except SyntaxError as error:
            return self._refuse(int(str(error)))
        start, size = int(asked.get("startRecord", 1)), min(int(asked.get("maximumRecords", 10)), b.most)
        if b.ignore_start:
            start = 1
        total = len(found)
        given = found[start - 1 : start - 1 + size]
        if b.cap and start + len(given) - 1 > b.cap:
            given = given[: max(0, b.cap - start + 1)]
            if not given and b.cap_style == "diagnostic":
                return self._refuse(61)
            if not given and b.cap_style == "error":
                return self._refuse(1)
        if b.cap and b.cap_style == "count":
            total = min(total, b.cap)
        return self._page(given, start, total + b.count_lie)

    def _page(self, given: list[Book], start: int, total: int) -> str:
        b = self.behaviour
        records = "".join(self._record(place, book) for place, book in enumerate(given, start))
        following = start + len(given)
        if b.next_position == "stuck":
            following = start
        elif b.next_position == "far":
            following += 7
        ends = b.next_position == "none" or start + len(given) > total
        after = (
            ""
            if ends and b.next_position not in ("stuck", "far")
            else (f"<nextRecordPosition>{following}</nextRecordPosition>")
        )
        precision = (
            f"<resultCountPrecision>info:srw/vocabulary/resultCountPrecision/1/{b.precision}"
            "</resultCountPrecision>"
            if b.precision
            else ""
        )
        return self._wrapped(
            "searchRetrieveResponse",
            f"<numberOfRecords>{total}</numberOfRecords>{precision}<records>{records}</records>{after}",
        )

    def _record(self, place: int, book: Book) -> str:
        b = self.behaviour
        if place in b.surrogate:
            inner, schema = self._diagnostic(64), "info:srw/schema/1/diagnostics-v1.1"
        else:
            inner, schema = (
                b.broken.get(place) or book.xml or book.marcxml(),
                "info:srw/schema/1/marcxml-v1.1",
            )
        if b.string_packing:
            inner = escape(inner)
        own = f"<recordIdentifier>id-{book.number}</recordIdentifier>" if b.record_identifier else ""
        return (
            f"<record><recordSchema>{schema}</recordSchema><recordData>{inner}</recordData>{own}"
            f"<recordPosition>{place}</recordPosition></record>"
        )

    def _scan(self, asked: dict[str, str]) -> str:
        index, _, after = asked["scanClause"].partition(" = ")
        assert index == "dc.date"
        years = sorted({f"{book.year:04d}" for book in self.items if book.year is not None})
        terms = [year for year in years if year >= after.strip('"')][: int(asked["maximumTerms"])]
        inner = "".join(
            f"<term><value>{year}</value><numberOfRecords>"
            f"{sum(book.year == int(year) for book in self.items)}</numberOfRecords></term>"
            for year in terms
        )
        return self._wrapped("scanResponse", f"<terms>{inner}</terms>")

    def _refuse(self, number: int) -> str:
        inner = f"<diagnostics>{self._diagnostic(number)}</diagnostics>"
        if self.behaviour.bare_refusal:
            return inner
        return self._wrapped("searchRetrieveResponse", f"<numberOfRecords>0</numberOfRecords>{inner}")

    def _diagnostic(self, number: int) -> str:
        return (
            f'<diagnostic xmlns="{DIAGNOSTICS[self.behaviour.version]}"><uri>info:srw/diagnostic/1/{number}</uri>'
            f"<details>nomor {number}</details><message>Ditolak</message></diagnostic>"
        )

    def _wrapped(self, name: str, inner: str) -> str:
        b = self.behaviour
        space = "" if b.no_namespace else f' xmlns="{NAMESPACES[b.version]}"'
        version = "" if b.version == "2.0" else f"<version>{b.version}</version>"
        return f'<?xml version="1.0" encoding="UTF-8"?><{name}{space}>{version}{inner}</{name}>'


class Query:
    """Just enough CQL. Raises SyntaxError with a diagnostic's number: 10 syntax, 16 index, 19 relation."""

    def __init__(self, text: str, indexes: tuple[str, ...], no_all: bool) -> None:
        self.tokens = TOKENS.findall(text)
        self.indexes = [name for name in indexes if not (no_all and name == "cql.allRecords")]
        self.test = self._boolean()
        if self.tokens:
            raise SyntaxError("10")

    def select(self, items: list[Book]) -> list[Book]:
        return [book for book in items if self.test(book)]

    def _boolean(self) -> Callable[[Book], bool]:
        left = self._operand()
        while self.tokens and self.tokens[0] in ("and", "or", "not"):
            operator = self.tokens.pop(0)
            left = _joined(operator, left, self._operand())
        return left

    def _operand(self) -> Callable[[Book], bool]:
        if not self.tokens:
            raise SyntaxError("10")
        token = self.tokens.pop(0)
        if token == "(":
            inner = self._boolean()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise SyntaxError("10")
            return inner
        if token not in self.indexes:
            raise SyntaxError("16")
        relation, value = self.tokens.pop(0), self.tokens.pop(0).strip('"')
        return _test(token, relation, value)


def _joined(
    operator: str, left: Callable[[Book], bool], right: Callable[[Book], bool]
) -> Callable[[Book], bool]:
    return {
        "and": lambda book: left(book) and right(book),
        "or": lambda book: left(book) or right(book),
        "not": lambda book: left(book) and not right(book),
    }[operator]


def _test(index: str, relation: str, value: str) -> Callable[[Book], bool]:
    if index == "cql.allRecords":
        return lambda book: True
    if index == "dc.date":
        year = int(value)
        compare = {"=": int.__eq__, ">=": int.__ge__, "<=": int.__le__}[relation]
        return lambda book: book.year is not None and bool(compare(book.year, year))
    if value == "*":
        return lambda book: True
    start = value.rstrip("*").lower()
    return lambda book: any(word.startswith(start) for word in book.title.lower().split())
