"""An OAI-PMH server on loopback that plays, on demand, each way in which real ones are broken.

`with OaiServer(records(25), Behaviour(endless_token=True)) as server:` and then `server.url`. Every request is kept in
`server.requests`, as its arguments.
"""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

ROOT = (
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
)
MARC = "http://www.loc.gov/MARC21/slim"
DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
START = datetime(2024, 3, 1, 8, 0, tzinfo=timezone.utc)
LOGIN = b"<!DOCTYPE html><html><head><title>Masuk</title></head><body><form>Kata sandi</form></body></html>"


@dataclass
class Item:
    identifier: str
    stamp: datetime
    metadata: str = ""
    deleted: bool = False
    edited: bool = True  # False: never, and then some servers find it by no date


@dataclass
class Behaviour:
    """Everything off: a server by the book."""

    page: int = 10
    seconds: bool = True
    deleted_record: str = "persistent"
    repository: str = "Perpustakaan Uji"
    description: str = ""
    earliest: str = "2024-03-01T08:00:00Z"
    prefixes: tuple[str, ...] = ("marcxml", "oai_dc")
    count: bool = True  # completeListSize and cursor
    no_dates: bool = False
    local_hours: int = 0  # local time, written as Z
    ignore_dates: bool = False
    from_needs_until: bool = False
    refuse_from: str = ""  # a start this late is badArgument
    refuse_seconds: bool = False  # announced, and then badArgument
    stamps_in_full: bool = False  # times in the headers of a server that announces days
    unedited_undated: bool = False  # from and until find only what was edited
    token_loses_dates: bool = False
    offset_token: bool = False
    prefix_with_token: bool = False
    newest_first: bool = False
    grow_after_page: int = 0  # a record is added behind the reader's back
    endless_token: bool = False  # the same token, new pages
    endless_pages: bool = False  # new tokens, the same page
    wrong_size: int = 0  # completeListSize that is not true
    busy: int = 0  # first so many requests of a list: 503
    retry_after: str = ""
    failing: Callable[[dict[str, str]], int] | None = None  # a status for these arguments
    truncate: int = 0  # first so many list answers break off
    truncate_always: bool = False
    login_page: bool = False
    no_namespace: bool = False
    empty_page: bool = False  # the second page is empty and has a token
    empty_last: bool = False  # the last page has a token, behind which there is nothing
    empty_token: bool = True  # by the book: the last page has an empty token element
    expire: int = 0  # so many tokens are forgotten
    before: bytes = b""
    after: bytes = b""
    in_record: dict[int, str] = field(default_factory=dict)  # metadata of a record by its place in the list
    error: str = ""
    redirect: str = ""  # where everything but /moved is sent; "{query}" is what was asked
    packed: bool = False  # Content-Encoding: gzip
    pause: float = 0  # seconds before each answer


def records(
    count: int, *, first: int = 1, name: str = "perpus.example.ac.id", title: str = "Judul"
) -> list[Item]:
    return [
        Item(f"oai:{name}:{n}", START + timedelta(minutes=n), marcxml(n, f"{title} nomor {n}"))
        for n in range(first, first + count)
    ]


def marcxml(number: int, title: str) -> str:
    return (
        f'<record xmlns="{MARC}"><leader>00000nam a2200000 i 4500</leader>'
        f'<controlfield tag="001">{number}</controlfield>'
        '<controlfield tag="008">240101s1999    io            000 0 ind d</controlfield>'
        f'<datafield tag="245" ind1="1" ind2="0"><subfield code="a">{escape(title)}</subfield></datafield></record>'
    )


def dublin_core(title: str, extra: str = "") -> str:
    return (
        f'<oai_dc:dc xmlns:oai_dc="{DC}" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title>{extra}</oai_dc:dc>"
    )


class Placed(Sequence[tuple[int, Item]]):
    """Items with their places, counted only for the page that is asked for: of 50,000 that is most of the time."""

    def __init__(self, items: list[Item]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, which: Any) -> Any:
        start, stop, _ = which.indices(len(self._items))
        return list(enumerate(self._items[start:stop], start))


class OaiServer:
    def __init__(self, items: list[Item], behaviour: Behaviour | None = None) -> None:
        self.items, self.behaviour = items, behaviour or Behaviour()
        self.requests: list[dict[str, str]] = []
        self.lists = 0  # answers to ListRecords and ListIdentifiers
        self.expired = 0
        self.at_once = self.most_at_once = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer._serve(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/oai"

    def __enter__(self) -> OaiServer:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self, handler: BaseHTTPRequestHandler) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(self.behaviour.pause)
        self.at_once -= 1  # before the answer: the asker may be back before this thread has ended
        self._respond(handler)

    def _respond(self, handler: BaseHTTPRequestHandler) -> None:
        asked = dict(parse_qsl(urlsplit(handler.path).query))
        self.requests.append(asked)
        status, headers, body = 200, {"Content-Type": "text/xml; charset=utf-8"}, b""
        b = self.behaviour
        is_list = asked.get("verb") in ("ListRecords", "ListIdentifiers")
        self.lists += is_list
        if b.redirect and not handler.path.startswith("/moved"):
            status, headers = 302, {"Location": b.redirect.format(query=urlsplit(handler.path).query)}
        elif is_list and self.lists <= b.busy:
            status, headers = 503, {"Retry-After": b.retry_after} if b.retry_after else {}
        elif b.failing and (refusal := b.failing(asked)):
            status = refusal
        elif b.login_page:
            body, headers = LOGIN, {"Content-Type": "text/html"}
        else:
            body = self._answer(asked)
        if b.packed and body:
            body, headers = gzip.compress(body), {**headers, "Content-Encoding": "gzip"}
        declared = len(body)
        if is_list and (b.truncate_always or self.lists <= b.truncate):
            body = body[: len(body) * 2 // 3]
            if self.lists % 2:  # once as a connection that breaks, once as if that were all
                declared = len(body)
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(declared))
        handler.end_headers()
        handler.wfile.write(body)

    def _answer(self, asked: dict[str, str]) -> bytes:
        b = self.behaviour
        verbs = {"Identify": self._identify, "ListMetadataFormats": self._formats, "GetRecord": self._get}
        if b.error and asked["verb"].startswith("ListR"):
            inner = error(b.error)
        elif asked["verb"] in ("ListRecords", "ListIdentifiers"):
            inner = self._list(asked)
        elif asked["verb"] == "ListSets":
            inner = error("noSetHierarchy")
        else:
            inner = verbs[asked["verb"]](asked)
        root = "<OAI-PMH>" if b.no_namespace else ROOT
        now = self.stamp(datetime.now(timezone.utc), seconds=True)
        text = (
            f'<?xml version="1.0" encoding="UTF-8"?>\n{root}<responseDate>{now}</responseDate>'
            f'<request verb="{asked["verb"]}">{self.url}</request>{inner}</OAI-PMH>'
        )
        # A Latin-1 byte or half a surrogate pair arrives as the test wrote it.
        return b.before + text.encode("utf-8", "surrogateescape") + b.after

    def stamp(self, moment: datetime, *, seconds: bool) -> str:
        local = moment + timedelta(hours=self.behaviour.local_hours)
        return local.strftime("%Y-%m-%dT%H:%M:%SZ" if seconds else "%Y-%m-%d")

    def _identify(self, _: dict[str, str]) -> str:
        b = self.behaviour
        grain = "YYYY-MM-DDThh:mm:ssZ" if b.seconds else "YYYY-MM-DD"
        return (
            f"<Identify><repositoryName>{b.repository}</repositoryName><baseURL>{self.url}</baseURL>"
            "<protocolVersion>2.0</protocolVersion><adminEmail>a@example.org</adminEmail>"
            f"<earliestDatestamp>{b.earliest}</earliestDatestamp><deletedRecord>{b.deleted_record}</deletedRecord>"
            f"<granularity>{grain}</granularity><description>{b.description}</description></Identify>"
        )

    def _formats(self, _: dict[str, str]) -> str:
        spaces = {"oai_dc": DC}
        inner = "".join(
            f"<metadataFormat><metadataPrefix>{p}</metadataPrefix><schema>http://example.org/{p}.xsd</schema>"
            f"<metadataNamespace>{spaces.get(p, MARC)}</metadataNamespace></metadataFormat>"
            for p in self.behaviour.prefixes
        )
        return f"<ListMetadataFormats>{inner}</ListMetadataFormats>"

    def _get(self, asked: dict[str, str]) -> str:
        for place, item in enumerate(self.items):
            if item.identifier == asked.get("identifier"):
                return f"<GetRecord>{self._record(place, item, headers=False)}</GetRecord>"
        return error("idDoesNotExist")

    def _list(self, asked: dict[str, str]) -> str:
        b = self.behaviour
        prefix, begin, end, position = (
            asked.get("metadataPrefix", ""),
            asked.get("from", ""),
            asked.get("until", ""),
            0,
        )
        if token := asked.get("resumptionToken"):
            if self.expired < b.expire:
                self.expired += 1
                return error("badResumptionToken")
            if b.prefix_with_token and not prefix:
                return error("badArgument")
            if prefix and not b.prefix_with_token:
                return error("badArgument")
            prefix, begin, end, position = self._read_token(token)
        if b.refuse_from and begin >= b.refuse_from:
            return error("badArgument")
        if b.refuse_seconds and "T" in begin + end:
            return error("badArgument")
        if prefix not in b.prefixes:
            return error("cannotDisseminateFormat")
        found = self._selected(begin, end)
        if not found or (b.empty_last and position >= len(found)):
            return error("noRecordsMatch")
        return self._page(asked["verb"], prefix, (begin, end), found, position)

    def _selected(self, begin: str, end: str) -> Sequence[tuple[int, Item]]:
        b = self.behaviour
        if not begin and not end and not b.newest_first:
            return Placed(self.items)
        placed = list(enumerate(self.items))
        if b.newest_first:
            placed.reverse()
        if b.ignore_dates or (b.from_needs_until and not (begin and end)):
            begin = end = ""
        if not begin and not end:
            return placed
        full = b.seconds

        def inside(item: Item) -> bool:
            stamp = self.stamp(item.stamp, seconds=full)
            size = len(stamp)
            if (begin or end) and b.unedited_undated and not item.edited:
                return False
            return (not begin or stamp >= begin[:size]) and (not end or stamp <= end[:size])

        return [(place, item) for place, item in placed if inside(item)]

    def _page(
        self, verb: str, prefix: str, dates: tuple[str, str], found: Sequence[tuple[int, Item]], position: int
    ) -> str:
        b = self.behaviour
        first = position == 0
        if b.endless_pages:
            part, following = found[: b.page], position + b.page
        elif b.empty_page and position == -1:
            part, following = [], b.page
        else:
            part, following = found[position : position + b.page], position + b.page
        if b.empty_page and first:
            following = -1
        last = following >= len(found) + b.empty_last and not b.endless_pages
        if b.grow_after_page and first:
            self.items.append(records(1, first=9000 + len(self.items))[0])
        inner = "".join(self._record(place, item, headers=verb == "ListIdentifiers") for place, item in part)
        sizes = (
            f' completeListSize="{b.wrong_size or len(found)}" cursor="{max(0, position)}"' if b.count else ""
        )
        token = "" if last else escape(self._token(prefix, dates, following))
        if token or (b.empty_token and not first):
            inner += f"<resumptionToken{sizes}>{token}</resumptionToken>"
        return f"<{verb}>{inner}</{verb}>"

    def _token(self, prefix: str, dates: tuple[str, str], following: int) -> str:
        b = self.behaviour
        if b.endless_token:
            self.endless_position = following
            return "selalu-sama"
        if b.offset_token:
            return f"{prefix}/{following}"
        return f"{prefix}|{dates[0]}|{dates[1]}|x{following:x}"

    def _read_token(self, token: str) -> tuple[str, str, str, int]:
        b = self.behaviour
        if b.endless_token:
            return b.prefixes[0], "", "", self.endless_position
        if b.offset_token:
            prefix, _, position = token.partition("/")
            return prefix, "", "", int(position)
        prefix, begin, end, position = token.split("|")
        if b.token_loses_dates:
            begin = end = ""
        return prefix, begin, end, int(position[1:], 16)

    def _record(self, place: int, item: Item, *, headers: bool) -> str:
        b = self.behaviour
        stamp = (
            ""
            if b.no_dates
            else f"<datestamp>{self.stamp(item.stamp, seconds=b.seconds or b.stamps_in_full)}</datestamp>"
        )
        status = ' status="deleted"' if item.deleted else ""
        header = f"<header{status}><identifier>{escape(item.identifier)}</identifier>{stamp}</header>"
        if headers:
            return header
        inner = b.in_record.get(place, item.metadata)
        metadata = "" if item.deleted else f"<metadata>{inner}</metadata>"
        return f"<record>{header}{metadata}</record>"


def error(code: str) -> str:
    return f'<error code="{code}">{code}</error>'


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)
