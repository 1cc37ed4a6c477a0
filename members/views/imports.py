"""Readers from a file: upload, say what the columns mean, look at it, start, watch, read the problems, undo."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from members.access import access_one
from members.decorators import capability_required
from members.filters_people import ImportFilter
from members.forms_people import ColumnsForm, ImportForm
from members.importing.preview import preview
from members.permissions import Capability
from members.presenters_people import imports_file, problem_header, problem_rows
from members.selectors.imports import import_problems, imports_of, own_library
from members.services import imports as services
from network_portal.core.csv_file import csv_answer
from network_portal.core.errors import RuleViolation
from network_portal.core.lists import list_answer
from network_portal.core.requests import PortalRequest


@capability_required(Capability.LIBRARY_EDIT)
def import_list(request: PortalRequest) -> HttpResponseBase:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            source = services.import_upload(
                library=own_library(request.actor), file_name=file.name, data=file.read(), actor=request.actor
            )
        except RuleViolation as error:
            form.add_error("file", str(error))
        else:
            return redirect("members:import", pk=source.pk)
    found = ImportFilter(request.GET, queryset=imports_of(request.actor))
    return list_answer(
        request, "members/importing/list.html", found=found, csv=imports_file(), size=20,
        context=lambda _page: {"form": form},
    )  # fmt: skip


@capability_required(Capability.LIBRARY_EDIT)
def import_detail(request: PortalRequest, pk: int) -> HttpResponse:
    """A draft shows its first rows and asks for the columns; later it shows how far it is and what came of it."""
    source = access_one(imports_of(request.actor), pk=pk)
    if not source.is_draft:
        page = {"source": source, "may_undo": services.may_undo(source)}
        return render(request, "members/importing/progress.html", page)
    form = ColumnsForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            source = services.import_columns_set(source=source, columns=form.columns, actor=request.actor)
            if "start" in request.POST:
                services.import_start(source=source, invite=form.cleaned_data["invite"], actor=request.actor)
                messages.success(request, _("The import has started. You can leave this page."))
            return redirect("members:import", pk=source.pk)
        except RuleViolation as error:
            form.add_error(None, str(error))
    return render(
        request, "members/importing/draft.html", {"form": form, "source": source, "preview": preview(source)}
    )


@capability_required(Capability.LIBRARY_EDIT)
def import_problems_csv(request: PortalRequest, pk: int) -> StreamingHttpResponse:
    source = access_one(imports_of(request.actor), pk=pk)
    return csv_answer(f"problems-{source.pk}", problem_header(), problem_rows(import_problems(source)))


@capability_required(Capability.LIBRARY_EDIT)
def import_drop(request: PortalRequest, pk: int) -> HttpResponse:
    source = access_one(imports_of(request.actor), pk=pk)
    if request.method == "POST":
        services.import_drop(source=source, actor=request.actor)
        messages.success(request, _("The file was thrown away. Nobody was taken over."))
    return redirect("members:imports")


@capability_required(Capability.LIBRARY_EDIT)
def import_undo(request: PortalRequest, pk: int) -> HttpResponse:
    source = access_one(imports_of(request.actor), pk=pk)
    if request.method == "POST":
        services.import_undo(source=source, actor=request.actor)
        return redirect("members:import", pk=source.pk)
    return render(request, "members/importing/undo.html", {"source": source})
