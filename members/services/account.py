"""What people change about themselves: sign-up, profile, language, home library, working library."""

from __future__ import annotations

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from members.choices import MembershipStatus, Role
from members.models import Library, Membership, User
from members.services.notices import libraries_tell_waiting
from network_portal.core import audit
from network_portal.core.actor import Actor
from network_portal.core.errors import RuleViolation


@transaction.atomic
def patron_signup(
    *, user: User, name: str, library: Library, language: str, card_number: str = "", actor: Actor
) -> Membership:
    """A new person names their home library and waits for it.

    Raises RuleViolation `library_closed` if the library takes no readers, `membership_exists` as below.
    """
    user.name, user.language = name, _known(language)
    user.save(update_fields=["name", "language"])
    membership = _reader_create(user=user, library=library, card_number=card_number)
    audit.record("members.patron.signed_up", actor=actor, target=membership, data={"library_id": library.pk})
    return membership


@transaction.atomic
def home_library_ask(*, user: User, library: Library, card_number: str = "", actor: Actor) -> Membership:
    """Ask a (further) library to be taken on as its reader.

    Raises RuleViolation `library_closed`, or `membership_exists` while one waits or is confirmed there.
    """
    membership = _reader_create(user=user, library=library, card_number=card_number)
    audit.record("members.membership.asked", actor=actor, target=membership, data={"library_id": library.pk})
    libraries_tell_waiting(user=user)
    return membership


def _reader_create(*, user: User, library: Library, card_number: str) -> Membership:
    if not library.is_active:
        raise RuleViolation("library_closed", _("This library takes no new readers at the moment."))
    try:
        with transaction.atomic():
            return Membership.objects.create(
                user=user, library=library, role=Role.PATRON, status=MembershipStatus.PENDING,
                card_number=card_number.strip(),
            )  # fmt: skip
    except IntegrityError as error:
        raise RuleViolation(
            "membership_exists", _("You have already asked this library, or are its reader.")
        ) from error


@transaction.atomic
def profile_update(*, user: User, name: str, phone: str, language: str, actor: Actor) -> User:
    """Name, telephone and language, as the person gives them."""
    new = {"name": name.strip(), "phone": phone.strip(), "language": _known(language)}
    changed = [field for field, value in new.items() if getattr(user, field) != value]
    if not changed:
        return user
    for field in changed:
        setattr(user, field, new[field])
    user.save(update_fields=changed)
    audit.record("members.profile.updated", actor=actor, target=user, data={"fields": changed})
    return user


@transaction.atomic
def language_set(*, user: User, language: str, actor: Actor) -> None:
    """The language in which the portal speaks and writes to the person from now on."""
    user.language = _known(language)
    user.save(update_fields=["language"])
    audit.record("members.profile.updated", actor=actor, target=user, data={"fields": ["language"]})


def _known(language: str) -> str:
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


@transaction.atomic
def working_library_set(*, user: User, library_id: int, actor: Actor) -> Membership:
    """Choose the library for which the person acts from now on; the caller keeps the answer in the session.

    Raises RuleViolation `not_a_member` unless the person is confirmed there.
    """
    membership = (
        Membership.objects.filter(user=user, library_id=library_id, status=MembershipStatus.CONFIRMED)
        .select_related("library")
        .first()
    )
    if membership is None:
        raise RuleViolation("not_a_member", _("You do not belong to this library."))
    audit.record("members.working_library.chosen", actor=actor, target=membership.library)
    return membership
