"""Reading sign-in servers and whom they lead to."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet

from members.choices import STAFF_ROLES, LibraryStatus, Role
from members.models import (
    Library,
    Membership,
    PatronCategory,
    SignInBinding,
    SignInCategory,
    SignInProvider,
    User,
)
from members.selectors.people import LIVE, user_by_email
from members.signin.claims import Identity


def provider_of(library: Library) -> SignInProvider:
    """The library's settings; a new row, not yet written, where there are none."""
    found = SignInProvider.objects.filter(library=library).first()
    return found or SignInProvider(library=library)


def providers_open() -> QuerySet[SignInProvider]:
    """Libraries whose readers may come in this way now, by name."""
    return (
        SignInProvider.objects.filter(is_on=True, library__status=LibraryStatus.ACTIVE)
        .select_related("library")
        .order_by("library__name", "pk")
    )


def provider_open(code: str) -> SignInProvider | None:
    """Of the library with this short code, in any case of letters; None where nobody may come in this way now."""
    return providers_open().filter(library__short_code=code.upper()).first()


def provider_numbered(pk: int) -> SignInProvider | None:
    return SignInProvider.objects.filter(pk=pk).select_related("library").first()


def providers_found(words: str) -> QuerySet[SignInProvider]:
    """Those whose name, city or code has each of the words."""
    found = providers_open()
    for word in words.split()[:8]:
        found = found.filter(
            Q(library__name__icontains=word)
            | Q(library__city__icontains=word)
            | Q(library__short_code__icontains=word)
        )
    return found


def values_of(provider: SignInProvider) -> dict[int, list[str]]:
    """Category -> the claim's values that mean it."""
    found: dict[int, list[str]] = {}
    if provider.pk:
        for value, category in provider.categories.values_list("value", "category_id"):
            found.setdefault(category, []).append(value)
    return found


def category_for(provider: SignInProvider, identity: Identity) -> PatronCategory | None:
    """The kind of reader that the first known value means; without a rule for it, the kind with this short code."""
    if not identity.kinds:
        return None
    rules = {
        row.value.casefold(): row.category
        for row in SignInCategory.objects.filter(provider=provider).select_related("category")
    }
    codes = {row.code.casefold(): row for row in PatronCategory.objects.filter(library=provider.library_id)}
    known = {**codes, **rules}
    return next((known[kind.casefold()] for kind in identity.kinds if kind.casefold() in known), None)


def binding_of(issuer: str, subject: str) -> SignInBinding | None:
    rows = SignInBinding.objects.filter(issuer=issuer, subject=subject)
    return rows.select_related("user", "library").first()


def is_bound_otherwise(user: User, identity: Identity) -> bool:
    """True if somebody else at the same server is known to be this account."""
    return SignInBinding.objects.filter(user=user, issuer=identity.issuer).exists()


def bindings_of(user: User) -> QuerySet[SignInBinding]:
    return SignInBinding.objects.filter(user=user).select_related("library")


def account_of(email: str) -> User | None:
    """Who has this address, as the account's own or as a proved further one."""
    further = EmailAddress.objects.filter(email__iexact=email, verified=True).select_related("user").first()
    return user_by_email(email) or (further.user if further else None)


def has_proved_address(user: User) -> bool:
    return bool(EmailAddress.objects.filter(user=user, verified=True).exists())


def is_staff(user: User) -> bool:
    """Works anywhere in the network, is invited to, or runs the portal."""
    if user.is_staff or user.is_superuser:
        return True
    return Membership.objects.filter(user=user, role__in=STAFF_ROLES, status__in=LIVE).exists()


def reader_at(user: User, library: Library) -> Membership | None:
    """The live membership as reader of this library."""
    rows = Membership.objects.filter(user=user, library=library, role=Role.PATRON, status__in=LIVE)
    return rows.select_related("user", "library").first()


def is_known_elsewhere(user: User, library: Library) -> bool:
    return Membership.objects.filter(user=user, status__in=LIVE).exclude(library=library).exists()


def was_reader_at(user: User, library: Library) -> bool:
    return Membership.objects.filter(user=user, library=library).exists()


def is_card_taken(library: Library, card_number: str, user: User | None = None) -> bool:
    rows = Membership.objects.filter(library=library, card_number=card_number, status__in=LIVE)
    return bool(card_number) and rows.exclude(user=user).exists()
