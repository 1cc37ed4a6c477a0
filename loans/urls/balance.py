"""Addresses of balance and benefit, and of the reports of a year."""

from __future__ import annotations

from django.urls import path

from loans.balance import views, views_prices, views_reports

urlpatterns = [
    path("balance/", views.balance, name="balance"),
    path("balance/prices/", views_prices.prices_network, name="balance_prices_network"),
    path("balance/reports/<int:year>/make/", views_reports.year_reports_make, name="year_reports_make"),
    path("balance/<str:code>/", views.balance_library, name="balance_library"),
    path("balance/<str:code>/prices/", views_prices.prices_library, name="balance_prices"),
    path("balance/<str:code>/report/<int:year>/", views_reports.year_report, name="year_report"),
    path("balance/<str:code>/report/<int:year>.pdf", views_reports.year_report_pdf, name="year_report_pdf"),
]
