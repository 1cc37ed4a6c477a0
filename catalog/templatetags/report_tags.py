"""Tags of the report pages: the trend of a source's loadings, and numbers as these pages write them."""

from __future__ import annotations

from typing import Any

from django import template

from catalog.presenters.health import number, percent
from catalog.presenters.sparkline import Sparkline

register = template.Library()
register.filter("number", number)
register.filter("percent", percent)


@register.inclusion_tag("catalog/_sparkline.html")
def sparkline(trend: Sparkline | None) -> dict[str, Any]:
    return {"trend": trend}
