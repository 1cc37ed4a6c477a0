"""Addresses of charges and statements."""

from __future__ import annotations

from django.urls import path

from loans.views import money, reader_charges

urlpatterns = [
    path("requests/<slug:number>/reader-charges/", reader_charges.reader_charges, name="reader_charges"),
    path("money/", money.ledger, name="money"),
    path("money/charges/<int:pk>/waive/", money.charge_waive, name="money_waive"),
    path("money/charges/<int:pk>/refund/", money.charge_refund, name="money_refund"),
    path("money/rates/", money.rates, name="money_rates"),
    path("money/statements/", money.statements, name="money_statements"),
    path("money/statements/<int:pk>/", money.statement, name="money_statement"),
    path("money/statements/<int:pk>/<str:action>/", money.statement_step, name="money_statement_step"),
]
