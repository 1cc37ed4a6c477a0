"""What goes onto paper."""

from __future__ import annotations

from django.urls import path

from loans.slips import views

urlpatterns = [
    path("slips/", views.prints, name="prints"),
    path("slips/<slug:kind>/printed/", views.slips_printed, name="slips_printed"),
    path("slips/<slug:kind>/", views.slips, name="slips"),
    path("slips/<slug:kind>.pdf", views.slips_pdf, name="slips_pdf"),
]
