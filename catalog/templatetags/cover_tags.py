"""Covers of editions: `find_covers` asks for those of a whole list at once, `edition_cover` shows one of them.

{% find_covers hits %}{% for hit in hits %}{% edition_cover hit.edition_id hit.title hit.author %}{% endfor %}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from catalog.covers import wanted
from catalog.covers.pictures import SMALL
from catalog.selectors.covers import CoverPicture, covers_of
from network_portal.core.templatetags.look import cover

register = template.Library()
FOUND = "covers_found"


@register.simple_tag(takes_context=True)
def find_covers(context: template.Context, items: Iterable[Any], weight: int = wanted.LIST) -> str:
    """`items`: editions, or anything with an `edition_id`. What is not there yet is noted for the worker."""
    ids = [getattr(item, "edition_id", None) or item.pk for item in items]
    found = covers_of(ids)
    wanted.want(found.wanted, weight)
    context[FOUND] = {**(context.get(FOUND) or {}), **found.pictures}
    return ""


@register.simple_tag(takes_context=True)
def list_covers(context: template.Context, entries: Iterable[Any]) -> str:
    """The same for the titles on a reading list."""
    return find_covers(context, [entry.edition_now for entry in entries])


@register.simple_tag(takes_context=True)
def edition_cover(
    context: template.Context, edition_id: int, title: str, author: str = "", size: str = "s", alt: str = ""
) -> SafeString:
    """The picture, else the drawn cover. Width and height are said, so that nothing moves when it comes."""
    picture: CoverPicture | None = (context.get(FOUND) or {}).get(edition_id)
    if picture is None:
        return cover(title, author, str(edition_id))
    width, height = _size(picture, size)
    return format_html(
        '<img class="cover" src="{}" width="{}" height="{}" alt="{}"{} decoding="async">',
        reverse("catalog:cover", args=[f"{picture.digest}-{size}"]), width, height, alt,
        SafeString("" if size == "l" else ' loading="lazy"'),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def cover_credit(context: template.Context, edition_id: int) -> str:
    """Who gave the picture."""
    picture: CoverPicture | None = (context.get(FOUND) or {}).get(edition_id)
    return _("Picture: %(host)s") % {"host": picture.host} if picture else ""


def _size(picture: CoverPicture, size: str) -> tuple[int, int]:
    if size == "l":
        return picture.width, picture.height
    scale = min(SMALL[0] / picture.width, SMALL[1] / picture.height, 1)
    return round(picture.width * scale), round(picture.height * scale)
