"""One copy for the permission matrix: asked for by its library, scanned or delivered by the other one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from loans.choices import DeliveryState
from loans.copyright.seed import current_ruleset
from loans.delivery import store
from loans.delivery.links import token_for, token_hash
from loans.models import CopyrightDecision, Delivery, LicenceOffer, Request, ScanFile, SupplyAttempt


def a_version(world: Any) -> dict[str, Any]:
    row = current_ruleset("ID")
    return {"jurisdiction": row.jurisdiction, "version": row.version}


def a_licence(world: Any) -> dict[str, Any]:
    offer = LicenceOffer.objects.create(jurisdiction="ID", kind="issn", identifier="0126-1234", holder="LMK")
    return {"pk": offer.pk}


def a_scan(world: Any) -> dict[str, Any]:
    """While the other library scans: the number, and a file of its."""
    file = _file(_attempt(world, "scanning"))
    return {"number": file.attempt.request.number, "pk": file.pk}


def a_number(world: Any) -> dict[str, Any]:
    return {"number": _attempt(world, "scanning").request.number}


def a_link(world: Any) -> dict[str, Any]:
    """A copy that lies ready for the reader."""
    attempt = _attempt(world, "released", part="uploaded")
    CopyrightDecision.objects.create(
        request=attempt.request, ruleset=current_ruleset("ID"), requesting_library=world.library, year=2026,
        outcome="allow",
    )  # fmt: skip
    token = token_for(attempt.pk)
    until = timezone.now() + timedelta(days=1)
    Delivery.objects.create(
        request=attempt.request, attempt=attempt, token_hash=token_hash(token), state=DeliveryState.AVAILABLE,
        expires_at=until, purge_at=until,
    )  # fmt: skip
    return {"token": token}


def a_link_with_file(world: Any) -> dict[str, Any]:
    there = a_link(world)
    return {**there, "pk": _file(Delivery.objects.get().attempt).pk}


def _attempt(world: Any, status: str, part: str = "scanning") -> SupplyAttempt:
    request = Request.objects.create(
        number="RUMAH-2026-000777", service="copy", genre="article", title="Arsip", status=status,
        patron=world.people["patron"], requesting_library=world.library,
    )  # fmt: skip
    return SupplyAttempt.objects.create(request=request, position=1, supplier=world.elsewhere, status=part)


def _file(attempt: SupplyAttempt) -> ScanFile:
    return ScanFile.objects.create(
        attempt=attempt, position=1, name="a.pdf", kind="pdf", size=1, sha256="0" * 64, check_state="ok",
        file=store.put(b"%"),
    )  # fmt: skip
