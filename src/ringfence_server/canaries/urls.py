"""Addresses of canaries: rows by their numbers."""

from django.urls import path

from ringfence_server.canaries import pages

urlpatterns = [
    path("canaries/", pages.canaries, name="canaries"),
    path("canaries/<int:canary>/end/", pages.end, name="canary_end"),
    path("canaries/alerts/<int:alert>/seen/", pages.seen, name="alert_seen"),
]
