"""Compiled templates escape, translate and complain."""

from __future__ import annotations

import pytest
from django.template import engines
from django.utils.safestring import SafeString
from django.utils.translation import override
from jinja2 import UndefinedError


def rendered(source: str, **values: object) -> str:
    return str(engines["compiled"].from_string(source).render(values))


def test_text_is_escaped_and_safe_text_is_not() -> None:
    html = rendered("<p>{{ title }}</p>{{ part }}", title='<b>"Laut"</b>', part=SafeString("<i>x</i>"))
    assert html == "<p>&lt;b&gt;&#34;Laut&#34;&lt;/b&gt;</p><i>x</i>"


def test_what_is_put_into_a_sentence_is_escaped() -> None:
    with override("en"):
        assert rendered('{{ _("Choose: %(title)s", title=t) }}', t="<b>") == "Choose: &lt;b&gt;"


def test_sentences_are_in_the_readers_language() -> None:
    source = '{{ ngettext("%(n)s more library", "%(n)s more libraries", n, n=n) }}'
    with override("en"):
        assert rendered(source, n=1) == "1 more library"
        assert rendered(source, n=2) == "2 more libraries"
    with override("id"):
        assert rendered(source, n=2) == "2 perpustakaan lagi"


def test_a_name_that_is_not_there_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ nobody }}")
