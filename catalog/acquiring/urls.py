"""Addresses of buying and weeding together. Included by network_portal.urls below /acquisition/."""

from __future__ import annotations

from django.urls import URLPattern, path

from catalog.acquiring.views import checks, last, offers, plans, wanted
from network_portal.core.ratelimit import limited

app_name = "acquiring"
exports = limited("export", per_minute=30, burst=10)
upload_limit = limited("weeding-upload", per_minute=20, burst=20)

urlpatterns: list[URLPattern] = [
    path("", wanted.wanted_list, name="wanted"),
    path("wanted.csv", exports(wanted.wanted_csv), name="wanted_csv"),
    path("plans/", plans.plan_list, name="plans"),
    path("plans.csv", exports(plans.plans_csv), name="plans_csv"),
    path("plans/new/", plans.plan_new, name="plan_new"),
    path("plans/<int:pk>/", plans.plan_page, name="plan"),
    path("plans/<int:pk>/edit/", plans.plan_edit, name="plan_edit"),
    path("plans/<int:pk>/undo/", plans.plan_undo, name="plan_undo"),
    path("plans/<int:pk>/withdraw/", plans.plan_withdraw, name="plan_withdraw"),
    path("last-copies/", last.last_list, name="last"),
    path("last-copies.csv", exports(last.last_csv), name="last_csv"),
    path("keep/<int:pk>/", last.keep, name="keep"),
    path("kept/", last.kept_list, name="kept"),
    path("kept/<int:pk>/end/", last.keep_end, name="keep_end"),
    path("checks/", upload_limit(checks.check_list), name="checks"),
    path("checks/<int:pk>/", checks.check_page, name="check"),
    path("checks/<int:pk>/rows.csv", exports(checks.check_csv), name="check_csv"),
    path("checks/<int:pk>/offer/", checks.check_offer, name="check_offer"),
    path("checks/<int:pk>/delete/", checks.check_delete, name="check_delete"),
    path("offers/", offers.offer_list, name="offers"),
    path("offers/<int:pk>/", offers.offer_page, name="offer"),
    path("offers/<int:pk>/lines.csv", exports(offers.offer_csv), name="offer_csv"),
    path("offers/<int:pk>/close/", offers.offer_close, name="offer_close"),
    path("offers/lines/<int:pk>/take/", offers.line_take, name="line_take"),
    path("offers/lines/<int:pk>/leave/", offers.line_leave, name="line_leave"),
    path("offers/lines/<int:pk>/decide/", offers.line_decide, name="line_decide"),
]
