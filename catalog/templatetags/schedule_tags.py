"""Schedules and turns in templates."""

from __future__ import annotations

from django import template

from catalog.models import Run, Source
from catalog.presenters.schedule import Controls, schedule_lines

register = template.Library()


@register.simple_tag
def schedule_of(source: Source) -> list[str]:
    return schedule_lines(source)


@register.simple_tag
def controls_of(run: Run) -> Controls:
    return Controls(run)
