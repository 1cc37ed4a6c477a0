"""Addresses of libraries and people."""

from __future__ import annotations

from django.urls import include, path

from members import urls_agreements, urls_joining, urls_network
from members.signin import urls as urls_signin
from members.views import account, calendar, directory, libraries, people, permissions, staff
from network_portal.core.shared_cache import shareable

app_name = "members"
urlpatterns = [
    path("members/", libraries.library_list, name="libraries"),
    path("members/new/", libraries.library_new, name="library_new"),
    path("members/directory/", shareable(300)(directory.directory), name="directory"),
    *urls_joining.urlpatterns,
    *urls_agreements.urlpatterns,
    path("members/<str:code>/", libraries.library_detail, name="library"),
    path("members/<str:code>/edit/", libraries.library_edit, name="library_edit"),
    path("members/<str:code>/policies/", include("members.urls_policies")),
    path("members/<str:code>/staff/", staff.staff_list, name="staff"),
    path("members/<str:code>/staff/<int:pk>/end/", staff.staff_end, name="staff_end"),
    path("", include("members.urls_categories")),
    path("members/<str:code>/calendar/", calendar.library_calendar, name="library_calendar"),
    path("network/closed-days/", calendar.network_calendar, name="network_calendar"),
    path("network/closed-days/<int:year>/", calendar.network_holidays, name="network_holidays"),
    path("people/", people.people_list, name="people"),
    path("people/<int:pk>/confirm/", people.person_confirm, name="person_confirm"),
    path("people/<int:pk>/refuse/", people.person_refuse, name="person_refuse"),
    path("people/<int:pk>/end/", people.person_end, name="person_end"),
    path("", include("members.urls_people")),
    *urls_signin.urlpatterns,
    path("", include("members.urls_learning")),
    path("account/", account.overview, name="account"),
    path("account/profile/", account.profile, name="profile"),
    path("account/home-library/", account.home_library, name="home_library"),
    path("account/library/", account.working_library, name="working_library"),
    path("account/after-login/", account.after_login, name="after_login"),
    path("help/permissions/", permissions.permission_table, name="permissions"),
    *urls_network.urlpatterns,
]
