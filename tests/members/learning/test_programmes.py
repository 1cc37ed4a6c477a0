"""From proposal to certificate: steps, changes, attendance, certificates, opinions, internships."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from members.learning.attendance import attendance_mark
from members.learning.certificates import certificate_revoke, certificates_issue
from members.learning.evaluations import evaluation_give, results_of
from members.learning.figures import figures_of_year
from members.learning.internships import internship_assess, note_write, weeks_of
from members.learning.paper import certificate_pdf, pdf_available
from members.learning.places import registration_agree, registration_ask
from members.learning.programmes import Meeting, programme_change, programme_propose, rule_set, step_take
from members.learning.workflow import STEPS
from members.models import (
    Certificate,
    Evaluation,
    Library,
    Network,
    NetworkMember,
    Programme,
    Registration,
    User,
)
from members.privacy.erase import erase
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import AuditEntry, OutgoingMail
from tests.members.learning.world import make_programme, pass_days, register
from tests.members.world import actor_of, client_of, make_library, make_member

WORDS: dict[str, Any] = {"kind": "seminar", "title": "Naskah kuno", "learns": "Merawat.", "place": "Aula"}


def tomorrow() -> Meeting:
    start = timezone.now() + timedelta(days=1)
    return Meeting(start, start + timedelta(hours=2))


def held(host: Library, *people: User) -> tuple[Programme, list[Registration]]:
    """A programme that is over, with everybody there."""
    programme = make_programme(host, sessions=2)
    rows = [register(programme, person) for person in people]
    pass_days(programme, 30)
    by = actor_of(make_member(f"host{programme.pk}@example.org", host, "librarian"))
    for session in programme.sessions.all():
        attendance_mark(session=session, present=[row.pk for row in rows], actor=by)
    return programme, rows


def test_every_status_is_reached_and_only_ends_have_no_way_on() -> None:
    targets = {step.target for step in STEPS} | {"proposed"}
    assert targets == set(Programme._meta.get_field("status").choices and dict(
        Programme._meta.get_field("status").choices or ()
    ))  # fmt: skip
    assert {"cancelled", "done"} == targets - {source for step in STEPS for source in step.sources}


def test_a_proposal_waits_for_the_coordinator_unless_its_network_lets_it_open(
    bandung: Library, librarian: User, coordinator: User
) -> None:
    made = programme_propose(host=bandung, actor=actor_of(librarian), meetings=[tomorrow()], **WORDS)
    assert made.status == "proposed"
    step_take(programme=made, action="open", actor=actor_of(coordinator))
    assert OutgoingMail.objects.get().to_email == bandung.email
    network = Network.objects.create(code="A", name="A")
    NetworkMember.objects.create(network=network, library=bandung)
    rule_set(actor=actor_of(coordinator), network=network, open_at_once=True)
    again = programme_propose(host=bandung, actor=actor_of(librarian), meetings=[tomorrow()], **WORDS)
    assert again.is_open


def test_a_librarian_cannot_open_the_own_proposal(bandung: Library, librarian: User) -> None:
    made = make_programme(bandung, status="proposed")
    url = reverse("members:learning_step", args=[made.pk, "open"])
    assert client_of(librarian).post(url).status_code == 403
    made.refresh_from_db()
    assert made.status == "proposed"


def test_a_refused_proposal_needs_a_reason_and_can_come_again(
    bandung: Library, librarian: User, coordinator: User
) -> None:
    made = make_programme(bandung, status="proposed")
    with pytest.raises(RuleViolation):
        step_take(programme=made, action="refuse", actor=actor_of(coordinator))
    step_take(programme=made, action="refuse", actor=actor_of(coordinator), reason="Terlalu umum.")
    with pytest.raises(Conflict):
        step_take(programme=made, action="open", actor=actor_of(coordinator))
    assert step_take(programme=made, action="repropose", actor=actor_of(librarian)).status == "proposed"


def test_another_day_is_told_and_new_places_are_filled(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made = make_programme(bandung, places=1)
    register(made, librarian)
    second = register(made, stranger)
    session = made.sessions.get()
    later = Meeting(
        session.starts_at + timedelta(days=2), session.ends_at + timedelta(days=2), "", session.pk
    )
    programme_change(programme=made, actor=actor_of(manager), meetings=[later], places=2)
    second.refresh_from_db()
    assert second.has_place
    subjects = [mail.subject for mail in OutgoingMail.objects.filter(to_email=librarian.email)]
    assert any(subject.startswith("Berubah") for subject in subjects)
    made.refresh_from_db()
    assert made.sequence == 1 and made.sessions.get().pk == session.pk
    with pytest.raises(RuleViolation) as refusal:
        programme_change(programme=made, actor=actor_of(manager), meetings=[later], places=1)
    assert refusal.value.code == "places_taken"


def test_attendance_is_marked_as_a_list_and_not_before_the_day(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made = make_programme(bandung, places=1)
    row, waiting = register(made, librarian), register(made, stranger)
    session = made.sessions.get()
    with pytest.raises(RuleViolation):
        attendance_mark(session=session, present=[row.pk], actor=actor_of(manager))
    pass_days(made, 30)
    session.refresh_from_db()
    assert attendance_mark(session=session, present=[row.pk, waiting.pk, 999], actor=actor_of(manager)) == 1
    assert attendance_mark(session=session, present=[], actor=actor_of(manager)) == 0


def test_certificates_are_made_once_for_who_was_there(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made, _rows = held(bandung, librarian)
    Registration.objects.create(
        programme=made, user=stranger, library=bandung, role="librarian", status="registered",
        queued_at=timezone.now(),
    )  # fmt: skip
    assert certificates_issue(programme=made, actor=actor_of(manager)) == 1
    assert certificates_issue(programme=made, actor=actor_of(manager)) == 0
    one = Certificate.objects.get()
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", one.code)
    assert one.data["hours"] == 6 and one.data["name"] == "Dewi"
    assert one.data["texts"]["id"]["heading"] == "Sertifikat"
    assert one.data["texts"]["en"]["heading"] == "Certificate"


def test_the_database_refuses_to_change_a_certificate(
    bandung: Library, librarian: User, manager: User
) -> None:
    made, _rows = held(bandung, librarian)
    certificates_issue(programme=made, actor=actor_of(manager))
    one = Certificate.objects.get()
    with pytest.raises(InternalError), transaction.atomic():
        Certificate.objects.filter(pk=one.pk).update(data={"name": "Orang lain"})
    librarian.name = "Nama Baru"
    librarian.save()
    assert Certificate.objects.get().data["name"] == "Dewi"


def test_a_person_who_is_erased_leaves_a_place_and_no_paper(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made, rows = held(bandung, librarian)
    certificates_issue(programme=made, actor=actor_of(manager))
    Registration.objects.filter(user=librarian).update(words="Saya Dewi, tolong kursi depan")
    erase(librarian)
    row = Registration.objects.get(pk=rows[0].pk)
    assert (row.user, row.words, row.library) == (None, "", bandung), "the place counts on"
    assert not Certificate.objects.filter(registration=row).exists()


@pytest.mark.skipif(not pdf_available(), reason="Pango is not installed")
def test_the_paper_says_who_learned_what_in_both_languages(
    bandung: Library, librarian: User, manager: User
) -> None:
    made, _rows = held(bandung, librarian)
    certificates_issue(programme=made, actor=actor_of(manager))
    one = Certificate.objects.get()
    reader = PdfReader(io.BytesIO(certificate_pdf(one)))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    for words in (
        "Dewi",
        "Mengatalog dengan RDA",
        "Sertifikat",
        "Certificate",
        "6 jam",
        "6 hours",
        one.code,
        "Made Wirawan",
    ):
        assert words in text


def test_the_public_page_says_whether_a_certificate_is_valid(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made, _rows = held(bandung, librarian)
    certificates_issue(programme=made, actor=actor_of(manager))
    one = Certificate.objects.get()
    url = reverse("members:certificate", args=[one.code])
    page = Client().get(url.replace(one.code, one.code.lower()))
    assert page.status_code == 200 and "Berlaku" in page.content.decode()
    assert librarian.email not in page.content.decode()
    assert Client().get(reverse("members:certificate", args=["00000-00000-00000-00000"])).status_code == 404
    client, ask = Client(), reverse("members:certificate_ask")
    assert 'name="code"' in client.get(ask).content.decode()
    typed = f" {one.code.replace('-', '').lower().replace('0', 'o').replace('1', 'l')} "
    assert client.get(ask, {"code": typed}).headers["Location"] == url
    unknown = client.get(ask, {"code": "\x00; drop"}, follow=True)
    assert unknown.status_code == 404 and 'value="DR0P"' in unknown.content.decode()
    paper = reverse("members:certificate_pdf", args=[one.code])
    assert client_of(stranger).get(paper).status_code == 404
    certificate_revoke(certificate=one, reason="Salah nama.", actor=actor_of(manager))
    page = Client().get(url)
    assert "Dicabut" in page.content.decode() and "Salah nama." in page.content.decode()


def test_codes_are_not_tried_without_end(bandung: Library, settings: Any) -> None:
    settings.RATE_LIMITS = True
    guest = Client(REMOTE_ADDR="198.51.100.77")
    answers = [guest.get("/certificates/00000-00000-00000-00000/").status_code for _n in range(25)]
    assert answers[0] == 404 and answers[-1] == 429


def test_opinions_are_shown_from_three_on_and_name_nobody(
    bandung: Library, librarian: User, stranger: User, manager: User
) -> None:
    made, rows = held(bandung, librarian, stranger, manager)
    for row, mark in zip(rows, (5, 4, 3), strict=True):
        assert results_of(made) == ([], [])
        evaluation_give(registration=row, useful=mark, clear=5, organised=1, words=f"Kata {mark}")
    with pytest.raises(Conflict):
        evaluation_give(registration=rows[0], useful=1, clear=1, organised=1)
    answers, words = results_of(made)
    assert (answers[0].mean, answers[0].counts) == (4.0, (0, 0, 1, 1, 1))
    assert words == ["Kata 3", "Kata 4", "Kata 5"]
    names = {field.name for field in Evaluation._meta.get_fields()}
    assert names == {"id", "programme", "useful", "clear", "organised", "words"}
    assert not AuditEntry.objects.filter(code__contains="evaluat").exists()


def test_a_stay_begins_when_both_libraries_agree_and_ends_with_an_assessment(
    bandung: Library, makassar: Library, manager: User, stranger: User
) -> None:
    intern = make_member("tuti@makassar.example", makassar, "librarian", name="Tuti")
    made = make_programme(bandung, kind="internship", sessions=0)
    with pytest.raises(RuleViolation) as refusal:
        register(made, intern)
    assert refusal.value.code == "stay_missing"
    today = timezone.localdate()
    row = registration_ask(
        programme=made, actor=actor_of(intern), starts_on=today, ends_on=today + timedelta(days=20), goals="Preservasi",
    )  # fmt: skip
    registration_agree(registration=row, side="host", actor=actor_of(manager))
    row.refresh_from_db()
    assert row.is_asked
    registration_agree(registration=row, side="sender", actor=actor_of(stranger))
    row.refresh_from_db()
    assert row.has_place
    stay = row.internship
    note_write(registration=row, week=weeks_of(stay)[0], text="Belajar.", actor=actor_of(intern))
    with pytest.raises(RuleViolation):
        note_write(registration=row, week=today + timedelta(days=700), text="x", actor=actor_of(intern))
    assess = {"registration": row, "text": "Baik.", "reached": True, "hours": 120, "actor": actor_of(manager)}
    with pytest.raises(RuleViolation) as refusal:
        internship_assess(**assess)
    assert refusal.value.code == "stay_not_over"
    stay.starts_on, stay.ends_on = today - timedelta(days=20), today
    stay.save()
    internship_assess(**assess)
    with pytest.raises(Conflict):
        note_write(registration=row, week=weeks_of(stay)[0], text="Nanti.", actor=actor_of(intern))
    assert certificates_issue(programme=made, actor=actor_of(manager)) == 1
    assert Certificate.objects.get().data["hours"] == 120
    assert [(one.library, one.hours) for one in figures_of_year(today.year)] == [(makassar, 120.0)]


def test_figures_count_people_and_hours_by_the_sending_library(
    bandung: Library, librarian: User, stranger: User
) -> None:
    made, _rows = held(bandung, librarian, stranger)
    year = made.sessions.all()[0].starts_at.year
    rows = {row.library.short_code: row for row in figures_of_year(year)}
    assert (rows["BANDUNG"].given, rows["BANDUNG"].people) == (1, 1)
    assert rows["MAKASSAR"].hours + rows["BANDUNG"].hours in (6.0, 12.0)


def test_another_library_sees_no_list_of_people(bandung: Library, librarian: User, stranger: User) -> None:
    made = make_programme(bandung)
    register(made, librarian)
    for name in ("learning_people", "learning_edit", "learning_results"):
        assert client_of(stranger).get(reverse(f"members:{name}", args=[made.pk])).status_code == 404
    page = client_of(stranger).get(reverse("members:learning_programme", args=[made.pk]))
    assert "Dewi" not in page.content.decode()


def test_the_online_address_is_for_who_has_a_place(bandung: Library, librarian: User, stranger: User) -> None:
    made = make_programme(bandung, online_url="https://rapat.example/rahasia")
    register(made, librarian)
    url = reverse("members:learning_programme", args=[made.pk])
    assert "rahasia" in client_of(librarian).get(url).content.decode()
    for one in (client_of(stranger), Client()):
        assert "rahasia" not in one.get(url).content.decode()


def test_lists_ask_as_many_questions_for_one_programme_as_for_twenty(
    bandung: Library, librarian: User
) -> None:
    other = make_library("LAIN")
    register(make_programme(other, title="=Judul 1"), librarian)
    paths = ("/learning/", "/learning/mine/", "/learning/host/", "/learning/calendar/")

    def asked(path: str) -> int:
        client = client_of(librarian)
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    register(make_programme(bandung, title="Judul 2"), librarian)
    before = {path: asked(path) for path in paths}
    for n in range(3, 21):
        register(make_programme(bandung if n % 2 else other, title=f"Judul {n}"), librarian)
    assert {path: asked(path) for path in paths} == before
    own: Any = client_of(librarian).get("/learning/host/?format=csv")
    assert own.getvalue().decode().count("\r\n") == 11  # a head, and what the own library gives
    answer: Any = Client().get("/learning/?format=csv")
    content = answer.getvalue().decode()
    assert "'=Judul 1" in content and content.count("\r\n") == 21
