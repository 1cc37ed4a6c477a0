"""The capability table, for anybody who wonders why a page is closed to them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.choices import Role
from members.presenters import permission_rows


def permission_table(request: HttpRequest) -> HttpResponse:
    return render(request, "members/permissions.html", {"rows": permission_rows(), "roles": Role})
