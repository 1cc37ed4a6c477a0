"""Rows of the permission matrix for what members share, ask, know and tell, with the objects they need."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from catalog.models import PublishedList
from members.models import (
    Announcement,
    Answer,
    Expert,
    KnowledgeItem,
    KnowledgeVersion,
    Network,
    PostReport,
    Question,
    Subscription,
)


def nothing(world: Any) -> dict[str, Any]:
    return {}


def item(world: Any) -> dict[str, Any]:
    """A document for staff of all libraries."""
    row = KnowledgeItem.objects.create(
        kind="guide", title="Panduan", licence="cc-by-4.0", audience="staff", library=world.library
    )
    KnowledgeVersion.objects.create(item=row, number=1, link="https://example.org/")
    return {"pk": row.pk}


def file(world: Any) -> dict[str, Any]:
    return {**item(world), "number": 1}  # an address, no file


def question(world: Any) -> dict[str, Any]:
    """Asked by the librarian, for staff alone."""
    by = world.people["librarian"]
    return {"pk": Question.objects.create(title="Bagaimana?", body="…", library=world.library, by=by).pk}


def answer(world: Any) -> dict[str, Any]:
    by = world.people["librarian"]
    values = {"question_id": question(world)["pk"], "body": "Begini.", "library": world.library, "by": by}
    return {"pk": Answer.objects.create(**values).pk}


def report(world: Any) -> dict[str, Any]:
    return {"pk": PostReport.objects.create(question_id=question(world)["pk"], reason="…").pk}


def follow(world: Any) -> dict[str, Any]:
    return {"pk": Subscription.objects.create(user=world.people["librarian"], topic="digital").pk}


def expert(world: Any) -> dict[str, Any]:
    return {"pk": Expert.objects.create(user=world.people["librarian"], library=world.library).pk}


def news(world: Any) -> dict[str, Any]:
    """Published, for everybody with an account."""
    return {
        "pk": Announcement.objects.create(title_id="Kabar", state="published", starts_at=timezone.now()).pk
    }


def network(world: Any) -> dict[str, Any]:
    return {"code": Network.objects.create(code="BERSAMA", name="Bersama").code}


def library(world: Any) -> dict[str, Any]:
    return {"code": world.library.short_code}


def published(world: Any) -> dict[str, Any]:
    """The patron's list, as the library's: in this world only they have one."""
    values = {"list": world.kept, "library": world.library, "published_at": timezone.now()}
    return {"slug": PublishedList.objects.create(slug="daftar", **values).slug}


ALL_SEE = "200 200 200 200 200 200"
STAFF = "login 403 200 200 200 200"
NETWORK = "login 403 403 403 403 200"
# name, answers, arguments, query, method
ROWS: tuple[tuple[Any, ...], ...] = (
    ("knowledge:items", ALL_SEE),
    ("knowledge:items_feed", ALL_SEE, lambda w: {"kind": "rss"}),
    ("knowledge:item_new", STAFF),
    ("knowledge:item", "404 404 200 200 200 200", item),
    ("knowledge:item_edit", "login 403 404 200 200 200", item),
    ("knowledge:version_new", "login 403 404 200 200 200", item),
    ("knowledge:item_file", "404 404 404 404 404 404", file),
    ("knowledge:item_hide", NETWORK, item),
    ("knowledge:item_show", "login 403 403 403 403 302", item, nothing, "post"),
    ("knowledge:questions", ALL_SEE),
    ("knowledge:questions_feed", ALL_SEE, lambda w: {"kind": "atom"}),
    ("knowledge:question_new", STAFF),
    ("knowledge:question", "404 404 200 200 200 200", question),
    ("knowledge:question_edit", "login 403 200 200 200 200", question),
    ("knowledge:question_history", STAFF, question),
    ("knowledge:question_follow", "login 403 302 302 302 302", question, nothing, "post"),
    # 400: a rule says no to those who did not ask; the page says so
    (
        "knowledge:question_do",
        "login 403 400|409 302 400|409 302",
        lambda w: {**question(w), "what": "public"},
        nothing,
        "post",
    ),
    ("knowledge:answer_edit", STAFF, answer),
    ("knowledge:answer_mark", "login 403 400|409 302 400|409 400|409", answer, nothing, "post"),
    ("knowledge:post_report", STAFF, lambda w: {**answer(w), "kind": "answer"}),
    ("knowledge:post_hide", NETWORK, lambda w: {**answer(w), "kind": "answer"}),
    (
        "knowledge:post_show",
        "login 403 403 403 403 302",
        lambda w: {**answer(w), "kind": "answer"},
        nothing,
        "post",
    ),
    ("knowledge:reports", NETWORK),
    ("knowledge:report_settle", "login 403 403 403 403 302", report, nothing, "post"),
    ("knowledge:following", STAFF),
    ("knowledge:follow_end", "login 403 404 302 404 404", follow, nothing, "post"),
    ("knowledge:stop", "404 404 404 404 404 404", lambda w: {"token": "wrong"}),
    ("knowledge:experts", STAFF),
    ("knowledge:expert_own", STAFF),
    ("knowledge:expert_leave", "login 403 302 302 302 302", lambda w: {}, nothing, "post"),
    ("knowledge:expert_write", STAFF, expert),
    ("catalog:shared_lists", ALL_SEE),
    ("catalog:shared_lists_feed", ALL_SEE, lambda w: {"kind": "rss"}),
    ("catalog:library_serials", ALL_SEE, library),
    ("catalog:library_serials_csv", ALL_SEE, library),
    ("catalog:published_list", ALL_SEE, published),
    ("catalog:published_list_export", ALL_SEE, published),
    ("catalog:published_list_feed", ALL_SEE, lambda w: {**published(w), "kind": "atom"}),
    # the list is a patron's: its library's managers and the network may end it
    ("catalog:list_withdraw", "login 403 400|409 400|409 302 302", published, nothing, "post"),
    # only a list of one's own
    ("catalog:list_publish", "login 403 404 404 404 404", lambda w: {"pk": w.kept.pk}, nothing, "post"),
    ("network:home", ALL_SEE, network),
    ("network:page_edit", NETWORK, network),
    (
        "network:page_restore",
        "login 403 403 403 403 404",
        lambda w: {**network(w), "number": 1},
        nothing,
        "post",
    ),
    ("network:picture", "404 404 404 404 404 404", lambda w: {**network(w), "number": 1}),
    ("knowledge:news", ALL_SEE),
    ("knowledge:news_feed", ALL_SEE, lambda w: {"kind": "rss"}),
    ("knowledge:news_one", "404 200 200 200 200 200", news),
    ("knowledge:news_new", NETWORK),
    ("knowledge:news_edit", NETWORK, news),
    ("knowledge:news_publish", "login 403 403 403 403 302", news, nothing, "post"),
    ("knowledge:news_delete", "login 403 403 403 403 302", news, nothing, "post"),
    ("knowledge:news_dismiss", "404 302 302 302 302 302", news, nothing, "post"),
)
