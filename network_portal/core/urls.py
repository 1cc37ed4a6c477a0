"""Health pages, and staff pages about what the portal does in the background."""

from __future__ import annotations

from django.urls import path

from network_portal.core import views, views_health

app_name = "core"
urlpatterns = [
    path("healthz", views_health.healthz, name="healthz"),
    path("readyz", views_health.readyz, name="readyz"),
    path("staff/mail/", views.mail_list, name="mail"),
    path("staff/mail/<int:pk>/", views.mail_detail, name="mail_detail"),
    path("staff/mail/<int:pk>/resend/", views.mail_resend, name="mail_resend"),
    path("staff/jobs/", views.job_list, name="jobs"),
    path("staff/jobs/<int:pk>/", views.job_detail, name="job"),
    path("staff/audit/", views.audit_list, name="audit"),
]
