"""Addresses of programmes, their calendar and certificates; included by members.urls."""

from __future__ import annotations

from django.urls import path

from members.learning.views import certificates, host, network, own, public

urlpatterns = [
    path("learning/", public.programme_list, name="learning"),
    path("learning/calendar/", public.month, name="learning_calendar"),
    path("learning/calendar.ics", public.feed, name="learning_feed"),
    path("learning/mine/", own.mine, name="learning_mine"),
    path("learning/mine/link/", own.link_renew, name="learning_link_renew"),
    path("learning/mine/<str:token>.ics", public.feed_own, name="learning_feed_own"),
    path("learning/new/", host.propose, name="learning_new"),
    path("learning/host/", host.home, name="learning_host"),
    path("learning/host/asked-first/", host.asked_first, name="learning_asked_first"),
    path("learning/overview/", network.overview, name="learning_overview"),
    path("learning/registrations/<int:pk>/", host.decide, name="learning_decide"),
    path("learning/internships/<int:pk>/", own.internship, name="learning_internship"),
    path("learning/<int:pk>/", public.programme_detail, name="learning_programme"),
    path("learning/<int:pk>/programme.ics", public.feed_programme, name="learning_feed_programme"),
    path("learning/<int:pk>/edit/", host.change, name="learning_edit"),
    path("learning/<int:pk>/do/<str:action>/", host.step, name="learning_step"),
    path("learning/<int:pk>/register/", own.register, name="learning_register"),
    path("learning/<int:pk>/withdraw/", own.withdraw, name="learning_withdraw"),
    path("learning/<int:pk>/opinion/", own.opinion, name="learning_opinion"),
    path("learning/<int:pk>/people/", host.people, name="learning_people"),
    path("learning/<int:pk>/people/<int:session_pk>/", host.attendance, name="learning_attendance"),
    path("learning/<int:pk>/certificates/", host.certificates, name="learning_certificates"),
    path("learning/<int:pk>/results/", host.results, name="learning_results"),
    path("certificates/", certificates.asked, name="certificate_ask"),
    path("certificates/<str:code>/", certificates.certificate, name="certificate"),
    path("certificates/<str:code>/certificate.pdf", certificates.paper, name="certificate_pdf"),
    path("certificates/<str:code>/revoke/", certificates.revoke, name="certificate_revoke"),
]
