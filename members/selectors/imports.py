"""Reading imports of readers; always those of the actor's own library."""

from __future__ import annotations

from django.db.models import QuerySet

from members.choices_people import RowOutcome
from members.models import Library, PatronImport, PatronImportRow
from network_portal.core.actor import Actor


def imports_of(actor: Actor) -> QuerySet[PatronImport]:
    """The own library's imports, the newest first. The file itself is only read where it is needed."""
    if actor.library_id is None:
        return PatronImport.objects.none()
    return PatronImport.objects.filter(library_id=actor.library_id).select_related("library").defer("packed")


def own_library(actor: Actor) -> Library:
    return Library.objects.get(pk=actor.library_id or 0)


def import_problems(source: PatronImport) -> QuerySet[PatronImportRow]:
    return source.rows.filter(outcome=RowOutcome.REFUSED).order_by("position")
