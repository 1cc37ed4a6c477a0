"""Rows of the permission matrix for joining and agreements. The world's library is a party of its agreement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone

from members.choices_joining import ApplicationStatus
from members.joining import links
from members.models import Agreement, AgreementVersion, JoinApplication, Network

if TYPE_CHECKING:
    from tests.architecture.permission_matrix import World


def an_application(world: World) -> JoinApplication:
    return JoinApplication.objects.create(
        name="Perpustakaan Baru", library_type="public", address="Jalan 1", city="Palu", system="slims",
        contact_name="Nurul", contact_email="nurul@palu.example", consent_at=timezone.now(),
        status=ApplicationStatus.WAITING, confirmed_at=timezone.now(),
    )  # fmt: skip


def token(path: str) -> dict[str, str]:
    return {"token": path.rstrip("/").rpartition("/")[2]}


def to_confirm(world: World) -> dict[str, Any]:
    row = an_application(world)
    return token(links.confirm_path(row.pk, row.contact_email))


def to_status(world: World) -> dict[str, Any]:
    return token(links.status_path(an_application(world).pk))


def a_version(world: World, status: str = "published") -> dict[str, Any]:
    """Of an agreement between the world's library and the office: the other library has no part in it."""
    agreement = Agreement.objects.create(name="Silang layan", scope="pair")
    agreement.libraries.set([world.library, world.office])
    said = {
        "text_id": "Isi",
        "text_en": "Text",
        "published_at": None if status == "draft" else timezone.now(),
    }
    AgreementVersion.objects.create(
        agreement=agreement, number=1, status=status, valid_from=timezone.localdate(), **said
    )
    return {"pk": agreement.pk, "number": 1}


def a_draft(world: World) -> dict[str, Any]:
    return a_version(world, "draft")


def an_agreement(world: World) -> dict[str, Any]:
    return {"pk": a_version(world)["pk"]}


def code(world: World) -> dict[str, Any]:
    return {"code": world.library.short_code}


def a_network(world: World) -> dict[str, Any]:
    return {"code": Network.objects.get_or_create(code="NET", defaults={"name": "Network"})[0].code}


def nothing(world: World) -> dict[str, Any]:
    return {}


def ticked(world: World) -> dict[str, Any]:
    return {"read": "1"}


ALL_SEE, OFFICE = "200 200 200 200 200 200", "login 403 403 403 403"
PARTIES = "404 404 404"

# Address, answers, arguments, query, method: as in tests/architecture/permission_matrix.py, which reads them.
ROWS: tuple[tuple[Any, ...], ...] = (
    ("members:join", ALL_SEE),
    ("members:join_sent", ALL_SEE),
    ("members:join_confirm", ALL_SEE, to_confirm),
    ("members:join_status", ALL_SEE, to_status),
    ("members:applications", f"{OFFICE} 200"),
    ("members:application", f"{OFFICE} 200", lambda w: {"pk": an_application(w).pk}),
    ("members:application_do", f"{OFFICE} 200", lambda w: {"pk": an_application(w).pk, "action": "accept"}),
    ("members:network_order", f"{OFFICE} 200", a_network),
    ("members:away", f"{OFFICE} 200"),
    ("members:standing", "login 403 404 403 200 200", code),
    ("members:first_steps", "login 403 404 403 200 200", code),
    ("members:first_search", "login 403 404 403 302 302", code, nothing, "post"),
    ("members:agreements", ALL_SEE),
    ("members:agreement_new", "login 403 200 403 200 200"),
    ("members:agreement", f"{PARTIES} 302 302 302", an_agreement),
    ("members:agreement_version", f"{PARTIES} 200 200 200", a_version),
    ("members:agreement_edit", "login 403 404 403 404 200", a_draft),
    ("members:agreement_next", "login 403 404 403 404 302", an_agreement, nothing, "post"),
    ("members:agreement_publish", "login 403 404 403 404 302", a_draft, nothing, "post"),
    ("members:agreement_decline", "login 403 404 403 302 302", a_version, nothing, "post"),
    ("members:agreement_notice", "login 403 404 403 302 302", a_version, nothing, "post"),
    ("members:agreement_end", f"{OFFICE} 302", a_version, nothing, "post"),
    ("members:agreement_accept", "login 403 404 403 302 302", a_version, ticked, "post"),
    ("members:agreement_pdf", f"{PARTIES} 200|302 200|302 200|302", a_version),
)
