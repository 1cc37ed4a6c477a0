"""Addresses of what members share, ask, know and tell. Included by network_portal.urls."""

from __future__ import annotations

from django.urls import path, re_path

from members.knowledge.views import experts, feeds, following, items, moderation, news, questions
from network_portal.core.ratelimit import limited
from network_portal.core.shared_cache import shareable

app_name = "knowledge"
KEPT = 900  # seconds, by proxies: readers of feeds ask all day long
feed_limit = limited("feed", per_minute=60, burst=60)
upload_limit = limited("knowledge-upload", per_minute=20, burst=20)
write_limit = limited("knowledge-write", per_minute=20, burst=20)

urlpatterns = [
    path("knowledge/", items.item_list, name="items"),
    path("knowledge/feed.<slug:kind>", shareable(KEPT)(feed_limit(feeds.items_feed)), name="items_feed"),
    path("knowledge/new/", upload_limit(items.item_new), name="item_new"),
    path("knowledge/<int:pk>/", items.item_page, name="item"),
    path("knowledge/<int:pk>/edit/", items.item_edit, name="item_edit"),
    path("knowledge/<int:pk>/versions/new/", upload_limit(items.version_new), name="version_new"),
    path("knowledge/<int:pk>/versions/<int:number>/file", items.item_file, name="item_file"),
    path("knowledge/<int:pk>/hide/", items.item_hide, name="item_hide"),
    path("knowledge/<int:pk>/show/", items.item_show, name="item_show"),
    path("questions/", questions.question_list, name="questions"),
    path(
        "questions/feed.<slug:kind>", shareable(KEPT)(feed_limit(feeds.questions_feed)), name="questions_feed"
    ),
    path("questions/new/", write_limit(questions.question_new), name="question_new"),
    path("questions/following/", following.following, name="following"),
    path("questions/following/<int:pk>/end/", following.follow_end, name="follow_end"),
    path("questions/reports/", moderation.report_list, name="reports"),
    path("questions/reports/<int:pk>/settle/", moderation.report_settle, name="report_settle"),
    path("questions/<int:pk>/", write_limit(questions.question_page), name="question"),
    path("questions/<int:pk>/edit/", questions.question_edit, name="question_edit"),
    path("questions/<int:pk>/history/", questions.question_history, name="question_history"),
    path("questions/<int:pk>/follow/", following.question_follow, name="question_follow"),
    re_path(
        r"^questions/(?P<pk>\d{1,18})/(?P<what>public|private|close|open)/$",
        questions.question_do,
        name="question_do",
    ),
    path("questions/answers/<int:pk>/edit/", questions.answer_edit, name="answer_edit"),
    path("questions/answers/<int:pk>/helpful/", questions.answer_mark, name="answer_mark"),
    re_path(
        r"^questions/(?P<kind>question|answer)/(?P<pk>\d{1,18})/report/$",
        moderation.post_report,
        name="post_report",
    ),
    re_path(
        r"^questions/(?P<kind>question|answer)/(?P<pk>\d{1,18})/hide/$",
        moderation.post_hide,
        name="post_hide",
    ),
    re_path(
        r"^questions/(?P<kind>question|answer)/(?P<pk>\d{1,18})/show/$",
        moderation.post_show,
        name="post_show",
    ),
    path("mails/stop/<str:token>/", following.stop, name="stop"),
    path("experts/", experts.expert_list, name="experts"),
    path("experts/me/", experts.expert_own, name="expert_own"),
    path("experts/me/leave/", experts.expert_leave, name="expert_leave"),
    path("experts/<int:pk>/write/", experts.expert_write, name="expert_write"),
    path("news/", news.news_list, name="news"),
    path("news/feed.<slug:kind>", shareable(KEPT)(feed_limit(feeds.news_feed)), name="news_feed"),
    path("news/new/", news.news_new, name="news_new"),
    path("news/<int:pk>/", news.news_one, name="news_one"),
    path("news/<int:pk>/edit/", news.news_edit, name="news_edit"),
    path("news/<int:pk>/publish/", news.news_publish, name="news_publish"),
    path("news/<int:pk>/delete/", news.news_delete, name="news_delete"),
    path("news/<int:pk>/dismiss/", news.news_dismiss, name="news_dismiss"),
]
