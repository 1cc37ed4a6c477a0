"""What of a new member's first steps lies in the catalogue: its source, and records that have arrived."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.models import Source, SourceRecord
from members.joining.checklist import Step, steps_register
from members.models import Library


def source_done(library: Library) -> bool:
    return Source.objects.filter(library=library).exists()


def records_done(library: Library) -> bool:
    return SourceRecord.objects.filter(source__library=library, deleted_at=None).exists()


def _where(library: Library) -> str:
    """The library's source, once there is one; else the page that connects the first."""
    source = Source.objects.filter(library=library).order_by("pk").values_list("pk", flat=True).first()
    return reverse("catalog:source", args=[source]) if source else reverse("catalog:source_new")


steps_register(
    (
        Step(
            "source", 40, _("Connect your catalogue"),
            _("An address that can be harvested, a file, or the small program beside your system."),
            source_done, _where, needed=True,
        ),
        Step(
            "records", 50, _("See your first records arrive"),
            _("Start the loading, or wait until it starts by itself."), records_done, _where, needed=True,
        ),
    )
)  # fmt: skip
