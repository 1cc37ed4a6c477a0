"""Rows of the permission matrix for buying and weeding together, with the objects they need."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from catalog.models import (
    Edition,
    Holding,
    KeepPromise,
    OfferLine,
    PurchasePlan,
    SourceRecord,
    WeedingCheck,
    WeedingOffer,
)


def nothing(world: Any) -> dict[str, Any]:
    return {}


def plan(world: Any) -> dict[str, Any]:
    values = {"key": "t:buku|", "title": "Buku", "library": world.library}
    return {"pk": PurchasePlan.objects.create(**values).pk}


def edition(world: Any) -> dict[str, Any]:
    """Held by the world's library."""
    now = timezone.now()
    row = Edition.objects.create(
        title="Buku", record_count=1, library_count=1, created_at=now, changed_at=now
    )
    record = SourceRecord.objects.create(
        source=world.source, identifier="m1", raw=b"", raw_format="iso2709", content_hash=b"1", edition=row,
        first_seen_at=now, changed_at=now,
    )  # fmt: skip
    Holding.objects.create(edition=row, library=world.library, record=record, as_of=now)
    return {"pk": row.pk}


def promise(world: Any) -> dict[str, Any]:
    return {"pk": KeepPromise.objects.create(edition_id=edition(world)["pk"], library=world.library).pk}


def check(world: Any) -> dict[str, Any]:
    return {"pk": WeedingCheck.objects.create(library=world.library, name="Rak 1", state="done").pk}


def offer(world: Any) -> dict[str, Any]:
    day = timezone.localdate() + timedelta(days=30)
    return {"pk": WeedingOffer.objects.create(library=world.library, name="Rak 1", closes_on=day).pk}


def line(world: Any) -> dict[str, Any]:
    values = {"offer_id": offer(world)["pk"], "edition_id": edition(world)["pk"]}
    return {"pk": OfferLine.objects.create(**values).pk}


STAFF = "login 403 200 200 200 200"
LIBRARIES = "login 403 200 200 200 403"
OWN = "login 403 404 200 200 403"
OWN_DONE = "login 403 404 302 302 403"
# name, answers, arguments, query, method
ROWS: tuple[tuple[Any, ...], ...] = (
    ("acquiring:wanted", STAFF),
    ("acquiring:wanted_csv", STAFF),
    ("acquiring:plans", STAFF),
    ("acquiring:plans_csv", STAFF),
    ("acquiring:plan_new", LIBRARIES),
    ("acquiring:plan", STAFF, plan),
    ("acquiring:plan_edit", OWN, plan),
    ("acquiring:plan_undo", OWN_DONE, plan, nothing, "post"),
    ("acquiring:plan_withdraw", OWN_DONE, plan, nothing, "post"),
    ("acquiring:last", STAFF),
    ("acquiring:last_csv", STAFF),
    ("acquiring:keep", LIBRARIES, edition),
    ("acquiring:kept", STAFF),
    ("acquiring:keep_end", OWN_DONE, promise, nothing, "post"),
    ("acquiring:checks", LIBRARIES),
    ("acquiring:check", OWN, check),
    ("acquiring:check_csv", OWN, check),
    ("acquiring:check_offer", OWN_DONE, check),
    ("acquiring:check_delete", OWN_DONE, check, nothing, "post"),
    ("acquiring:offers", STAFF),
    ("acquiring:offer", STAFF, offer),
    ("acquiring:offer_csv", STAFF, offer),
    ("acquiring:offer_close", OWN_DONE, offer, nothing, "post"),
    # 400: nobody takes from the own library's offer
    ("acquiring:line_take", "login 403 302 400|409 400|409 403", line, nothing, "post"),
    ("acquiring:line_leave", "login 403 302 302 302 403", line, nothing, "post"),
    ("acquiring:line_decide", "login 403 404 302 302 403", line, lambda w: {"state": "kept"}, "post"),
)
