"""Agreements: the list, one agreement, its versions and what is done with them."""

from __future__ import annotations

from django.urls import path

from members.views import agreements

urlpatterns = [
    path("agreements/", agreements.agreement_list, name="agreements"),
    path("agreements/new/", agreements.agreement_new, name="agreement_new"),
    path("agreements/<int:pk>/", agreements.agreement, name="agreement"),
    path("agreements/<int:pk>/next/", agreements.agreement_next, name="agreement_next"),
    path("agreements/<int:pk>/<int:number>/", agreements.version, name="agreement_version"),
    path("agreements/<int:pk>/<int:number>/edit/", agreements.version_edit, name="agreement_edit"),
    path("agreements/<int:pk>/<int:number>/publish/", agreements.version_publish, name="agreement_publish"),
    path("agreements/<int:pk>/<int:number>/accept/", agreements.version_accept, name="agreement_accept"),
    path("agreements/<int:pk>/<int:number>/decline/", agreements.version_decline, name="agreement_decline"),
    path("agreements/<int:pk>/<int:number>/notice/", agreements.version_notice, name="agreement_notice"),
    path("agreements/<int:pk>/<int:number>/end/", agreements.version_end, name="agreement_end"),
    path("agreements/<int:pk>/<int:number>/agreement.pdf", agreements.version_pdf, name="agreement_pdf"),
]
