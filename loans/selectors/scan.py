"""From what a barcode scanner types to the requests it means. Called by the scanning page."""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet
from stdnum import isbn

from catalog.models import Item
from loans.models import Request, SupplyAttempt
from loans.selectors.queues import TO_FETCH, open_flags
from loans.selectors.requests import last_attempts, requests_visible_to
from loans.workflow.states import LIVE_ATTEMPT, OPEN
from network_portal.core.actor import Actor

MOST = 20
# The QR code of a slip is the address of the request's page.
_ADDRESS = re.compile(r"/requests/([A-Za-z0-9-]+)/?")


def scanned(actor: Actor, text: str) -> list[Request]:
    """The requests a scan means, each with its attempts: by number or the slip's QR code, else by the barcode of a
    copy that is on its way or asked for, else by ISBN among the open ones. Nothing the actor may not see."""
    text = text.strip()
    if not text:
        return []
    visible = requests_visible_to(actor).prefetch_related(last_attempts(), open_flags())
    for found in (
        _by_number(visible, text),
        _by_barcode(visible, actor, text),
        _by_isbn(visible, actor, text),
    ):
        if found:
            return found
    return []


def _by_number(visible: QuerySet[Request], text: str) -> list[Request]:
    address = _ADDRESS.search(text)
    return list(visible.filter(number=(address.group(1) if address else text).upper()))


def _by_barcode(visible: QuerySet[Request], actor: Actor, text: str) -> list[Request]:
    """The copy in hand: its barcode was noted when it was sent, or the library's own system told of it."""
    own = Q(supplier_id=actor.library_id) | Q(request__requesting_library_id=actor.library_id)
    on_its_way = SupplyAttempt.objects.filter(own, barcode=text, status__in=LIVE_ATTEMPT)
    found = list(visible.filter(pk__in=on_its_way.values("request_id"))[:MOST])
    return found or list(
        visible.filter(pk__in=_asked_for_copy(actor, text).values("request_id")).order_by("id")[:MOST]
    )


def _asked_for_copy(actor: Actor, text: str) -> QuerySet[SupplyAttempt]:
    """What the library is asked for, and the copy in hand would fill."""
    copies = Item.objects.filter(source__library_id=actor.library_id or 0, item_id=text)
    return SupplyAttempt.objects.filter(
        supplier_id=actor.library_id,
        status__in=TO_FETCH,
        request__edition__in=copies.values("record__edition"),
    )


def _by_isbn(visible: QuerySet[Request], actor: Actor, text: str) -> list[Request]:
    if not isbn.is_valid(text):
        return []
    thirteen = isbn.to_isbn13(isbn.compact(text))
    forms = {thirteen}
    if thirteen.startswith("978"):
        forms.add(isbn.to_isbn10(thirteen))
    wanted = Q()
    for form in forms:
        wanted |= Q(citation__isbn__contains=[form])
    return list(visible.filter(wanted, status__in=OPEN).order_by("id")[:MOST])
