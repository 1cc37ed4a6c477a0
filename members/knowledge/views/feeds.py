"""RSS and Atom of what everybody may see: shared documents, public questions, public news."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.knowledge.selectors.items import ItemQuery, items_found
from members.knowledge.selectors.news import news_public
from members.knowledge.selectors.questions import QuestionQuery, questions_found
from members.knowledge.text import rendered
from network_portal.core.actor import Actor
from network_portal.core.requests import typed

MOST = 50
KINDS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}


class _Told(Feed):
    """What the feeds have in common; a subclass names itself and its things."""

    page = ""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpRequest:
        return request

    def feed_url(self, about: HttpRequest) -> str:
        return about.get_full_path()

    def link(self, about: HttpRequest) -> str:
        return reverse(self.page)

    def item_title(self, item: Any) -> str:
        return str(item.title)

    def item_author_name(self, item: Any) -> str | None:
        return str(item.library) if hasattr(item, "library") else None


class Items(_Told):
    page = "knowledge:items"

    def title(self, about: HttpRequest) -> str:
        return _("Shared knowledge")

    def items(self, about: HttpRequest) -> list[Any]:
        named = {name: typed(about.GET.get(name, "")) for name in ("kind", "topic", "language", "library")}
        asked = ItemQuery(words=typed(about.GET.get("q", "")), sort="new", **named)
        return list(items_found(Actor.anonymous(), asked)[:MOST])

    def item_link(self, item: Any) -> str:
        return reverse("knowledge:item", args=[item.pk])

    def item_description(self, item: Any) -> str:
        return str(rendered(item.summary))

    def item_pubdate(self, item: Any) -> datetime:
        return item.created_at

    def item_updateddate(self, item: Any) -> datetime:
        return item.changed_at


class Questions(_Told):
    page = "knowledge:questions"

    def title(self, about: HttpRequest) -> str:
        return _("Questions and answers")

    def items(self, about: HttpRequest) -> list[Any]:
        asked = QuestionQuery(topic=typed(about.GET.get("topic", "")))
        return list(questions_found(Actor.anonymous(), asked)[:MOST])

    def item_link(self, item: Any) -> str:
        return reverse("knowledge:question", args=[item.pk])

    def item_description(self, item: Any) -> str:
        return str(rendered(item.body))

    def item_pubdate(self, item: Any) -> datetime:
        return item.created_at


class News(_Told):
    page = "knowledge:news"

    def title(self, about: HttpRequest) -> str:
        return _("News")

    def items(self, about: HttpRequest) -> list[Any]:
        return list(news_public()[:MOST])

    def item_link(self, item: Any) -> str:
        return reverse("knowledge:news_one", args=[item.pk])

    def item_description(self, item: Any) -> str:
        return str(rendered(item.body))

    def item_pubdate(self, item: Any) -> datetime:
        return item.starts_at


def _answer(request: HttpRequest, made: _Told, kind: str) -> HttpResponse:
    if kind not in KINDS:
        raise Http404
    made.feed_type = KINDS[kind]
    response = made(request)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def items_feed(request: HttpRequest, kind: str) -> HttpResponse:
    return _answer(request, Items(), kind)


@require_safe
def questions_feed(request: HttpRequest, kind: str) -> HttpResponse:
    return _answer(request, Questions(), kind)


@require_safe
def news_feed(request: HttpRequest, kind: str) -> HttpResponse:
    return _answer(request, News(), kind)
