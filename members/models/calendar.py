"""When a library is at work. Read by members.calendars; without rows: Monday to Friday, 8 to 16."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from members.models.library import Library


class WorkingHours(models.Model):
    """One stretch of a weekday; a day with a break (the Friday prayer) has two."""

    library = models.ForeignKey(Library, on_delete=models.CASCADE, related_name="working_hours")
    weekday = models.PositiveSmallIntegerField()  # Monday is 0
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["library", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(name="hours_close_after_opening", condition=Q(closes__gt=F("opens"))),
            models.CheckConstraint(name="hours_weekday_known", condition=Q(weekday__lte=6)),
            models.UniqueConstraint(fields=["library", "weekday", "opens"], name="hours_once"),
        ]

    def __str__(self) -> str:
        return f"{self.library_id} {self.weekday}: {self.opens}–{self.closes}"


class ClosedDay(models.Model):
    """Days on which a library is closed, both ends included; without a library they are closed for everybody."""

    library = models.ForeignKey(
        Library, on_delete=models.CASCADE, null=True, blank=True, related_name="closed_days"
    )
    day = models.DateField(_("from"))
    until = models.DateField(_("to"))
    name = models.CharField(_("reason"), max_length=120)
    year = models.PositiveSmallIntegerField()  # of the first day; a year's national days are looked up by it

    class Meta:
        ordering = ["day"]
        indexes = [models.Index(fields=["library", "day"], name="closed_day_lookup")]
        constraints = [
            models.CheckConstraint(name="closed_until_not_before", condition=Q(until__gte=F("day"))),
            models.UniqueConstraint(
                fields=["library", "day", "name"], name="closed_day_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.name}"
