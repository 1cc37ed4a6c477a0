"""Text with marks as HTML, and the news at the head of the home pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import SafeString

from members.knowledge.selectors.items import items_of_library
from members.knowledge.selectors.news import networks_active, news_unread
from members.knowledge.text import rendered
from members.models import KnowledgeItem, Library, Network
from network_portal.core.actor import Actor

register = template.Library()


@register.filter
def marked(text: str) -> SafeString:
    return rendered(text)


@register.inclusion_tag("members/knowledge/_news_notes.html", takes_context=True)
def news_notes(context: Any) -> dict[str, Any]:
    """What this person has not put away yet."""
    actor = context.get("actor") or Actor.anonymous()
    request = context.get("request")
    return {
        "notes": news_unread(actor), "known": actor.is_authenticated, "request": request,
        "csrf_token": context.get("csrf_token"), "back": request.path if request else "",
    }  # fmt: skip


@register.simple_tag(takes_context=True)
def shared_by(context: Any, library: Library) -> list[KnowledgeItem]:
    """The newest documents of a library, for its page."""
    return list(items_of_library(context.get("actor") or Actor.anonymous(), library))


@register.simple_tag
def networks() -> list[Network]:
    """All that are running, for the links to their own pages."""
    return list(networks_active())
