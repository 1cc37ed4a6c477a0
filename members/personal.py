"""What the tables of members, and of the packages that keep accounts, hold about a person; read by core.privacy."""

from __future__ import annotations

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.choices import STAFF_ROLES, MembershipStatus, Role
from members.models import Certificate, Internship, Membership, PatronImportRow, Registration, User
from members.services.memberships import keep_one_in_charge
from network_portal.core.errors import RuleViolation
from network_portal.core.privacy import Marks, erase_by, impersonal, obstacle, points_to_person


def declare() -> None:
    points_to_person(
        "members.Membership", "user", title=_("Memberships"),
        columns=("library__name", "role", "status", "card_number", "category__name", "expires_on", "created_at",
                 "note", "block_note", "history_privacy"),
    )  # fmt: skip
    points_to_person(
        "account.EmailAddress", "user", title=_("E-mail addresses"), columns=("email", "verified")
    )
    points_to_person(
        "mfa.Authenticator", "user", title=_("Second step at login"), columns=("type", "created_at")
    )
    points_to_person(
        "members.SignInBinding", "user", title=_("Sign-in through your library"),
        columns=("library__name", "issuer", "subject", "created_at", "used_at"),
    )  # fmt: skip
    points_to_person("admin.LogEntry", "user")
    points_to_person("members.User_groups", "user")
    points_to_person("members.User_user_permissions", "user")
    points_to_person("members.PatronImportRow", "user")
    impersonal("settings of a library's sign-in server", "members.SignInProvider", "members.SignInCategory")
    _cooperation()
    obstacle(in_charge)
    erase_by("members.imports", rows_of_files)
    erase_by("members.learning", places_taken)


def _cooperation() -> None:
    """What staff wrote for colleagues stays when they go, without them; what they only watched goes."""
    for model in ("KnowledgeItem", "KnowledgeVersion", "Question", "Answer"):
        points_to_person(f"members.{model}", "by", title=_("What you shared and asked"))
    points_to_person("members.PostEdit", "by")
    points_to_person("members.PostReport", "by")
    points_to_person("members.Subscription", "user", title=_("What you follow"))
    points_to_person("members.Expert", "user", title=_("What you know about"))
    points_to_person("members.NewsRead", "user")
    points_to_person("members.NewsMailStop", "user")
    points_to_person("members.Programme", "proposed_by", title=_("Programmes"))
    points_to_person("members.Registration", "user", title=_("Registrations for programmes"))
    points_to_person("members.CalendarKey", "user")


def in_charge(pk: int) -> str | Promise:
    """The last manager of a library, or the last coordinator, has to name another one first."""
    roles = Membership.objects.filter(user=pk, role__in=STAFF_ROLES, status=MembershipStatus.CONFIRMED)
    for row in roles.filter(role__in=(Role.MANAGER, Role.COORDINATOR)).select_related("user", "library"):
        try:
            keep_one_in_charge(row)
        except RuleViolation as rule:
            return str(rule)
    if User.objects.filter(pk=pk).filter(Q(is_superuser=True)).exists():
        return _("The account that installed the portal can't be erased here.")
    return ""


def places_taken(marks: Marks) -> int:
    """A place in a programme counts on without the person: certificate, stay and words of it go."""
    own = Registration.objects.filter(user=marks.pk)
    papers, _by_model = Certificate.objects.filter(registration__in=own).delete()
    stays, _by_model = Internship.objects.filter(registration__in=own).delete()
    return papers + stays + own.exclude(words="", reason="").update(words="", reason="")


def rows_of_files(marks: Marks) -> int:
    """Rows of imported files that were refused have nobody's number; they are found by the address."""
    rows = PatronImportRow.objects.filter(outcome="refused", line__icontains=marks.email)
    return rows.delete()[0]
