"""Addresses of staff, readers' lists, imports of readers and personal data; included by members.urls."""

from __future__ import annotations

from django.urls import path

from members.views import imports, people, privacy, staff

urlpatterns = [
    path("members/<str:code>/staff/staff.csv", staff.staff_export, name="staff_export"),
    path("members/<str:code>/staff/<int:pk>/role/", staff.staff_role, name="staff_role"),
    path("members/<str:code>/staff/<int:pk>/resend/", staff.staff_resend, name="staff_resend"),
    path("members/<str:code>/staff/<int:pk>/withdraw/", staff.staff_withdraw, name="staff_withdraw"),
    path("people/readers.csv", people.people_export, name="people_export"),
    path("people/<int:pk>/data/", privacy.person_data, name="person_data"),
    path("account/privacy/data.zip", privacy.data_export, name="privacy_data"),
    path("account/privacy/erase/", privacy.erase_own, name="privacy_erase"),
    path("people/import/", imports.import_list, name="imports"),
    path("people/import/<int:pk>/", imports.import_detail, name="import"),
    path("people/import/<int:pk>/problems.csv", imports.import_problems_csv, name="import_problems"),
    path("people/import/<int:pk>/drop/", imports.import_drop, name="import_drop"),
    path("people/import/<int:pk>/undo/", imports.import_undo, name="import_undo"),
]
