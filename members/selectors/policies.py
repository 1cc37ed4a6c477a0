"""Reading a library's terms: for its pages, and for loans that ask at what price and under which agreement."""

from __future__ import annotations

from django.db.models import Model, Q, QuerySet

from members.choices import LibraryStatus, ServiceKind
from members.models import AgreementTerm, Library, LibraryPolicy, Network, PatronCategory


def policy_of(library: Library, service: str) -> LibraryPolicy:
    """The library's terms for a service; where it has none, the defaults, not saved."""
    found = LibraryPolicy.objects.filter(library=library, service=service).first()
    return found or LibraryPolicy(library=library, service=service)


def policies_of(library: Library) -> list[LibraryPolicy]:
    """One for each service, in one query."""
    kept = {
        policy.service: policy
        for policy in LibraryPolicy.objects.filter(library=library).select_related("library")
    }
    return [
        kept.get(service) or LibraryPolicy(library=library, service=service) for service in ServiceKind.values
    ]


def categories_of(library: Library) -> QuerySet[PatronCategory]:
    return PatronCategory.objects.filter(library=library)


def libraries_but(library: Library) -> QuerySet[Library]:
    """The other members, by name."""
    return Library.objects.filter(status=LibraryStatus.ACTIVE).exclude(pk=library.pk).order_by("name")


def networks_active() -> QuerySet[Network]:
    return Network.objects.filter(is_active=True)


def agreements_of(library: Library) -> QuerySet[AgreementTerm]:
    """Those that the library is a party of, and those of networks it belongs to."""
    return (
        AgreementTerm.objects.filter(
            Q(parties__library=library)
            | Q(scope="network", network__members__library=library, network__members__is_active=True)
        )
        .distinct()
        .select_related("network")
        .prefetch_related("parties__library")
    )


def rows_of(model: type[Model], library: Library) -> QuerySet[Model]:
    """The library's rows of one part of its terms."""
    if model is AgreementTerm:
        return agreements_of(library)
    related = {"DoNotRoute": ("other",), "FeeRule": ("category",)}.get(model.__name__, ())
    rows: QuerySet[Model] = model._default_manager.filter(library=library)
    return rows.select_related(*related) if related else rows
