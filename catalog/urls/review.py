"""Deciding which records describe one edition."""

from django.urls import URLPattern, URLResolver, path

from catalog.views import review as views

urlpatterns: list[URLPattern | URLResolver] = [
    path("matching/", views.review_queue, name="review"),
    path("matching/<int:pk>/decide/", views.review_decide, name="review_decide"),
    path("matching/decisions/", views.decisions, name="decisions"),
    path("matching/decisions/<int:pk>/undo/", views.decision_undo, name="decision_undo"),
    path("edition/<int:pk>/split/", views.edition_split, name="edition_split"),
    path("edition/<int:pk>/join/", views.edition_join, name="edition_join"),
]
