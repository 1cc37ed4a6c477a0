"""Questions: asking, answering, marks, history, reports, mails at once and daily, and ending them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from members.choices import MembershipStatus, Role
from members.knowledge.selectors.questions import QuestionQuery, questions_alike, questions_found
from members.knowledge.services import questions as services
from members.knowledge.services import telling
from members.models import Answer, Library, PostReport, Question, Subscription, User
from network_portal.core.errors import RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.world import actor_of, client_of, last_mail, link_in, make_member

TITLE = "Bagaimana menyimpan koran lama?"


def ask(who: User, title: str = TITLE, topics: tuple[str, ...] = ("preservation",)) -> Question:
    return services.question_ask(actor=actor_of(who), title=title, body="Udaranya **lembap**.", topics=topics)


def give(who: User, question: Question, body: str = "Pakai kotak bebas asam.") -> Answer:
    return services.answer_give(question=question, actor=actor_of(who), body=body)


def test_a_question_is_staffs_alone_until_its_asker_or_a_coordinator_ticks_it(
    librarian: User, stranger: User, coordinator: User, client: Client
) -> None:
    question = ask(librarian)
    page = f"/questions/{question.pk}/"
    assert client.get(page).status_code == 404
    assert client_of(stranger).get(page).status_code == 200
    assert client_of(stranger).post(f"{page}public/").status_code in (400, 409)
    assert client.get(page).status_code == 404
    client_of(coordinator).post(f"{page}public/")
    shown = client.get(page).content.decode()
    assert "<strong>lembap</strong>" in shown and librarian.name not in shown
    client_of(librarian).post(f"{page}private/")
    assert client.get(page).status_code == 404


def test_what_was_asked_before_is_shown_before_posting(librarian: User, stranger: User) -> None:
    before = ask(stranger)
    client = client_of(librarian)
    form = {"title": "Cara simpan koran tua yang lembap", "body": "", "topics": ["preservation"]}
    first = client.post("/questions/new/", form)
    assert first.status_code == 200 and before.title in first.content.decode()
    assert Question.objects.count() == 1
    assert client.post("/questions/new/", {**form, "seen": "1"}).status_code == 302
    assert Question.objects.count() == 2
    assert (
        client.post("/questions/new/", {**form, "title": "Berapa tarif pengiriman paket?"}).status_code == 302
    )


def test_small_words_make_nothing_alike(librarian: User) -> None:
    ask(librarian, "Bagaimana cara untuk ini dan itu?")
    assert questions_alike(actor_of(librarian), "Bagaimana cara untuk saya?") == []


def test_only_the_asker_marks_what_helped(librarian: User, stranger: User, coordinator: User) -> None:
    answer = give(stranger, ask(librarian))
    for other in (stranger, coordinator):
        with pytest.raises(RuleViolation) as refused:
            services.answer_mark(answer=answer, actor=actor_of(other), helpful=True)
        assert refused.value.code == "not_yours"
    client_of(librarian).post(f"/questions/answers/{answer.pk}/helpful/", {"helpful": "1"})
    answer.refresh_from_db()
    assert answer.is_helpful


def test_text_can_do_nothing(librarian: User) -> None:
    question = ask(librarian)
    give(
        librarian,
        question,
        "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://spy.example/a.png)",
    )
    page = client_of(librarian).get(f"/questions/{question.pk}/").content.decode()
    assert "alert(1)</script>" not in page
    assert 'href="javascript' not in page
    assert 'src="https://spy' not in page


def test_edits_keep_what_was_said_before(librarian: User, stranger: User) -> None:
    question = ask(librarian)
    form = {"title": "Bagaimana menyimpan majalah?", "body": "Baru", "topics": ["serials"]}
    assert client_of(stranger).post(f"/questions/{question.pk}/edit/", form).status_code in (400, 409)
    client_of(librarian).post(f"/questions/{question.pk}/edit/", form)
    history = client_of(stranger).get(f"/questions/{question.pk}/history/").content.decode()
    assert TITLE in history
    assert list(questions_found(actor_of(stranger), QuestionQuery(words="majalah"))) == [question]
    assert list(questions_found(actor_of(stranger), QuestionQuery(words="koran"))) == []


def test_a_closed_question_takes_no_answers(librarian: User, stranger: User) -> None:
    question = ask(librarian)
    client_of(librarian).post(f"/questions/{question.pk}/close/", {"note": "Sudah beres"})
    with pytest.raises(RuleViolation) as refused:
        give(stranger, question)
    assert refused.value.code == "question_closed"
    client_of(librarian).post(f"/questions/{question.pk}/open/")
    assert give(stranger, question).pk


def test_a_report_is_settled_by_hiding_with_its_reason(
    librarian: User, stranger: User, coordinator: User
) -> None:
    question = ask(librarian)
    answer = give(stranger, question)
    client_of(librarian).post(f"/questions/answer/{answer.pk}/report/", {"reason": "Iklan"})
    report = PostReport.objects.get()
    assert client_of(coordinator).get("/questions/reports/").content.decode().count("Iklan") == 1
    client_of(coordinator).post(f"/questions/reports/{report.pk}/settle/", {"hide": "1"})
    assert "kotak bebas" not in client_of(librarian).get(f"/questions/{question.pk}/").content.decode()
    assert "Iklan" in client_of(stranger).get(f"/questions/{question.pk}/").content.decode()
    assert PostReport.objects.get().settled_at is not None
    assert AuditEntry.objects.filter(code="members.post.hidden").exists()


def test_who_asked_and_who_follows_hear_at_once_and_once(
    librarian: User, stranger: User, manager: User
) -> None:
    telling.subscription_set(actor=actor_of(manager), topic="preservation", pace="now")
    question = ask(librarian)
    assert telling.question_tell(pk=question.pk) == 1
    answer = give(stranger, question)
    assert [telling.answer_tell(pk=answer.pk) for _n in range(2)] == [1, 0]
    assert {mail.to_email for mail in OutgoingMail.objects.all()} == {manager.email, librarian.email}
    assert "kotak bebas asam" in last_mail("question_news").body_text


def test_who_left_the_staff_hears_nothing(librarian: User, manager: User) -> None:
    telling.subscription_set(actor=actor_of(manager), topic="preservation", pace="now")
    manager.memberships.update(status=MembershipStatus.ENDED)
    assert telling.question_tell(pk=ask(librarian).pk) == 0


def test_the_daily_mail_tells_each_question_once_and_nothing_twice(
    librarian: User, stranger: User, manager: User
) -> None:
    actor = actor_of(manager)
    telling.subscription_set(actor=actor, topic="preservation", pace="daily")
    question = ask(librarian)
    telling.subscription_set(actor=actor, question=question, pace="daily")
    Subscription.objects.update(told_until=timezone.now() - timedelta(hours=1))
    give(stranger, question)
    give(stranger, question, "Silika gel.")
    assert telling.digests_send() == 1
    mail = last_mail("question_digest")
    assert mail.body_text.count(TITLE) == 1 and "2 jawaban baru" in mail.body_text
    assert telling.digests_send(now=timezone.now() + timedelta(days=1)) == 0


def test_one_click_ends_the_mails_without_login(librarian: User, stranger: User, client: Client) -> None:
    question = ask(librarian)
    telling.answer_tell(pk=give(stranger, question).pk)
    mail = last_mail("question_news")
    path = "/" + mail.unsubscribe_url.split("/", 3)[3]
    assert client.get(path).status_code == 200
    assert Subscription.objects.count() == 1, "a mail filter that looks at links ends nothing"
    client.handler.enforce_csrf_checks = True
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.count() == 0
    assert client.post(path[:-3] + "x/").status_code == 404
    assert link_in(mail) == f"/questions/{question.pk}/"


def test_readers_neither_ask_nor_see_experts(bandung: Library) -> None:
    client = client_of(make_member("baca@bandung.example", bandung, Role.PATRON))
    assert client.get("/questions/new/").status_code == 403
    assert client.get("/experts/").status_code == 403


def test_the_list_asks_as_often_for_twenty_as_for_one(
    librarian: User, django_assert_max_num_queries: Any
) -> None:
    client = client_of(librarian)
    give(librarian, ask(librarian))
    client.get("/questions/")
    with django_assert_max_num_queries(100) as few:
        client.get("/questions/")
    for number in range(19):
        give(librarian, ask(librarian, f"Pertanyaan nomor {number}"))
    with django_assert_max_num_queries(len(few)):
        client.get("/questions/")
