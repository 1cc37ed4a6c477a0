"""A library's decisions about a file with readers: taken in, columns named, begun, dropped, undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.choices_people import ColumnKind, ImportState
from members.importing.columns import guess, has_header
from members.importing.table import TableError, read_table
from members.models import Library, PatronImport
from members.netsettings import IMPORT_UNDO_DAYS
from members.permissions import Capability, require
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.jobs import job_create
from network_portal.core.sending import task_send

DRAFT_DAYS = 2  # a file that nobody went on with is thrown away
WORDS = {
    "no_table": _("This is no table as text. Save it as CSV first."),
    "empty": _("The file holds no rows."),
    "too_big": _("The file is bigger than 40 MB. Divide it."),
    "too_many_rows": _("The file has more than 100,000 rows. Divide it."),
    "too_many_columns": _("The file has more than 60 columns. Leave out what the portal does not need."),
}


@transaction.atomic
def import_upload(*, library: Library, file_name: str, data: bytes, actor: Actor) -> PatronImport:
    """Keep a file as draft, its columns guessed. RuleViolation by what is wrong with it (see WORDS)."""
    require(actor, Capability.LIBRARY_EDIT)
    try:
        table = read_table(data)
    except TableError as error:
        raise RuleViolation(error.code, WORDS[error.code]) from error
    header = table.first[0] if has_header(table.first) else []
    return PatronImport.objects.create(
        library=library, by_id=actor.user_id, file_name=file_name[:200], encoding=table.encoding,
        delimiter=table.delimiter, header=header, columns=guess(table.first), packed=table.packed,
        total=table.rows - bool(header),
    )  # fmt: skip


@transaction.atomic
def import_columns_set(*, source: PatronImport, columns: Sequence[str], actor: Actor) -> PatronImport:
    """Say what each column means. RuleViolation `column_twice`, `email_column`; Conflict `import_begun`."""
    row = _draft(source, actor)
    used = [column for column in columns if column]
    if len(used) != len(set(used)):
        raise RuleViolation("column_twice", _("Two columns can't mean the same. Leave one of them out."))
    if not {ColumnKind.EMAIL, ColumnKind.CARD} & set(used):
        raise RuleViolation(
            "email_column", _("One column must be the e-mail address, or the library card number.")
        )
    row.columns = [column if column in ColumnKind.values else "" for column in columns]
    row.save(update_fields=["columns"])
    return row


@transaction.atomic
def import_start(*, source: PatronImport, invite: bool, actor: Actor) -> PatronImport:
    """Hand the file to a worker. Conflict `import_begun` the second time."""
    row = _draft(source, actor)
    job = job_create(
        kind="members.import", label=row.file_name, actor=actor, total=row.total, target=row,
        library_id=row.library_id,
    )  # fmt: skip
    row.state, row.invite, row.job_id = ImportState.RUNNING, invite, job.pk
    row.save(update_fields=["state", "invite", "job_id"])
    audit.record(
        "members.import.started", actor=actor, target=row,
        data={"rows": row.total, "invite": invite, "library_id": row.library_id},
    )  # fmt: skip
    _work(row)
    return row


@transaction.atomic
def import_drop(*, source: PatronImport, actor: Actor) -> None:
    """Throw a draft away. Conflict `import_begun`."""
    _draft(source, actor).delete()


@transaction.atomic
def import_undo(*, source: PatronImport, actor: Actor) -> PatronImport:
    """Take an import back: accounts that nobody has used go, changed values return; those in use stay.

    RuleViolation `import_too_old` after 30 days; Conflict `import_not_done`.
    """
    require(actor, Capability.LIBRARY_EDIT)
    row = _locked(source)
    if row.state != ImportState.DONE:
        raise Conflict("import_not_done", _("Only an import that is done can be undone."))
    if not may_undo(row):
        raise RuleViolation("import_too_old", IMPORT_UNDO_DAYS.sentence())
    job = job_create(
        kind="members.import_undo", label=row.file_name, actor=actor, target=row, total=row.rows.count(),
        library_id=row.library_id,
    )  # fmt: skip
    row.state, row.job_id, row.beat_at, row.invite = ImportState.UNDOING, job.pk, None, False
    row.save(update_fields=["state", "job_id", "beat_at", "invite"])
    audit.record("members.import.undoing", actor=actor, target=row, data={"library_id": row.library_id})
    _work(row)
    return row


def may_undo(source: PatronImport) -> bool:
    done = source.is_done and source.finished_at is not None
    return done and source.finished_at > timezone.now() - timedelta(days=IMPORT_UNDO_DAYS.now())  # type: ignore[operator]


def drafts_forget() -> int:
    """Throw away files nobody went on with, and what is known about rows once nothing can be undone."""
    now = timezone.now()
    old = PatronImport.objects.filter(
        state=ImportState.DRAFT, created_at__lt=now - timedelta(days=DRAFT_DAYS)
    )
    number, _details = old.delete()
    for source in PatronImport.objects.filter(
        state=ImportState.DONE,
        finished_at__lt=now - timedelta(days=IMPORT_UNDO_DAYS.now()),
        rows__isnull=False,
    ).distinct():
        source.rows.all().delete()
    return number


def _draft(source: PatronImport, actor: Actor) -> PatronImport:
    require(actor, Capability.LIBRARY_EDIT)
    row = _locked(source)
    if row.state != ImportState.DRAFT:
        raise Conflict("import_begun", _("This import has begun already."))
    return row


def _locked(source: PatronImport) -> PatronImport:
    return PatronImport.objects.select_for_update(of=("self",)).select_related("library").get(pk=source.pk)


def _work(row: PatronImport) -> None:
    transaction.on_commit(partial(task_send, "members.tasks_people.import_one", row.pk, retry=True))
