"""What the demo's libraries learn from each other: one programme that is over, three that come, one stay.

build.py calls it.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from members.choices import STAFF_ROLES, MembershipStatus
from members.choices_learning import ProgrammeStatus
from members.learning.attendance import attendance_mark
from members.learning.certificates import certificates_issue
from members.learning.evaluations import evaluation_give
from members.learning.internships import mentor_set, note_write, weeks_of
from members.learning.places import registration_agree, registration_ask
from members.learning.programmes import step_take
from members.models import Library, Programme, ProgrammeSession, Registration, User
from members.working import working_of
from network_portal.core.actor import Actor

ZONE = "Asia/Jakarta"
# Host, kind, title, what one learns, days from now, sessions, places, status; then whom it is for is all staff.
PROGRAMMES = (
    ("DEPOSIT", "training", "Mengatalog dengan RDA dan MARC 21",
     "Deskripsi sumber, titik akses, dan kesalahan yang paling sering kami temukan dalam katalog bersama.",
     6, 2, 30, ProgrammeStatus.OPEN),
    ("CANDISEWU", "workshop", "Merawat naskah kuno di iklim lembap",
     "Membersihkan, menyimpan, dan mendigitalkan naskah dengan alat yang murah. Bawalah satu contoh.",
     12, 1, 3, ProgrammeStatus.OPEN),
    ("JMERAH", "seminar", "Hak cipta untuk layanan salin antarperpustakaan",
     "Apa yang boleh disalin, untuk siapa, dan bagaimana menjelaskannya kepada pemustaka.",
     20, 1, None, ProgrammeStatus.OPEN),
    ("PARAHITA", "workshop", "Literasi informasi untuk guru SMA",
     "Merancang kelas satu jam yang membuat murid mencari, menilai, dan mengutip sumber.",
     34, 1, 20, ProgrammeStatus.PROPOSED),
)  # fmt: skip
STAY = (
    "DEPOSIT",
    "Magang preservasi dan digitalisasi",
    "Bekerja bersama tim preservasi selama beberapa minggu.",
)
ASKED = (
    "JMERAH",
    "Melayani pemustaka dengan disabilitas",
    "Buku audio, pembaca layar, dan meja layanan yang terjangkau semua orang.",
)
MARKS = (
    (5, 4, 5, "Contohnya sangat dekat dengan pekerjaan kami."),
    (4, 4, 4, ""),
    (5, 5, 3, "Ruangnya agak sempit."),
)


@transaction.atomic
def ensure_learning() -> int:
    """Programmes of the demo; returns how many were made. Safe to repeat; libraries that are missing give none."""
    if Programme.objects.exists():
        return 0
    hosts = {one.short_code: one for one in Library.objects.all()}
    staff = _staff()
    made = [_programme(hosts[row[0]], *row[1:]) for row in PROGRAMMES if row[0] in hosts]
    for place, programme in enumerate(made):
        if programme.is_open:
            for actor in [one for one in staff if one.library_id != programme.host_id][: 6 - place]:
                registration_ask(programme=programme, actor=actor)
    if made:
        _held(_programme(made[0].host, "training", "Dasar-dasar silang layan", "Dari permintaan sampai kembali.",
                         5, 2, 12, ProgrammeStatus.OPEN), staff)  # fmt: skip
        _stay(made[0].host, staff)
    if ASKED[0] in hosts:
        _asked(hosts[ASKED[0]], staff)
    return Programme.objects.count()


def _staff() -> list[Actor]:
    """One actor for each member of staff, in the order of their accounts."""
    people = User.objects.filter(
        memberships__role__in=STAFF_ROLES, memberships__status=MembershipStatus.CONFIRMED
    )
    return [working_of(user).actor for user in people.distinct().order_by("pk")]


def _programme(
    host: Library,
    kind: str,
    title: str,
    learns: str,
    days: int,
    sessions: int,
    places: int | None,
    status: str,
) -> Programme:
    made = Programme.objects.create(
        host=host, kind=kind, title=title, learns=learns, places=places, status=status, time_zone=ZONE,
        place=f"{host.name}, {host.city}", roles=[str(role) for role in STAFF_ROLES], changed_at=timezone.now(),
        speakers="Tim pengatalogan" if kind == "training" else "", signer="Made Suarjana", signer_role="Koordinator",
    )  # fmt: skip
    for n in range(sessions):
        day = timezone.localdate() + timedelta(days=days + n)
        start = datetime.combine(day, time(9), tzinfo=ZoneInfo(ZONE))
        ProgrammeSession.objects.create(programme=made, starts_at=start, ends_at=start + timedelta(hours=3))
    return made


def _held(programme: Programme, staff: list[Actor]) -> None:
    """It was two months ago: everybody came, got a certificate, and some said how it was."""
    guests = [one for one in staff if one.library_id != programme.host_id][:8]
    rows = [registration_ask(programme=programme, actor=one) for one in guests]
    for session in programme.sessions.all():
        session.starts_at -= timedelta(days=60)
        session.ends_at -= timedelta(days=60)
        session.save()
        attendance_mark(session=session, present=[row.pk for row in rows], actor=Actor.system("command"))
    host = Actor.system("command")
    certificates_issue(programme=programme, actor=host)
    for row, (useful, clear, organised, words) in zip(rows, MARKS, strict=False):
        row = Registration.objects.select_related("programme").get(pk=row.pk)
        evaluation_give(registration=row, useful=useful, clear=clear, organised=organised, words=words)
    step_take(programme=programme, action="finish", actor=host)


def _asked(host: Library, staff: list[Actor]) -> None:
    """Whoever wants to come needs a yes from home first; three wait for it."""
    programme = _programme(host, "workshop", ASKED[1], ASKED[2], 26, 1, 15, ProgrammeStatus.OPEN)
    programme.ask_sender = True
    programme.save()
    for actor in [one for one in staff if one.library_id != host.pk][:3]:
        registration_ask(programme=programme, actor=actor)


def _stay(host: Library, staff: list[Actor]) -> None:
    """Somebody is at the host's house since two weeks, with notes."""
    intern = next((one for one in staff if one.library_id != host.pk), None)
    if intern is None:
        return
    programme = _programme(host, "internship", STAY[1], STAY[2], 0, 0, 2, ProgrammeStatus.OPEN)
    today, system = timezone.localdate(), Actor.system("command")
    row = registration_ask(
        programme=programme, actor=intern, starts_on=today - timedelta(days=14), ends_on=today + timedelta(days=28),
        goals="Memperbaiki kertas, memotret naskah, membuat metadata.",
    )  # fmt: skip
    for side in ("host", "sender"):
        row = registration_agree(registration=row, side=side, actor=system)
    row = Registration.objects.select_related("programme", "internship").get(pk=row.pk)
    mentor_set(registration=row, mentor="Hendra Wijayanto", actor=system)
    note_write(registration=row, week=weeks_of(row.internship)[0], actor=intern,
               text="Mengenal ruang kerja, membersihkan dua puluh lembar pertama.")  # fmt: skip
