"""Titles for what is offered while one types; one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from catalog.models import Edition


@dataclass(frozen=True, slots=True)
class TitleRow:
    pk: int
    title: str
    author: str

    @property
    def url(self) -> str:
        return reverse("catalog:edition", args=[self.pk])


def titles_of(pks: Sequence[int]) -> list[TitleRow]:
    """In the order of `pks`; those merged away meanwhile are left out."""
    rows = Edition.objects.filter(pk__in=pks, merged_into=None).values_list("pk", "title", "author")
    found = {pk: TitleRow(pk, title, author) for pk, title, author in rows}
    return [found[pk] for pk in pks if pk in found]
