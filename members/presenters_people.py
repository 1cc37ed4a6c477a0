"""Lists of staff and readers as rows of a CSV file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from members.choices_people import Problem, RowOutcome
from members.models import Membership, PatronImport, PatronImportRow
from network_portal.core.lists import Csv, moment


def staff_header() -> list[str]:
    return [_("Name"), _("E-mail"), _("Role"), _("State"), _("Since")]


def staff_rows(rows: Iterable[Membership]) -> Iterator[list[str]]:
    for row in rows:
        state = _("invited") if row.user.is_invited else _("works here")
        yield [
            row.user.name, row.user.email, row.get_role_display(), state,
            localtime(row.created_at).date().isoformat(),
        ]  # fmt: skip


def reader_header() -> list[str]:
    return [
        _("Name"), _("E-mail"), _("Telephone"), _("Card number"), _("Kind of reader"), _("State"), _("Asked"),
        _("Membership ends"),
    ]  # fmt: skip


def reader_rows(rows: Iterable[Membership]) -> Iterator[list[str]]:
    for row in rows:
        yield [
            row.user.name, row.user.email, row.user.phone, row.card_number,
            row.category.name if row.category else "", row.get_status_display(),
            localtime(row.created_at).date().isoformat(),
            row.expires_on.isoformat() if row.expires_on else "",
        ]  # fmt: skip


def imports_file() -> Csv:
    header = (
        _("File"),
        _("Uploaded"),
        _("Rows"),
        _("State"),
        *(label.capitalize() for label in RowOutcome.labels),
    )

    def cells(source: PatronImport) -> tuple[object, ...]:
        counts = (source.counts.get(outcome, 0) for outcome in RowOutcome.values)
        return source.file_name, moment(source.created_at), source.total, source.get_state_display(), *counts

    return Csv("reader-files", header, cells)


def problem_header() -> list[str]:
    return [_("Line"), _("Problem"), _("What stands there")]


def problem_rows(rows: Iterable[PatronImportRow]) -> Iterator[list[str]]:
    for row in rows:
        yield [str(row.position), str(Problem(row.problem).label), *(row.line or [])]
