"""Scans coming in, whole or in parts. The view has checked that the library scans this copy now.

Nothing is counted before it is on the disk for sure, so that a killed worker or a broken line costs one part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from loans.choices import AttemptStatus, FileCheck, UploadState
from loans.delivery import sniff, store
from loans.delivery.ranges import Part
from loans.delivery.refusal import FileRefused
from loans.models import ScanFile, SupplyAttempt, UploadSession
from loans.netsettings import FILES
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation


class OutOfStep(Conflict):
    """The part does not begin where the upload stands; `received` bytes are here."""

    def __init__(self, received: int) -> None:
        super().__init__("out_of_step", _("This part does not fit; go on where the upload stands."))
        self.received = received


@dataclass(frozen=True)
class Progress:
    received: int
    total: int
    file: ScanFile | None = None  # once it is complete and in order


def upload_part(
    *, attempt: SupplyAttempt, key: str, name: str, part: Part, source: store.Readable, actor: Actor
) -> Progress:
    """Take one part. A part sent twice is taken once; the last one makes a file of them.

    Raises RuleViolation (too_large, too_many_files, not_scanning, disk_full), OutOfStep, FileRefused.
    """
    _check_size(part.total)
    session = _session(attempt, key, name, part.total, actor)
    session = _write(session, part, source)
    if session.received < session.size_announced:
        return Progress(session.received, session.size_announced)
    return Progress(session.received, session.size_announced, _finish(session, attempt))


def upload_whole(*, attempt: SupplyAttempt, upload: UploadedFile, actor: Actor) -> ScanFile:
    """Take a file of a plain form. Raises as upload_part."""
    _check_size(upload.size or 0)
    stored = store.new_part()
    try:
        store.write_all(stored, upload, settings.COPY_MAX_BYTES)
        return _take(attempt, stored, upload.name or "")
    finally:
        store.remove(stored)


@transaction.atomic
def file_remove(*, file: ScanFile) -> None:
    """The supplier takes a file back before the copy is handed over: bytes gone, its line of evidence stays."""
    _scanning(file.attempt_id)
    files_purge([file], superseded=True)


def files_purge(files: list[ScanFile], *, superseded: bool = False) -> None:
    """Mark as gone in this transaction; the bytes follow its commit, and `sweep` whatever that missed."""
    now = timezone.now()
    for file in files:
        file.purged_at, file.superseded = now, superseded or file.superseded
        file.save(update_fields=["purged_at", "superseded"])
        transaction.on_commit(lambda file=file: bytes_remove(file))  # type: ignore[misc]


def bytes_remove(file: ScanFile) -> None:
    """After this the bytes are gone; only then is their place forgotten."""
    store.remove(file.file.name or "")
    ScanFile.objects.filter(pk=file.pk).update(file="")


def _check_size(size: int) -> None:
    if size > settings.COPY_MAX_BYTES:
        raise RuleViolation(
            "too_large",
            _(
                "The file is larger than %(size)s MB, the most that is taken. Please scan it with less resolution."
            )
            % {"size": settings.COPY_MAX_BYTES // 1024**2},
        )


def _session(attempt: SupplyAttempt, key: str, name: str, total: int, actor: Actor) -> UploadSession:
    """The upload this part belongs to, begun with the first. The key is the sender's, within this attempt."""
    until = timezone.now() + timedelta(hours=settings.UPLOAD_TTL_HOURS)
    session, _new = UploadSession.objects.get_or_create(
        key=f"{attempt.pk}:{key}"[:64],
        defaults={"attempt": attempt, "name": name[:200], "size_announced": total, "path": store.new_part(),
                  "user_id": actor.user_id, "expires_at": until},
    )  # fmt: skip
    if session.size_announced != total:
        raise Conflict(
            "other_file", _("This is another file than the one that was begun. Please choose it anew.")
        )
    lost = session.state == UploadState.OPEN and store.part_size(session.path) < session.received
    if lost or (session.state != UploadState.OPEN and not _still_there(session)):
        return _begin_anew(session, until)
    return session


def _still_there(session: UploadSession) -> bool:
    """Taken before, and not taken back since: a repeated last part is answered, not stored twice."""
    return session.state == UploadState.DONE and _made_of(session) is not None


def _made_of(session: UploadSession) -> ScanFile | None:
    return ScanFile.objects.filter(
        attempt_id=session.attempt_id, sha256=session.digest, superseded=False, purged_at=None
    ).first()


def _begin_anew(session: UploadSession, until: object) -> UploadSession:
    UploadSession.objects.filter(pk=session.pk).update(
        received=0, state=UploadState.OPEN, digest="", path=store.new_part(), expires_at=until
    )
    session.refresh_from_db()
    return session


def _write(session: UploadSession, part: Part, source: store.Readable) -> UploadSession:
    """Put the part behind what is here. The row is locked, so two senders of the same file take turns."""
    body = _read(source, min(part.size, settings.COPY_CHUNK))
    with transaction.atomic():
        row = UploadSession.objects.select_for_update().get(pk=session.pk)
        if row.state != UploadState.OPEN or part.start + len(body) <= row.received:
            return row
        if part.start > row.received:
            raise OutOfStep(row.received)
        ahead = body[row.received - part.start :]
        store.append(row.path, row.received, ahead)
        row.received += len(ahead)
        row.save(update_fields=["received"])
    return row


def _read(source: store.Readable, most: int) -> bytes:
    """One part, never more than the cap of a part, whatever its sender announces."""
    pieces, left = [], most
    while left > 0 and (piece := source.read(min(left, store.BLOCK))):
        pieces.append(piece)
        left -= len(piece)
    return b"".join(pieces)


def _finish(session: UploadSession, attempt: SupplyAttempt) -> ScanFile:
    """The last part is here. What is refused leaves no bytes behind, and the key may be used again."""
    if session.state == UploadState.DONE and (made := _made_of(session)):
        return made
    try:
        file = _take(attempt, session.path, session.name)
    except FileRefused:
        store.remove(session.path)
        UploadSession.objects.filter(pk=session.pk).update(state=UploadState.FAILED, received=0)
        raise
    except FileNotFoundError:  # a worker died between moving the file and writing its row
        UploadSession.objects.filter(pk=session.pk).update(received=0)
        raise OutOfStep(0) from None
    UploadSession.objects.filter(pk=session.pk).update(state=UploadState.DONE, digest=file.sha256)
    return file


def _take(attempt: SupplyAttempt, stored_part: str, name: str) -> ScanFile:
    """Check the file, move it to its place, write its row. The same bytes twice are one file."""
    path = store.full_path(stored_part)
    found, size = sniff.inspect(path, name), path.stat().st_size
    place, digest = store.keep(stored_part)
    try:
        with transaction.atomic():
            _scanning(attempt.pk)
            here = scans_of(attempt)
            if same := here.filter(sha256=digest).first():
                store.remove(place)
                return same
            if here.count() >= FILES.now():
                raise RuleViolation(
                    "too_many_files",
                    _("At most %(count)s files make a copy.") % {"count": FILES.now()},
                )
            last = here.aggregate(last=Max("position"))["last"] or 0
            return ScanFile.objects.create(
                attempt=attempt, position=last + 1, name=found.name, kind=found.kind, size=size, sha256=digest,
                pages=found.pages, check_state=FileCheck.OK, file=place,
            )  # fmt: skip
    except RuleViolation:
        store.remove(place)
        raise


def scans_of(attempt: SupplyAttempt | None) -> QuerySet[ScanFile]:
    """What the supplier has sent and not taken back; without what the portal made of it."""
    return ScanFile.objects.filter(
        attempt=attempt, superseded=False, purged_at=None, is_cover=False, is_bound=False
    ).order_by("position", "pk")


def _scanning(attempt_id: int) -> None:
    """Lock the attempt, and make sure that its library scans: the copy may have been handed over meanwhile."""
    row = SupplyAttempt.objects.select_for_update().get(pk=attempt_id)
    if row.status != AttemptStatus.SCANNING:
        raise Conflict("not_scanning", _("This copy is not being scanned (any more). Nothing was changed."))
