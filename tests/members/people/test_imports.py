"""Readers from a file: looked at, taken over, taken up again, invited, undone; nobody else is touched."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from members.choices import MembershipStatus, Role
from members.importing import run
from members.importing.inviting import invite_some
from members.importing.run import import_work
from members.models import Library, Membership, PatronCategory, PatronImport, User
from members.services.imports import (
    drafts_forget,
    import_columns_set,
    import_start,
    import_undo,
    import_upload,
)
from network_portal.core.errors import Conflict, RuleViolation
from network_portal.core.models import JobRun, OutgoingMail
from tests.members.world import actor_of, client_of, last_mail, make_member, make_user

pytestmark = pytest.mark.django_db

HEADER = "email,nama,kartu,kategori,berlaku sampai,telepon"


def taken_over(library: Library, manager: User, *lines: str, invite: bool = False) -> PatronImport:
    """A file taken over from beginning to end."""
    source = import_upload(
        library=library, file_name="a.csv", data="\n".join([HEADER, *lines]).encode(), actor=actor_of(manager)
    )
    import_start(source=source, invite=invite, actor=actor_of(manager))
    source.refresh_from_db()
    import_work(source)
    source.refresh_from_db()
    return source


def problems(source: PatronImport) -> dict[int, str]:
    return dict(source.rows.filter(outcome="refused").values_list("position", "problem"))


def test_new_readers_get_an_account_without_password_and_a_confirmed_membership(
    bandung: Library, manager: User
) -> None:
    category = PatronCategory.objects.create(library=bandung, name="Mahasiswa", code="MHS")
    source = taken_over(bandung, manager, "Budi@Example.org,Budi,001,mhs,2027-12-31,0812")
    row = Membership.objects.select_related("user").get(user__email="budi@example.org")
    assert (row.card_number, row.category, row.expires_on) == ("001", category, datetime.date(2027, 12, 31))
    assert row.is_confirmed and row.user.is_invited and row.user.name == "Budi"
    assert source.counts["created"] == 1 and source.is_done and source.packed is None
    assert JobRun.objects.get(pk=source.job_id).status == "done"


def test_the_same_file_a_second_time_changes_nothing(bandung: Library, manager: User) -> None:
    lines = [f"p{n}@example.org,Orang {n},{n:04}" for n in range(5)]
    taken_over(bandung, manager, *lines)
    again = taken_over(bandung, manager, *lines)
    assert again.counts == {"unchanged": 5, "refused": 0} and not again.rows.exists()
    assert User.objects.filter(email__endswith="@example.org").count() == 5


def test_a_known_reader_changes_only_where_the_file_says(bandung: Library, manager: User) -> None:
    budi = make_member("budi@example.org", bandung, name="Budi", phone="0811")
    Membership.objects.filter(user=budi).update(card_number="7", expires_on="2030-01-01")
    source = taken_over(bandung, manager, ",Budi Santoso,7")
    budi.refresh_from_db()
    assert (budi.name, budi.phone, budi.email) == ("Budi Santoso", "0811", "budi@example.org")
    assert budi.memberships.get().expires_on == datetime.date(2030, 1, 1)
    assert source.counts["updated"] == 1


def test_nobody_of_another_library_is_touched(bandung: Library, makassar: Library, manager: User) -> None:
    make_member("theirs@example.org", makassar, name="Tetap")
    both = make_member("both@example.org", bandung, name="Tetap")
    Membership.objects.create(
        user=both, library=makassar, role=Role.PATRON, status=MembershipStatus.CONFIRMED
    )
    staff = make_member("staff@example.org", bandung, Role.LIBRARIAN, name="Tetap")
    Membership.objects.filter(user=both, library=makassar).update(card_number="9")
    source = taken_over(
        bandung, manager, "theirs@example.org,Lain,1", "both@example.org,Lain,2", "staff@example.org,Lain,3",
        "new@example.org,Baru,9",
    )  # fmt: skip
    assert problems(source) == {2: "elsewhere", 4: "elsewhere"}
    assert set(User.objects.exclude(pk=manager.pk).values_list("name", flat=True)) == {"Tetap", "Baru"}
    assert both.memberships.get(library=bandung).card_number == "2"
    assert both.memberships.get(library=makassar).card_number == "9"
    assert not staff.memberships.filter(role=Role.PATRON).exists()


def test_rows_that_contradict_what_is_known_say_so(bandung: Library, manager: User) -> None:
    for email, card in (("a@example.org", "1"), ("b@example.org", "2"), ("c@example.org", "3"),
                        ("d@example.org", "3")):  # fmt: skip
        make_member(email, bandung)
        Membership.objects.filter(user__email=email).update(card_number=card)
    source = taken_over(
        bandung, manager, "a@example.org,,2", "z@example.org,,1", ",,3", ",Tanpa alamat,99",
        "q@example.org,,50,Tidak ada", "r@example.org,,60", "R@example.org,,61", "s@example.org,,60",
    )  # fmt: skip
    assert problems(source) == {
        2: "card_other", 3: "email_other", 4: "card_shared", 5: "email_missing", 6: "category_unknown",
        8: "twice", 9: "twice",
    }  # fmt: skip


def test_a_killed_worker_leaves_whole_portions_and_the_next_goes_on(
    bandung: Library, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PORTION", 10)
    lines = [f"p{n}@example.org,Orang,{n}" for n in range(25)]
    source = import_upload(
        library=bandung, file_name="a.csv", data="\n".join([HEADER, *lines]).encode(), actor=actor_of(manager)
    )
    import_start(source=source, invite=False, actor=actor_of(manager))
    portions: list[int] = []
    whole = run._portion

    def dies(pk: int, done: int, rows: list[Any]) -> bool:
        if len(portions) == 2:
            raise KeyboardInterrupt
        portions.append(done)
        return whole(pk, done, rows)

    monkeypatch.setattr(run, "_portion", dies)
    source.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        import_work(source)
    source.refresh_from_db()
    assert source.done == 20 and not run.imports_to_do().exists()
    PatronImport.objects.update(beat_at=timezone.now() - datetime.timedelta(minutes=3))
    monkeypatch.setattr(run, "_portion", whole)
    import_work(run.imports_to_do().get())
    source.refresh_from_db()
    assert source.is_done and source.counts["created"] == 25
    assert Membership.objects.filter(library=bandung, role=Role.PATRON).count() == 25


def test_invitations_leave_in_portions_and_nobody_gets_two(
    bandung: Library, manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.importing.inviting.PORTION", 2)
    source = taken_over(bandung, manager, *(f"p{n}@example.org" for n in range(3)), invite=True)
    User.objects.filter(email="p2@example.org").update(last_login=timezone.now())
    assert [invite_some(source), invite_some(source), invite_some(source)] == [2, 1, 0]
    mails = OutgoingMail.objects.filter(template="members_reader_invited")
    assert set(mails.values_list("to_email", flat=True)) == {"p0@example.org", "p1@example.org"}
    assert last_mail("members_reader_invited").sensitive


def test_undoing_removes_who_never_came_and_gives_values_back(bandung: Library, manager: User) -> None:
    old = make_member("old@example.org", bandung, name="Lama")
    source = taken_over(
        bandung, manager, "never@example.org,A,1", "came@example.org,B,2", "role@example.org,C,3",
        "old@example.org,Baru,4",
    )  # fmt: skip
    User.objects.filter(email="came@example.org").update(last_login=timezone.now())
    Membership.objects.create(
        user=User.objects.get(email="role@example.org"), library=bandung, role=Role.LIBRARIAN,
        status=MembershipStatus.CONFIRMED,
    )  # fmt: skip
    import_undo(source=source, actor=actor_of(manager))
    source.refresh_from_db()
    import_work(source)
    source.refresh_from_db()
    old.refresh_from_db()
    left = set(User.objects.filter(email__endswith="@example.org").values_list("email", flat=True))
    assert left == {"came@example.org", "role@example.org", "old@example.org"}
    assert old.name == "Lama" and old.memberships.get().card_number == ""
    assert source.state == "undone" and source.counts["removed"] == 1


def test_the_pages_lead_from_upload_to_the_list_of_problems(bandung: Library, manager: User) -> None:
    client = client_of(manager)
    data = "email;name\nbudi@example.org;Budi\nwrong;=cmd\n".encode("utf-16")
    page = client.post("/people/import/", {"file": SimpleUploadedFile("pembaca.csv", data)}, follow=True)
    source = PatronImport.objects.get()
    shown = page.content.decode()
    assert "utf-16" in shown and "budi@example.org" in shown and page.context["preview"].refused == 1
    url = f"/people/import/{source.pk}/"
    twice = client.post(url, {"column_0": "email", "column_1": "email"})
    assert twice.context["form"].non_field_errors()
    assert client.post(url, {"column_0": "email", "column_1": "name", "start": "1"}).status_code == 302
    source.refresh_from_db()
    import_work(source)
    assert client.get(url).status_code == 200 and client.get(f"{url}undo/").status_code == 200
    text = b"".join(client.get(f"{url}problems.csv").streaming_content).decode("utf-8-sig")
    assert "wrong" in text and "'=cmd" in text


def test_a_file_that_is_no_table_is_refused_in_words(bandung: Library, manager: User) -> None:
    page = client_of(manager).post("/people/import/", {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04..")})
    assert page.context["form"].errors.keys() == {"file"} and not PatronImport.objects.exists()


def test_what_has_begun_is_not_begun_again_and_old_drafts_go(bandung: Library, manager: User) -> None:
    actor = actor_of(manager)
    source = taken_over(bandung, manager, "a@example.org")
    with pytest.raises(Conflict):
        import_start(source=source, invite=False, actor=actor)
    PatronImport.objects.update(finished_at=timezone.now() - datetime.timedelta(days=31))
    source.refresh_from_db()
    with pytest.raises(RuleViolation):
        import_undo(source=source, actor=actor)
    draft = import_upload(library=bandung, file_name="b.csv", data=b"email\nb@example.org\n", actor=actor)
    with pytest.raises(RuleViolation):
        import_columns_set(source=draft, columns=["name"], actor=actor)
    PatronImport.objects.filter(pk=draft.pk).update(created_at=timezone.now() - datetime.timedelta(days=3))
    drafts_forget()
    assert not PatronImport.objects.filter(pk=draft.pk).exists() and not source.rows.exists()


def test_a_portion_costs_the_same_number_of_statements_for_any_number_of_rows(
    bandung: Library, manager: User, django_assert_max_num_queries: Any
) -> None:
    make_user("someone@example.org")
    with django_assert_max_num_queries(60):
        taken_over(bandung, manager, *(f"p{n}@example.org,Orang,{n}" for n in range(300)))
