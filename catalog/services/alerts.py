"""The mails about new titles that fit saved searches. Called by catalog.tasks_saved, every few minutes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from catalog.models import Edition, SavedSearch
from catalog.search.answers import SearchUnavailable
from catalog.search.engine import get_engine
from catalog.search.query import SearchQuery
from catalog.selectors.saved import editions_in, known_until, saved_searches_due
from catalog.services.saved import next_due, unsubscribe_token
from network_portal.core.actor import Actor
from network_portal.core.mail import mail_queue

log = structlog.get_logger(__name__)
BATCH = 100  # searches in one transaction
SEEN = 200  # newest titles of a question that are looked at; the mail says "more than"
SHOWN = 20  # of them named in the mail


@dataclass(frozen=True)
class Recipient:
    email: str
    name: str
    language: str


def alerts_send(*, now: datetime | None = None) -> int:
    """Write the mails of all searches that are due into the outbox, and say how many.

    New is what was added since the last mail. Nothing new: no mail. Without an index nothing is lost, only later.
    """
    now, sent = now or timezone.now(), 0
    try:
        while (told := _send_batch(now)) is not None:
            sent += told
    except SearchUnavailable:
        log.warning("alerts_wait_for_the_index")
    return sent


@transaction.atomic
def _send_batch(now: datetime) -> int | None:
    """None when nothing is due any more. One statement each reads the searches, the titles, and writes the dates."""
    rows = saved_searches_due(now, BATCH)
    if not rows:
        return None
    until = known_until(now)
    found = {text: _newest(text) for text in {row.query for row in rows}}  # many people ask the same
    editions = editions_in(pk for ids in found.values() for pk in ids)
    sent = 0
    for row in rows:
        fresh = [editions[pk] for pk in found[row.query] if pk in editions]
        fresh = [edition for edition in fresh if row.told_until < edition.created_at <= until]
        if fresh:
            sent += _mail(row, fresh, until)
        row.told_until, row.due_at = max(row.told_until, until), next_due(row.alert, now)
    SavedSearch.objects.bulk_update(rows, ["told_until", "due_at"])
    return sent


def _newest(text: str) -> list[int]:
    query = SearchQuery.from_params(QueryDict(text)).with_(sort="added", per_page=SEEN)
    return get_engine().search(query, facets=False).ids


def _mail(row: SavedSearch, fresh: Sequence[Edition], until: datetime) -> int:
    stop = settings.PORTAL_URL + reverse("catalog:saved_stop", args=[unsubscribe_token(row)])
    shown = [(edition, settings.PORTAL_URL + edition.get_absolute_url()) for edition in fresh[:SHOWN]]
    context = {
        "search": row.name, "titles": shown, "count": len(fresh), "more": len(fresh) - len(shown),
        "many": len(fresh) >= SEEN, "stop_url": stop,
        "all_url": f"{settings.PORTAL_URL}{reverse('catalog:search')}?{newest_first(row.query)}",
    }  # fmt: skip
    queued = mail_queue(
        template="new_titles", to=Recipient(row.owner.email, row.owner.name, row.owner.language), context=context,
        actor=Actor.system(), target=row, dedupe_key=f"new-titles-{row.pk}-{until.isoformat()}", sensitive=True,
        unsubscribe_url=stop,
    )  # fmt: skip
    return int(queued is not None)


def newest_first(text: str) -> str:
    return SearchQuery.from_params(QueryDict(text)).with_(sort="added").to_querystring()
