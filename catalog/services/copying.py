"""Search and copy: a librarian looks a record up in another catalogue and takes it into her library's own.

Called by views/copying.py and tasks.py. The search runs in a worker and its answer waits in the cache, for an hour:
nothing of it is the portal's before somebody copies it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from secrets import token_urlsafe

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from catalog.choices import RunKind, RunStatus, SourceKind
from catalog.formats import marc21
from catalog.formats.errors import FormatError
from catalog.harvesting.copying import Kept, order, own_record, parsed, takes_copies
from catalog.harvesting.lookup import SEARCHABLE, Asked, Hit, LookupFailed
from catalog.harvesting.searchers import look_up
from catalog.models import Run, Source, SourceRecord
from catalog.services.runs import run_execute, run_queue
from catalog.services.sources import source_save
from members.models import Library
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.sending import task_send

LIFETIME = 3600  # seconds
PATIENCE = 120.0  # seconds after which nobody waits for a worker any more
BUSY = gettext_noop(
    "The search was not carried out: the portal's workers are busy or stopped. Try again later."
)


@dataclass(frozen=True)
class Lookup:
    """One search and, once it is done, what it found."""

    token: str
    source_id: int
    user_id: int | None
    asked: Asked
    began: float  # time.time()
    state: str = "waiting"  # waiting, done, failed
    count: int = 0
    lost: int = 0
    hits: list[Hit] = field(default_factory=list)
    code: str = ""
    message: str = ""  # English, translated where it is shown
    detail: str = ""  # the server's own words


def lookup_start(*, source: Source, asked: Asked, actor: Actor) -> Lookup:
    """Send a search to a worker. Raises RuleViolation (not_searchable, inactive, nothing_asked)."""
    if source.kind not in SEARCHABLE:
        raise RuleViolation("not_searchable", _("Single records can't be looked up in this kind of source."))
    if not source.enabled:
        raise RuleViolation("inactive", _("This source is switched off. Switch it on first."))
    if not (asked.isbn or asked.title or asked.author):
        raise RuleViolation("nothing_asked", _("Enter an ISBN, a title or an author."))
    lookup = Lookup(token_urlsafe(16), source.pk, actor.user_id, asked, time.time())
    _keep(lookup)
    transaction.on_commit(partial(_send, lookup.token))
    return lookup


def lookup_carry_out(*, token: str) -> None:
    """In the worker. Whatever goes wrong is part of the answer."""
    lookup: Lookup | None = cache.get(_key(token))
    source = Source.objects.filter(pk=lookup.source_id).first() if lookup else None
    if lookup is None or source is None or lookup.state != "waiting":
        return
    try:
        found = look_up(source, lookup.asked)
    except LookupFailed as failure:
        _keep(
            replace(lookup, state="failed", code=failure.code, message=failure.message, detail=failure.detail)
        )
    else:
        _keep(replace(lookup, state="done", count=found.count, lost=found.lost, hits=found.hits))


def lookup_of(*, token: str, source: Source, actor: Actor) -> Lookup | None:
    """The actor's own search as far as it is; None where it is not kept any more, or was somebody else's."""
    lookup: Lookup | None = cache.get(_key(token))
    if lookup is None or (lookup.source_id, lookup.user_id) != (source.pk, actor.user_id):
        return None
    if lookup.state == "waiting" and time.time() - lookup.began > PATIENCE:
        return replace(lookup, state="failed", code="no_worker", message=BUSY)
    return lookup


def copy_identifier(source: Source, number: str) -> str:
    """Of a copied record: the same original gives the same copy, and two servers' numbers never meet."""
    return f"{source.pk}:{number}"[:200]


def record_copy(
    *, source: Source, hit: Hit, kept: Kept, into: Source | None, library: Library, actor: Actor
) -> SourceRecord:
    """Take one record over as the library's own, as a run of kind COPY; the same record again replaces its copy.

    It counts as held by the library: with the call number, place and barcode given, else as "ask the library". What
    the record says of its old home's copies is left out. Raises RuleViolation (unreadable, not_yours, not_taken),
    Conflict where the source is being loaded.
    """
    if into and (into.library_id != library.pk or not takes_copies(into)):
        raise RuleViolation("not_yours", _("Copies can't be put into this source."))
    try:
        record = parsed(hit)
        draft = marc21.to_draft(record)
        identifier = copy_identifier(source, draft.identifier)
        payload = own_record(record, kept)
    except FormatError:
        raise RuleViolation("unreadable", _("This record can't be read, so it can't be copied.")) from None
    into = into or copies_source(library=library, actor=actor)
    run = _carry_out(into, draft.title, identifier, payload, actor)
    copied = SourceRecord.objects.filter(source=run.source, identifier=identifier, deleted_at=None).first()
    if copied is None or run.status != RunStatus.DONE:
        reason = run.rejects.first()
        raise RuleViolation(
            "not_taken", _(reason.reason) if reason else _(run.message or "The record was not taken.")
        )
    audit.record(
        "catalog.record.copied", actor=actor, target=run.source,
        data={"title": str(copied.draft.get("title", ""))[:200], "from": str(source), "record": identifier},
    )  # fmt: skip
    return copied


def copy_remove(*, record: SourceRecord, actor: Actor) -> None:
    """Take a copied record out again, with its holding. Raises RuleViolation (no_copy), Conflict."""
    copies = Run.objects.filter(source=record.source_id, kind=RunKind.COPY)
    if record.deleted_at or not copies.filter(checkpoint__copy__identifier=record.identifier).exists():
        raise RuleViolation("no_copy", _("This record was not copied by hand, or is gone already."))
    title = str(record.draft.get("title", ""))[:200]
    _carry_out(record.source, title, record.identifier, b"", actor)
    audit.record("catalog.record.copy_removed", actor=actor, target=record.source, data={"title": title})


def copies_source(*, library: Library, actor: Actor) -> Source:
    """Where the library's copies went last; made on demand."""
    used = Source.objects.filter(library=library, runs__kind=RunKind.COPY).order_by("-runs__id").first()
    if used and takes_copies(used):
        return used
    values = {"name": _("Copied records"), "kind": SourceKind.UPLOAD, "enabled": True}
    return source_save(source=None, library=library, values=values, actor=actor)


def _carry_out(into: Source, title: str, identifier: str, payload: bytes, actor: Actor) -> Run:
    """At once, in this process: it is one record. A run that is interrupted is taken up again by the dispatcher."""
    run = run_queue(
        source=into,
        actor=actor,
        kind=RunKind.COPY,
        file_name=title,
        checkpoint=order(identifier, payload),
    )
    ended = run_execute(run_id=run.pk, actor=actor)
    if ended is None:
        raise RuleViolation("busy", _("The record is being copied. Look again in a moment."))
    return ended


def _keep(lookup: Lookup) -> None:
    cache.set(_key(lookup.token), lookup, LIFETIME)


def _key(token: str) -> str:
    return f"catalog.lookup.{token}"


def _send(token: str) -> None:
    task_send("catalog.tasks.look_up_records", token, retry=True)
