"""Examining a source's server from its page: the button of each kind, and the section that shows how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.presenters.source import server_section
from catalog.services import probes, sru_probe
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def source_probe(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":  # else a login came between
        probes.probe_start(source=source, actor=request.actor)
        messages.success(request, _("The server is being examined. That takes a minute or two."))
    return redirect(f"{reverse('catalog:source', args=[pk])}#server")


@capability_required(Capability.SOURCE_MANAGE)
def source_explain(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        sru_probe.explain_start(source=source, actor=request.actor)
        messages.success(request, _("The server is being asked what it can do."))
    return redirect(f"{reverse('catalog:source', args=[pk])}#server")


@capability_required(Capability.SOURCE_VIEW)
def source_server(request: PortalRequest, pk: int) -> HttpResponse:
    """The section alone, for htmx; anybody else gets the whole page."""
    source = selectors.access_source(request.actor, pk)
    section = server_section(source)
    if section is None or not request.htmx:
        return redirect(f"{reverse('catalog:source', args=[pk])}#server")
    context = {
        "source": source,
        "section": section.context,
        "may_manage": request.actor.can(Capability.SOURCE_MANAGE),
    }
    response = render(request, section.template, context)
    response["Vary"] = "HX-Request"
    return response
