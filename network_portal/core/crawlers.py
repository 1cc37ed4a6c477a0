"""Programs that read the web for search engines and collections, told by the name they give themselves."""

from __future__ import annotations

import re

from django.http import HttpRequest

_CRAWLERS = re.compile(
    r"bot\b|bot[/;_-]|crawl|spider|slurp|scrap|archiver|facebookexternalhit|python-requests|aiohttp|httpx"
    r"|go-http-client|libwww|wget|curl/|java/|okhttp|scrapy|gptbot|ccbot|bytespider|petalbot|semrush|ahrefs",
    re.IGNORECASE,
)


def is_crawler(request: HttpRequest) -> bool:
    """By what it says of itself."""
    return bool(_CRAWLERS.search(request.headers.get("User-Agent", "")))
