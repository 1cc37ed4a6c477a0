"""Reading applications of libraries, and what looks like one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Lower

from members.choices import LibraryStatus, MembershipStatus, Role
from members.choices_joining import ApplicationStatus
from members.models import FirstStep, JoinApplication, JoinWord, Library, Membership, User

# What a short name ends in says little about which library it is.
_COMMON = {"perpustakaan", "library", "the", "dan", "of"}


def coordinators() -> QuerySet[User]:
    """Who decides about applications."""
    rows = Membership.objects.filter(role=Role.COORDINATOR, status=MembershipStatus.CONFIRMED)
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


def applications() -> QuerySet[JoinApplication]:
    """Those whose address is confirmed; the others are nobody's work yet."""
    rows = JoinApplication.objects.exclude(status=ApplicationStatus.UNCONFIRMED)
    rows = rows.select_related("library", "network").annotate(last_word_at=Max("words__at"))
    return rows.order_by("-created_at", "-pk")


def application_counts() -> dict[str, int]:
    """How many there are in each state."""
    rows = JoinApplication.objects.values("status").annotate(n=Count("pk")).order_by()
    return {row["status"]: row["n"] for row in rows}


def applications_waiting() -> int:
    return JoinApplication.objects.filter(status=ApplicationStatus.WAITING).count()


def application_by_pk(pk: int) -> JoinApplication | None:
    return JoinApplication.objects.filter(pk=pk).select_related("library", "network").first()


def application_waits_unconfirmed(email: str, name: str) -> bool:
    """The same library was just asked for from this address; its link is on the way."""
    rows = JoinApplication.objects.filter(
        contact_email__iexact=email, name__iexact=name, status=ApplicationStatus.UNCONFIRMED
    )
    return rows.exists()


def application_read_now(email: str, name: str) -> JoinApplication | None:
    """The same library's application from this address is with the coordinators."""
    rows = JoinApplication.objects.filter(
        contact_email__iexact=email, name__iexact=name, status__in=ApplicationStatus.open()
    )
    return rows.first()


def applications_stale(status: ApplicationStatus, before: datetime) -> QuerySet[JoinApplication]:
    """Those in a state that were sent (or, when taken back, taken back) before a moment."""
    at = "decided_at" if status == ApplicationStatus.WITHDRAWN else "created_at"
    return JoinApplication.objects.filter(status=status, **{f"{at}__lt": before}).order_by("pk")


def member_like(*, name: str, city: str, isil: str) -> Library | None:
    """A member, or one that is joining, of the same ISIL, or of the same name in the city. Two queries at most."""
    rows = Library.objects.exclude(status=LibraryStatus.LEFT)
    same = rows.filter(isil__iexact=isil).first() if isil else None
    near = rows.filter(city__iexact=city.strip())[:500]
    return same or next((one for one in near if _core(name) and _core(one.name) == _core(name)), None)


def joined_by_application(library: Library) -> bool:
    """It came through the form, not with the network's founding."""
    return JoinApplication.objects.filter(library=library).exists()


def words_of(row: JoinApplication) -> QuerySet[JoinWord]:
    return row.words.all()


@dataclass(frozen=True)
class Double:
    """Another application or a member that may be the same library, and which facts agree."""

    name: str
    city: str
    same: tuple[str, ...]
    application: JoinApplication | None = None
    library: Library | None = None


def doubles_of(row: JoinApplication) -> list[Double]:
    """Other applications and libraries with the same name in the city, ISIL, mail address or street. Two queries."""
    name, address = _core(row.name), _core(row.address)
    near = Q(city__iexact=row.city.strip())
    isil = Q(isil__iexact=row.isil) if row.isil else Q(pk=None)
    others = JoinApplication.objects.exclude(pk=row.pk)
    others = others.exclude(status__in=(ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN))
    found: list[Double] = []
    for other in others.filter(near | isil | Q(contact_email__iexact=row.contact_email))[:200]:
        same = _agree(row, other, name, address, other.contact_email)
        if same:
            found.append(Double(other.name, other.city, same, application=other))
    members = Library.objects.exclude(pk=row.library_id or 0).exclude(status=LibraryStatus.LEFT)
    for library in members.filter(near | isil | Q(email__iexact=row.contact_email))[:200]:
        same = _agree(row, library, name, address, library.email)
        if same:
            found.append(Double(library.name, library.city, same, library=library))
    return found


def _agree(
    row: JoinApplication, other: JoinApplication | Library, name: str, address: str, email: str
) -> tuple[str, ...]:
    same_city = other.city.strip().lower() == row.city.strip().lower()
    facts = (
        ("isil", bool(row.isil) and (other.isil or "").lower() == row.isil.lower()),
        ("name", same_city and bool(name) and _core(other.name) == name),
        ("address", same_city and bool(address) and _core(other.address) == address),
        ("email", email.lower() == row.contact_email.lower()),
    )
    return tuple(fact for fact, agrees in facts if agrees)


def _core(text: str) -> str:
    """The words that tell one library from another, in any order."""
    words = "".join(c if c.isalnum() else " " for c in text.lower()).split()
    return " ".join(sorted(word for word in words if word not in _COMMON))


def code_is_free(code: str) -> bool:
    return not Library.objects.annotate(code=Lower("short_code")).filter(code=code.lower()).exists()


def code_proposed(row: JoinApplication) -> str:
    """A free short code made of the name's first telling word, for the coordinator to change."""
    words = [
        word
        for word in "".join(c if c.isalnum() else " " for c in row.name.upper()).split()
        if word.isascii()
    ]
    telling = [word for word in words if word.lower() not in _COMMON and word[0].isalpha()] or ["LIB"]
    stem = telling[-1][:9] if len(telling[-1]) > 2 else "".join(telling)[:9]
    tried = (stem.ljust(2, "X"), *(f"{stem}{n}" for n in range(2, 100)))
    return next((code for code in tried if code_is_free(code)), "")


def steps_taken(library: Library) -> frozenset[str]:
    """The steps that leave no other trace."""
    return frozenset(FirstStep.objects.filter(library=library).values_list("step", flat=True))
