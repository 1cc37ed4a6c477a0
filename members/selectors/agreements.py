"""Reading agreements: who is bound, who has accepted, what they say, and what contradicts what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from members.choices import STAFF_ROLES, AgreementScope, LibraryStatus, MembershipStatus, Role, ServiceKind
from members.choices_agreements import VersionStatus
from members.models import (
    Agreement,
    AgreementAcceptance,
    AgreementNotice,
    AgreementRefusal,
    AgreementTerm,
    AgreementVersion,
    Library,
    Membership,
    Network,
    NetworkMember,
    User,
)
from members.permissions import Capability
from network_portal.core.actor import Actor
from network_portal.core.amounts import money_told

IN_FORCE = (VersionStatus.PUBLISHED, VersionStatus.REPLACED)


def agreements_visible_to(actor: Actor) -> QuerySet[Agreement]:
    """All for who runs the network; else those of the own library, and what whole networks agreed on in public."""
    rows = Agreement.objects.select_related("network").prefetch_related("versions")
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return rows
    told = Q(versions__published_at__isnull=False)
    open_to_all = Q(scope=AgreementScope.NETWORK)
    own = drafted = Q(pk__in=[])
    if actor.library_id is not None and actor.role in STAFF_ROLES:
        own = Q(libraries=actor.library_id)
    if actor.library_id is not None and actor.role == Role.MANAGER:
        drafted = Q(proposed_by=actor.library_id)
    return rows.filter(told & (open_to_all | own) | drafted).distinct()


def versions_visible_to(actor: Actor) -> QuerySet[AgreementVersion]:
    """Of those agreements; a draft is the coordinators' and the managers' whose library proposes it."""
    rows = AgreementVersion.objects.select_related("agreement__network", "term")
    rows = rows.filter(agreement__in=agreements_visible_to(actor).values("pk"))
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return rows
    drafted = Q(pk__in=[])
    if actor.library_id is not None and actor.role == Role.MANAGER:
        drafted = Q(agreement__proposed_by=actor.library_id)
    return rows.filter(~Q(status=VersionStatus.DRAFT) | drafted)


def may_write(agreement: Agreement, actor: Actor) -> bool:
    """Coordinators write all of them, managers what their library proposes."""
    if actor.is_system or actor.can(Capability.NETWORK_MANAGE):
        return True
    is_own = agreement.proposed_by_id is not None and agreement.proposed_by_id == actor.library_id
    return is_own and actor.role == Role.MANAGER and actor.can(Capability.LIBRARY_EDIT)


def version_locked(version: AgreementVersion) -> AgreementVersion:
    """The version as it is now, held until the transaction ends."""
    rows = AgreementVersion.objects.select_for_update(of=("self",))
    return rows.select_related("agreement__network", "agreement__proposed_by", "term").get(pk=version.pk)


def versions_in_force_before(version: AgreementVersion) -> list[AgreementVersion]:
    """Earlier versions that were published and neither ended nor replaced."""
    rows = AgreementVersion.objects.filter(
        agreement=version.agreement_id, number__lt=version.number, status=VersionStatus.PUBLISHED
    )
    return list(rows.select_related("agreement", "term").order_by("number"))


def versions_waiting_for_terms(agreement: Agreement) -> list[AgreementVersion]:
    rows = AgreementVersion.objects.filter(agreement=agreement, status=VersionStatus.PUBLISHED, term=None)
    return list(rows.select_related("agreement__network", "term").order_by("number"))


def notices_over(today: date) -> list[AgreementNotice]:
    rows = AgreementNotice.objects.filter(last_day__lt=today, version__term__isnull=False)
    still = rows.filter(version__term__parties__library=F("library"))
    return list(still.select_related("version"))


def versions_given_up(today: date) -> list[AgreementVersion]:
    """Published ones whose terms ended earlier than their words say, because of notices."""
    rows = AgreementVersion.objects.filter(status=VersionStatus.PUBLISHED, term__valid_until__lt=today)
    return list(rows.filter(notices__isnull=False).select_related("agreement", "term").distinct())


def is_member_of(network: Network | None, library: Library) -> bool:
    rows = NetworkMember.objects.filter(library=library, is_active=True)
    return network is not None and rows.filter(network=network).exists()


def networks_of(library: Library) -> QuerySet[Network]:
    inside = NetworkMember.objects.filter(library=library, is_active=True)
    return Network.objects.filter(pk__in=inside.values("network")).order_by("name")


def version_newest(agreement: Agreement, actor: Actor) -> AgreementVersion | None:
    """The newest version that the actor may read."""
    return versions_visible_to(actor).filter(agreement=agreement).order_by("-number").first()


def agreements_to_join() -> QuerySet[Agreement]:
    """What a new member may be asked to accept: published for a network or a group."""
    rows = Agreement.objects.filter(
        scope__in=(AgreementScope.NETWORK, AgreementScope.GROUP), versions__status=VersionStatus.PUBLISHED
    )
    return rows.distinct().order_by("name")


def parties_of(agreement: Agreement) -> QuerySet[Library]:
    """The libraries it is meant to bind, whether they have accepted or not."""
    if agreement.scope == AgreementScope.NETWORK:
        inside = NetworkMember.objects.filter(network_id=agreement.network_id or 0, is_active=True)
        return Library.objects.filter(pk__in=inside.values("library")).exclude(status=LibraryStatus.LEFT)
    return agreement.libraries.exclude(status=LibraryStatus.LEFT)


def is_party(agreement: Agreement, library_id: int | None) -> bool:
    return library_id is not None and parties_of(agreement).filter(pk=library_id).exists()


def acceptances_of(version: AgreementVersion) -> QuerySet[AgreementAcceptance]:
    return version.acceptances.select_related("library").order_by("at", "pk")


@dataclass(frozen=True)
class PartyState:
    library: Library
    acceptance: AgreementAcceptance | None
    refusal: AgreementRefusal | None = None
    notice: AgreementNotice | None = None


def party_states(version: AgreementVersion) -> list[PartyState]:
    """Every party by name, with what it has answered. Four queries."""
    given = {one.library_id: one for one in acceptances_of(version)}
    no = {one.library_id: one for one in version.refusals.all()}
    going = {one.library_id: one for one in version.notices.all()}
    return [
        PartyState(library, given.get(library.pk), no.get(library.pk), going.get(library.pk))
        for library in parties_of(version.agreement).order_by("name")
    ]


def versions_published() -> QuerySet[AgreementVersion]:
    """In force or about to be, with how many accepted."""
    rows = AgreementVersion.objects.filter(status=VersionStatus.PUBLISHED).select_related(
        "agreement__network", "term"
    )
    return rows.annotate(accepted=Count("acceptances")).order_by("agreement__name")


def versions_proposed() -> QuerySet[AgreementVersion]:
    """What managers propose for a whole network and coordinators have to decide."""
    return AgreementVersion.objects.filter(status=VersionStatus.DRAFT, proposed_at__isnull=False)


def versions_to_accept(library: Library) -> list[AgreementVersion]:
    """Published ones that bind the library and that it has not accepted."""
    mine = Q(agreement__libraries=library) | Q(
        agreement__scope=AgreementScope.NETWORK,
        agreement__network__members__library=library,
        agreement__network__members__is_active=True,
    )
    rows = AgreementVersion.objects.filter(mine, status=VersionStatus.PUBLISHED).select_related("agreement")
    today = timezone.localdate()
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=today))
    return list(rows.exclude(acceptances__library=library).distinct().order_by("agreement__name"))


def agreement_versions(agreement: Agreement) -> QuerySet[AgreementVersion]:
    rows = agreement.versions.select_related("agreement", "term").order_by("-number")
    return rows.prefetch_related(
        Prefetch("acceptances", AgreementAcceptance.objects.select_related("library"))
    )


def version_before(version: AgreementVersion) -> AgreementVersion | None:
    """The published version that this one follows."""
    rows = AgreementVersion.objects.filter(agreement=version.agreement_id, number__lt=version.number)
    return rows.exclude(status=VersionStatus.DRAFT).order_by("-number").first()


def managers_of(libraries: Iterable[int]) -> QuerySet[User]:
    rows = Membership.objects.filter(
        library_id__in=list(libraries), role=Role.MANAGER, status=MembershipStatus.CONFIRMED
    )
    return User.objects.filter(pk__in=rows.values("user"), is_active=True).order_by("pk")


# --- what contradicts what


@dataclass(frozen=True)
class FeeTerms:
    """What two agreements are compared by."""

    name: str
    services: frozenset[str]
    first: date
    last: date
    priority: int
    fee: tuple[bool, Decimal, str]

    def contradicts(self, other: FeeTerms) -> bool:
        """The same service at the same time with the same priority, and another fee."""
        return (
            bool(self.services & other.services)
            and self.first <= other.last
            and other.first <= self.last
            and self.priority == other.priority
            and self.fee != other.fee
        )


def fee_terms(name: str, row: AgreementVersion | AgreementTerm) -> FeeTerms:
    fee = (True, Decimal(0), "") if row.free else (False, Decimal(row.amount), row.currency)
    return FeeTerms(
        name, frozenset(row.services or ServiceKind.values), row.valid_from, row.valid_until or date.max,
        row.priority, fee,
    )  # fmt: skip


def fee_told(fee: tuple[bool, Decimal, str]) -> str:
    free, amount, currency = fee
    return _("Free of charge") if free else money_told(currency, amount)


def contradicting(version: AgreementVersion) -> FeeTerms | None:
    """The first other agreement between the same parties that says another fee; None when there is none."""
    own = fee_terms(version.agreement.name, version)
    others = (*_documents_beside(version.agreement), *_plain_terms_beside(version.agreement))
    return next((other for other in others if own.contradicts(other)), None)


def _documents_beside(agreement: Agreement) -> list[FeeTerms]:
    rows = AgreementVersion.objects.filter(status__in=IN_FORCE).exclude(agreement=agreement)
    rows = rows.select_related("agreement", "term")
    if agreement.scope == AgreementScope.NETWORK:
        found = list(
            rows.filter(agreement__network_id=agreement.network_id or 0, agreement__scope=agreement.scope)
        )
    else:
        own = _party_ids(agreement)
        rows = rows.exclude(agreement__scope=AgreementScope.NETWORK).prefetch_related("agreement__libraries")
        found = [row for row in rows if {one.pk for one in row.agreement.libraries.all()} == own]
    # A replaced version counts as long as its terms do.
    return [fee_terms(row.agreement.name, row.term or row) for row in found if row.is_published or row.term]


def _plain_terms_beside(agreement: Agreement) -> list[FeeTerms]:
    """Terms that were written down without a document."""
    rows = AgreementTerm.objects.filter(document=None)
    if agreement.scope == AgreementScope.NETWORK:
        found = list(rows.filter(scope=AgreementScope.NETWORK, network_id=agreement.network_id or 0))
    else:
        own = _party_ids(agreement)
        rows = rows.exclude(scope=AgreementScope.NETWORK).prefetch_related("parties")
        found = [row for row in rows if {party.library_id for party in row.parties.all()} == own]
    return [fee_terms(row.name, row) for row in found]


def _party_ids(agreement: Agreement) -> set[int]:
    return set(agreement.libraries.values_list("pk", flat=True))


def rivals_of(version: AgreementVersion) -> list[AgreementVersion]:
    """Published versions of other agreements that share two libraries, a service and a day, and say another fee."""
    own, parties = (
        fee_terms("", version.term or version),
        set(parties_of(version.agreement).values_list("pk", flat=True)),
    )
    rows = AgreementVersion.objects.filter(status=VersionStatus.PUBLISHED).exclude(
        agreement=version.agreement_id
    )
    found = []
    for row in rows.select_related("agreement__network", "term").order_by("agreement__name", "number"):
        terms = fee_terms("", row.term or row)
        at_once = terms.first <= own.last and own.first <= terms.last
        if not (at_once and terms.services & own.services and terms.fee != own.fee):
            continue
        if len(parties & set(parties_of(row.agreement).values_list("pk", flat=True))) > 1:
            found.append(row)
    return found
