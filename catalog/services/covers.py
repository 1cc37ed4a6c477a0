"""Fetching covers, in the worker: one question to the provider for each, remembered whatever comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from catalog.choices import CoverState
from catalog.covers import provider, store
from catalog.covers.pictures import MOST_BYTES, NotAPicture, Pictures, pictures_of
from catalog.models import Cover, CoverProvider, Edition
from catalog.selectors import covers as selectors
from network_portal.core import audit, http
from network_portal.core.actor import Actor
from network_portal.core.http import FetchError

log = structlog.get_logger(__name__)
TIMEOUT = 15
GONE = (404, 410)  # the provider's way to say that it has none
FOUND_DAYS, NONE_DAYS = 180, 30
FORGET_DAYS = 90  # after expiry, where nobody looked at it any more
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)  # after a failure, doubled each time


def cover_fetch(*, edition_id: int) -> CoverState | None:
    """Ask for the edition's cover if it is due; None where it is not, or where no provider is set.

    A picture that is there stays until there is a newer one. Raises nothing that the provider could cause.
    """
    due = selectors.cover_due(edition_id) if provider.is_on() else None
    if due is None:
        return None
    edition, before = due
    isbn = provider.isbn_of(edition.display)
    address = provider.address_of(isbn) if isbn else ""
    known = selectors.same_isbn(isbn, provider.host()) if address else None
    if not address:
        cover = _none(edition, isbn)
    elif known and known.edition_id != edition.pk:
        cover = _copied(edition, known)
    else:
        cover = _asked(edition, before, isbn, address)
    cover.save()
    return CoverState(cover.state)


def provider_save(*, values: dict[str, Any], actor: Actor) -> CoverProvider:
    """`values`: is_on, address, hosts, per_minute, checked by the form. Covers that were found stay."""
    with transaction.atomic():
        row, _created = CoverProvider.objects.update_or_create(pk=1, defaults=values)
        audit.record("catalog.covers.provider", actor=actor, target=row, data={**values})
        transaction.on_commit(provider.forget_current)
    return row


def provider_reset(*, actor: Actor) -> None:
    """Back to what the environment says."""
    with transaction.atomic():
        if CoverProvider.objects.filter(pk=1).delete()[0]:
            audit.record("catalog.covers.provider_reset", actor=actor)
        transaction.on_commit(provider.forget_current)


def ask_again(*, actor: Actor) -> int:
    """Forget for which editions there was no cover, so that they are asked for anew; says how many."""
    with transaction.atomic():
        count, _by_model = Cover.objects.exclude(state=CoverState.FOUND).delete()
        audit.record("catalog.covers.asked_again", actor=actor, data={"count": count})
    return count


def covers_forget(*, actor: Actor) -> int:
    """Forget every cover, as when the provider sent wrong ones; says how many titles had a picture.

    Drawn covers stand there until somebody looks and the provider is asked anew. The nightly sweep takes the files.
    """
    with transaction.atomic():
        count = Cover.objects.filter(state=CoverState.FOUND).count()
        Cover.objects.all()._raw_delete("default")
        audit.record("catalog.covers.forgotten", actor=actor, data={"count": count})
    return count


@dataclass(frozen=True)
class Trial:
    """What came of asking for one ISBN: the address, and the picture or why there is none."""

    address: str
    pictures: Pictures | None = None
    reason: str = ""


def cover_try(*, isbn: str) -> Trial:
    """Ask the provider now, keep nothing. Raises nothing that the provider could cause."""
    address = provider.address_of(isbn)
    if not address:
        return Trial("", reason="no_address")
    try:
        return Trial(address, pictures_of(_body(address)))
    except FetchError as error:
        return Trial(address, reason="none" if error.status in GONE else error.code)
    except NotAPicture:
        return Trial(address, reason="no_picture")


def covers_sweep() -> int:
    """Forget what nobody looks at any more, and what lost its file; delete files that belong to nothing.

    Says how many files went. After a restore without files the pictures are asked for anew.
    """
    forgotten, used = selectors.digests_in_use(FORGET_DAYS)
    Cover.objects.filter(edition__in=forgotten).delete()
    Cover.objects.filter(digest__in=store.missing(used)).delete()
    return store.sweep(used)


def _asked(edition: Edition, before: Cover | None, isbn: str, address: str) -> Cover:
    try:
        pictures = pictures_of(_body(address))
    except FetchError as error:
        if error.status in GONE:
            return _none(edition, isbn)
        log.info("cover_not_fetched", edition=edition.pk, reason=error.code, status=error.status)
        return _failed(edition, before, isbn)
    except NotAPicture as error:
        log.info("cover_refused", edition=edition.pk, reason=str(error))
        return _none(edition, isbn)
    store.save(pictures)
    return _found(edition, isbn, pictures)


def _body(address: str) -> bytes:
    return http.get(address, max_bytes=MOST_BYTES, timeout=TIMEOUT, hosts=provider.current().hosts).body


def _found(edition: Edition, isbn: str, pictures: Pictures) -> Cover:
    cover = _row(edition, isbn, CoverState.FOUND, timedelta(days=FOUND_DAYS))
    cover.digest, cover.width, cover.height = pictures.digest, pictures.width, pictures.height
    return cover


def _copied(edition: Edition, known: Cover) -> Cover:
    cover = _row(edition, known.isbn, CoverState(known.state), known.expires_at - timezone.now())
    cover.digest, cover.width, cover.height = known.digest, known.width, known.height
    return cover


def _none(edition: Edition, isbn: str) -> Cover:
    return _row(edition, isbn, CoverState.NONE, timedelta(days=NONE_DAYS))


def _failed(edition: Edition, before: Cover | None, isbn: str) -> Cover:
    """Asked again after an hour, two, four …; a picture from before stays."""
    tries = min((before.tries if before else 0) + 1, 20)
    cover = _row(edition, isbn, CoverState.FAILED, min(FIRST_WAIT * 2 ** (tries - 1), LONGEST_WAIT))
    cover.tries = tries
    if before and before.digest:
        cover.state = CoverState.FOUND
        cover.digest, cover.width, cover.height = before.digest, before.width, before.height
    return cover


def _row(edition: Edition, isbn: str, state: CoverState, lasts: timedelta) -> Cover:
    now = timezone.now()
    return Cover(
        edition=edition, isbn=isbn, host=provider.host()[:100], state=state, checked_at=now, expires_at=now + lasts
    )  # fmt: skip
