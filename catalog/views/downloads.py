"""Copy cataloguing: a record or a list of them as a file, for staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from catalog import selectors
from catalog.downloads import files
from catalog.downloads.files import FileFormat, Ready
from catalog.formats.portable import TooLong
from catalog.models import Edition, SourceRecord
from catalog.presenters.downloads import ORIGINAL, other_ways
from catalog.search import found_ids
from catalog.search.answers import SearchUnavailable
from catalog.search.query import MAX_HITS, SearchQuery
from catalog.selectors.downloads import editions_with_records, living_record
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@require_safe
@capability_required(Capability.SOURCE_VIEW)
def edition_download(request: PortalRequest, pk: int) -> HttpResponse:
    try:
        edition = selectors.edition_current(pk)
    except Edition.DoesNotExist:
        raise Http404 from None
    if edition.pk != pk:
        return redirect(f"{request.path.replace(str(pk), str(edition.pk), 1)}?{request.GET.urlencode()}")
    kind = _kind(request)
    _, records = next(editions_with_records([edition.pk]), (edition, []))
    ready = files.edition_ready(edition, records, request.build_absolute_uri(edition.get_absolute_url()))
    return _one(request, ready, kind, f"jejaring-{edition.pk}", edition.get_absolute_url())


@require_safe
@capability_required(Capability.SOURCE_VIEW)
def record_download(request: PortalRequest, pk: int) -> HttpResponse:
    """One library's record. Its own library has it byte for byte as well; others get it without local fields."""
    record = living_record(pk)
    if record is None or record.edition is None:
        raise Http404
    name = f"{record.source.library.short_code}-{record.pk}"
    if request.GET.get("as") == ORIGINAL:
        return _original(request, record, name)
    page = request.build_absolute_uri(record.edition.get_absolute_url())
    return _one(request, files.record_ready(record, page), _kind(request), name, page)


@require_safe
@capability_required(Capability.SOURCE_VIEW)
def list_download(request: PortalRequest) -> HttpResponseBase:
    """The merged records of chosen editions (`id`, as often as wanted), or of all that a search finds."""
    kind = _kind(request)
    chosen = [int(pk) for pk in request.GET.getlist("id") if pk.isdecimal() and len(pk) < 19]
    try:
        ids = chosen[:MAX_HITS] or found_ids(SearchQuery.from_params(request.GET))
    except SearchUnavailable:
        return render(request, "catalog/download_failed.html", {"reason": "search"}, status=503)
    response = StreamingHttpResponse(files.stream(_ready(request, ids), kind), content_type=kind.content_type)
    return _named(response, f"jejaring-{len(ids)}.{kind.suffix}")


def _ready(request: PortalRequest, ids: list[int]) -> Iterator[Ready]:
    for edition, records in editions_with_records(ids):
        page = request.build_absolute_uri(edition.get_absolute_url())
        if (ready := files.edition_ready(edition, records, page)) is not None:
            yield ready


def _kind(request: PortalRequest) -> FileFormat:
    try:
        return files.FORMATS[request.GET.get("as", "marc")]
    except KeyError:
        raise Http404 from None


def _one(request: PortalRequest, ready: Ready | None, kind: FileFormat, name: str, back: str) -> HttpResponse:
    if ready is None:
        context: dict[str, object] = {"reason": "unreadable", "back": back}
        return render(request, "catalog/download_failed.html", context, status=409)
    try:
        body = files.whole(ready, kind)
    except TooLong:
        context = {"reason": "long", "back": back, "ways": other_ways(request.path)}
        return render(request, "catalog/download_failed.html", context, status=409)
    response = HttpResponse(body, content_type=kind.content_type)
    _named(response, f"{name}.{kind.suffix}")
    return response


def _original(request: PortalRequest, record: SourceRecord, name: str) -> HttpResponse:
    if record.source.library_id != request.actor.library_id:
        raise Http404
    body, suffix = files.original(record)
    response = HttpResponse(body, content_type="application/octet-stream")
    _named(response, f"{name}.{suffix}")
    return response


def _named(response: HttpResponseBase, name: str) -> HttpResponseBase:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
