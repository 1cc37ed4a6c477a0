"""Compiled templates (Jinja2), for parts of pages that stand there by the dozen: templates/**/*.jinja.

{{ _("a sentence") }}, {{ ngettext("%(n)s book", "%(n)s books", n, n=n) }}, {{ url("catalog:search") }}; what a template
needs beside these is handed to it. All text is escaped, and a name that is not there is an error.
"""

from __future__ import annotations

from typing import Any, cast

from django.contrib.humanize.templatetags.humanize import intcomma
from django.template import engines
from django.template.backends.jinja2 import Jinja2
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from jinja2 import Environment, StrictUndefined

from network_portal.core.templatetags.look import icon, when


def environment(**options: Any) -> Environment:
    """For the setting TEMPLATES."""
    options.pop("autoescape", None)
    options.pop("undefined", None)
    made = Environment(
        **options,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(url=reverse, icon=icon, when=when)
    made.filters["intcomma"] = intcomma
    return made


def render_compiled(name: str, **values: Any) -> SafeString:
    """The part as safe text, for a template tag to return."""
    return SafeString(engines["compiled"].get_template(name).render(values))


def compiled_part(name: str, macro: str, *values: Any) -> SafeString:
    """One macro of a compiled template, for a tag that shows it on other pages."""
    module = cast(Jinja2, engines["compiled"]).env.get_template(name).module
    return SafeString(getattr(module, macro)(*values))
