"""Whose account somebody from a sign-in server comes to: the rules in one place. Called by the views.

An account is bound to issuer and subject, never to an address alone. Staff never come in this way, nobody gains a
role by it, and nobody is moved from one library to another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.choices import MembershipStatus, Role
from members.invitations import address_proved
from members.leaving import sessions_end
from members.models import Library, Membership, SignInBinding, SignInProvider, User
from members.services.notices import libraries_tell_waiting
from members.signin import selectors
from members.signin.claims import Identity
from members.signin.provisional import provisional_end
from network_portal.core import audit
from network_portal.core.actor import READER, Actor
from network_portal.core.errors import RuleViolation
from network_portal.core.mail import mail_queue

REFUSALS: dict[str, Promise] = {
    "again": _("Your account was being made at this moment. Begin again."),
    "closed": _("This library does not let its readers in this way at the moment."),
    "staff": _("This address belongs to somebody who works for a library of the network. Staff log in with"
               " e-mail address and password."),
    "ended": _("You are not a reader of this library any more, or the account is closed. Ask the library."),
    "other_library": _("This account belongs to a reader of another library of the network. Log in with your"
                       " password; on the page of your account you can ask this library to take you on, too."),
}  # fmt: skip


@dataclass(frozen=True)
class Arrival:
    """`user` is who came in. If `must_prove`, they have to log in to that account with its password first.

    `by_mail`: the server had not proved the address, so all else is said in a mail to it, and nothing on the page.
    """

    user: User
    is_new: bool = False
    must_prove: bool = False
    by_mail: bool = False


def arrive(*, provider: SignInProvider, identity: Identity, language: str) -> Arrival:
    """Find or make the account. Raises RuleViolation with a code of REFUSALS."""
    try:
        with transaction.atomic():
            return _arrive(provider, identity, language)
    except IntegrityError:  # the same person in two places at the same moment
        raise refusal("again") from None


def _arrive(provider: SignInProvider, identity: Identity, language: str) -> Arrival:
    provider = (
        SignInProvider.objects.select_for_update(of=("self",)).select_related("library").get(pk=provider.pk)
    )
    if not provider.is_on or not provider.library.is_active or provider.issuer != identity.issuer:
        raise refusal("closed")
    binding = selectors.binding_of(identity.issuer, identity.subject)
    if binding is not None:
        return _known(provider, binding, identity)
    user = selectors.account_of(identity.email)
    if user is None:
        return _new(provider, identity, language)
    if not identity.email_verified:
        _tell_by_mail(provider.library, user)
        return Arrival(user, must_prove=True, by_mail=True)
    membership = _reader(user, provider.library)
    if selectors.is_known_elsewhere(user, provider.library) or selectors.is_bound_otherwise(user, identity):
        return Arrival(user, must_prove=True)
    _claim_unproved(user, identity)
    _bind(provider, user, identity.subject)
    _keep_up(provider, membership, identity)
    return Arrival(user)


@transaction.atomic
def bind_proved(*, provider: SignInProvider, issuer: str, subject: str, user: User) -> bool:
    """The person has just shown the account's password: bind. False where the rules say no, or it is too late."""
    provider = (
        SignInProvider.objects.select_for_update(of=("self",)).select_related("library").get(pk=provider.pk)
    )
    if not provider.is_on or not provider.library.is_active or provider.issuer != issuer:
        return False
    if selectors.binding_of(issuer, subject):
        return False
    if selectors.is_staff(user) or not selectors.reader_at(user, provider.library):
        return False
    _bind(provider, user, subject)
    return True


def refusal(code: str) -> RuleViolation:
    return RuleViolation(code, REFUSALS[code])


def _known(provider: SignInProvider, binding: SignInBinding, identity: Identity) -> Arrival:
    membership = _reader(binding.user, provider.library)
    binding.used_at = timezone.now()
    binding.save(update_fields=["used_at"])
    _keep_up(provider, membership, identity)
    return Arrival(binding.user)


def _reader(user: User, library: Library) -> Membership:
    """The person's live membership as reader of this library, or the refusal that fits."""
    if not user.is_active:
        raise refusal("ended")
    if selectors.is_staff(user):
        raise refusal("staff")
    membership = selectors.reader_at(user, library)
    if membership is None:
        raise refusal("ended" if selectors.was_reader_at(user, library) else "other_library")
    return membership


def _new(provider: SignInProvider, identity: Identity, language: str) -> Arrival:
    """A new reader; waits for the library unless it trusts its server, and always with somebody else's card."""
    library = provider.library
    known = language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    user = User.objects.create_user(identity.email, None, name=identity.name, language=known)
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=identity.email_verified)
    at_once = provider.confirms_at_once and not selectors.is_card_taken(library, identity.card_number)
    membership = Membership.objects.create(
        user=user, library=library, role=Role.PATRON, card_number=identity.card_number,
        category=selectors.category_for(provider, identity),
        status=MembershipStatus.CONFIRMED if at_once else MembershipStatus.PENDING,
        decided_at=timezone.now() if at_once else None,
    )  # fmt: skip
    _bind(provider, user, identity.subject, is_provisional=not identity.email_verified, told=False)
    audit.record(
        "members.sign_in.new_reader", actor=_as_reader(user, library), target=membership,
        data={"library_id": library.pk, "confirmed": at_once},
    )  # fmt: skip
    if identity.email_verified:
        libraries_tell_waiting(user=user)
    return Arrival(user, is_new=True)


def _claim_unproved(user: User, identity: Identity) -> None:
    """The address is proved now. Who chose a password before without proving it may be anybody: it ends."""
    if selectors.has_proved_address(user):
        return
    if user.has_usable_password():
        user.set_unusable_password()
        user.save(update_fields=["password"])
        sessions_end(user)
    provisional_end(user)
    address_proved(user)


def _bind(
    provider: SignInProvider, user: User, subject: str, *, is_provisional: bool = False, told: bool = True
) -> None:
    SignInBinding.objects.create(
        user=user, library=provider.library, issuer=provider.issuer, subject=subject,
        is_provisional=is_provisional, used_at=timezone.now(),
    )  # fmt: skip
    if told:
        membership = selectors.reader_at(user, provider.library)
        audit.record("members.sign_in.bound", actor=_as_reader(user, provider.library), target=membership)


def _keep_up(provider: SignInProvider, membership: Membership, identity: Identity) -> None:
    """Card and kind of reader follow the library's own system; never the role, never what a librarian decided."""
    wanted: dict[str, Any] = {"category": selectors.category_for(provider, identity)}
    if not selectors.is_card_taken(provider.library, identity.card_number, membership.user):
        wanted["card_number"] = identity.card_number
    changed = [name for name, value in wanted.items() if value and value != getattr(membership, name)]
    if not changed:
        return
    for name in changed:
        setattr(membership, name, wanted[name])
    membership.save(update_fields=changed)
    actor = _as_reader(membership.user, provider.library)
    audit.record("members.sign_in.kept_up", actor=actor, target=membership, data={"fields": changed})


def _tell_by_mail(library: Library, user: User) -> None:
    mail_queue(
        template="members_sign_in_known", to=user, actor=Actor.system(channel="web"), library_id=library.pk,
        context={"library": library, "url": settings.PORTAL_URL + reverse("account_login")}, sensitive=True,
        dedupe_key=f"sign-in-known-{library.pk}-{user.pk}-{timezone.localdate():%Y%m%d}",
    )  # fmt: skip


def _as_reader(user: User, library: Library) -> Actor:
    return Actor(
        user_id=user.pk, user_name=str(user), library_id=library.pk, library_name=library.name, role=READER
    )
