"""Template tags of the portal's look: covers, icons, dates in words, links that keep the query."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django import forms, template
from django.http import HttpRequest
from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from heroicons.templatetags.heroicons import heroicon_mini

from network_portal.core.covers import cover_svg, next_pattern

register = template.Library()


@register.simple_tag
def cover(title: str, author: str = "", seed: Any = "") -> SafeString:
    """A placeholder cover. `seed` (default: the title) decides ground and pattern."""
    svg = cover_svg(str(title), str(author), str(seed), unique=next_pattern())
    return mark_safe(svg)  # noqa: S308  cover_svg escapes title and author


@lru_cache(maxsize=128)
def _icon(name: str) -> SafeString:
    attributes: dict[str, Any] = {"class": "icon", "focusable": "false"}
    return mark_safe(heroicon_mini(name, **attributes))  # noqa: S308  from the package, not from people


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small drawing beside words, never instead of them."""
    return _icon(name)


def _clock() -> str:
    """Indonesian writes 14.30, English 14:30."""
    return "H:i" if get_language() == "en" else "H.i"


@register.simple_tag
def when(value: datetime | date | None) -> str:
    """A point in time, short, in the reader's zone and language, as a time element."""
    if not value:
        return ""
    if isinstance(value, datetime):
        zone, this_year = timezone.get_current_timezone_name(), timezone.localtime().year
        return _moment(value, zone, get_language() or "", this_year)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), format_date(value, "j F Y"))


@lru_cache(maxsize=4096)
def _moment(value: datetime, _zone: str, _language: str, this_year: int) -> SafeString:
    """Lists show the same moments many times over: a run told of all a library holds."""
    local = timezone.localtime(value)
    day = "j M Y" if local.year != this_year else "D j M"
    text = format_date(local, f"{day}, {_clock()}")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), text)


@register.simple_tag
def due(value: datetime | date | None) -> str:
    """A deadline in words: today, tomorrow, in 3 days, 2 days late; the tone is a class, the words say it too."""
    if not value:
        return "–"
    moment = timezone.localtime(value) if isinstance(value, datetime) else None
    day = moment.date() if moment else value
    days = (day - timezone.localdate()).days
    tone, text = _due_words(days, moment)
    return format_html(
        '<time class="due {}" datetime="{}">{}</time>', tone, (moment or value).isoformat(), text
    )


def _due_words(days: int, moment: datetime | None) -> tuple[str, str]:
    clock = format_date(moment, _clock()) if moment else ""
    if days < 0:
        return "late", ngettext("%(n)s day late", "%(n)s days late", -days) % {"n": -days}
    if days == 0:
        if moment and moment < timezone.now():
            return "late", _("late since %(clock)s") % {"clock": clock}
        return "soon", _("today %(clock)s") % {"clock": clock} if clock else _("today")
    if days == 1:
        return "soon", _("tomorrow")
    return "", ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


@register.simple_tag
def query_without(request: HttpRequest, *names: str) -> str:
    """The query string without some parameters; for links that change one of them."""
    query = request.GET.copy()
    for name in names:
        query.pop(name, None)
    return query.urlencode()


@register.simple_tag
def query_with(request: HttpRequest, **changes: Any) -> str:
    """The query string with some parameters set (None removes), starting again at page 1."""
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return query.urlencode()


@register.simple_tag
def field_kind(field: forms.BoundField) -> str:
    """How a form field is laid out: group (radio buttons, several boxes), check (one box), text (the rest)."""
    widget = field.field.widget
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "text"
