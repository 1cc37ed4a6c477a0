"""Parts of the search page that stand there by the dozen: compiled templates cost a third of what included ones do.

{% hit_list hits %} is the list of hits, {% where available libraries %} where one of them stands,
{% search_filters found query %} the filters, and {% facet_values facet.key values %} the ticks of one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, partial

from django import template
from django.utils.safestring import SafeString

from catalog.search.facets import FacetValue
from catalog.search.hits import Hit
from catalog.search.page import SearchPage
from catalog.search.query import SearchQuery
from catalog.templatetags.cover_tags import edition_cover
from catalog.templatetags.keep_tags import coins
from network_portal.core.compiled import compiled_part, render_compiled
from network_portal.core.templatetags.look import when

register = template.Library()


@register.simple_tag(takes_context=True)
def hit_list(context: template.Context, hits: Sequence[Hit]) -> SafeString:
    """The hits of a page; `find_covers` comes before it."""
    # A library told of all it holds at one moment, which stands there many times.
    return render_compiled(
        "catalog/hits.jinja", hits=hits, drawn=partial(edition_cover, context), coins=coins, when=cache(when)
    )


@register.simple_tag
def search_filters(found: SearchPage, query: SearchQuery) -> SafeString | str:
    """The form that narrows a search; nothing where there is nothing to narrow."""
    if not (found.facets or found.years or found.available or query.is_filtered):
        return ""
    return render_compiled("catalog/filters.jinja", found=found, query=query)


@register.simple_tag
def where(available: int, libraries: int) -> SafeString:
    return compiled_part("catalog/parts.jinja", "where", available, libraries)


@register.simple_tag
def facet_values(key: str, values: Iterable[FacetValue]) -> SafeString:
    return compiled_part("catalog/parts.jinja", "facet_values", key, values)
