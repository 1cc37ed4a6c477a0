"""The catalogues outside the network."""

from __future__ import annotations

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from catalog.models import OutsideCatalogue


def outside_catalogues() -> QuerySet[OutsideCatalogue]:
    """In the order in which readers see them."""
    return OutsideCatalogue.objects.order_by("position", "name")


def outside_catalogue(pk: int) -> OutsideCatalogue:
    """Raises Http404."""
    return get_object_or_404(OutsideCatalogue, pk=pk)
