"""Catalogues outside the network in which a reader may ask the same again."""

from __future__ import annotations

from urllib.parse import quote

from django.db import models

PLACE = "{q}"  # in an address: where the question goes


class OutsideCatalogue(models.Model):
    """Offered under the results of a search, in the order of `position`; only a reader's click sends anything there."""

    name = models.CharField(max_length=80, unique=True)
    address = models.CharField(max_length=300)  # https, with {q} in it
    position = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                name="outside_address_is_safe",
                condition=models.Q(address__startswith="https://", address__contains=PLACE),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def link(self, text: str) -> str:
        """The address that asks for `text` there."""
        return self.address.replace(PLACE, quote(text, safe=""))
