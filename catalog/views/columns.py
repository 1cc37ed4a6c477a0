"""The mapping screen: which column of a table holds what, with its first records as they would be stored."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from catalog import selectors
from catalog.forms.columns import ColumnsForm
from catalog.harvesting.tables import first_rows
from catalog.presenters.columns import column_rows, preview_rows
from catalog.services import columns as services
from members.decorators import capability_required
from members.permissions import Capability
from network_portal.core.errors import RuleViolation
from network_portal.core.requests import PortalRequest


@capability_required(Capability.SOURCE_MANAGE)
def source_columns(request: PortalRequest, pk: int) -> HttpResponse:
    """GET proposes; POST shows the answers' effect, and with `load` keeps them."""
    source = selectors.access_source(request.actor, pk)
    waiting, head = services.table_of(source)
    if not head:
        messages.info(request, _("No table waits. Upload one on this page."))
        return redirect("catalog:source", pk)
    mapping, encoding = services.mapping_proposed(source, head), source.fallback_encoding
    form = ColumnsForm(request.POST or None, mapping=mapping, rows=first_rows(head), encoding=encoding)
    if request.method == "POST" and form.is_valid():
        mapping, encoding = form.mapping, form.cleaned_data["encoding"]
        if "load" in request.POST:
            try:
                run = services.columns_save(
                    source=source, mapping=mapping, encoding=encoding, waiting=waiting, actor=request.actor
                )
            except RuleViolation as refusal:
                form.add_error(None, str(refusal))
            else:
                if run:
                    return redirect("catalog:run", run.pk)
                messages.success(
                    request, _("It is kept. The file is read when the folder is looked into again.")
                )
                return redirect("catalog:source", pk)
    context = {
        "source": source,
        "waiting": waiting,
        "form": form,
        "columns": column_rows(form, mapping, encoding),
        "preview": preview_rows(services.preview(head, mapping, encoding), source.rules),
        "mapping": mapping,
    }
    return render(request, "catalog/source_columns.html", context, status=422 if form.errors else 200)


@capability_required(Capability.SOURCE_MANAGE)
def source_columns_forget(request: PortalRequest, pk: int) -> HttpResponse:
    source = selectors.access_source(request.actor, pk)
    if request.method == "POST":
        services.columns_forget(source=source)
        messages.success(request, _("The table was let go. Nothing of it was stored."))
    return redirect("catalog:source", pk)
