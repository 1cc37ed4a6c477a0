"""`{% decided "lists.guest_days" %}`: what the network decided (core/netsettings), as the sentence that people read."""

from __future__ import annotations

from django import template

from network_portal.core.netsettings import decision_of

register = template.Library()


@register.simple_tag
def decided(code: str) -> str:
    """Raises TemplateSyntaxError for a code that nobody declared."""
    decision = decision_of(code)
    if decision is None:
        raise template.TemplateSyntaxError(f"no network setting is called {code!r}")
    return str(decision.sentence())
