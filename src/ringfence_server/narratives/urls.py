"""Addresses of narratives: a case has a number, and so has each of its narratives."""

from django.urls import path

from ringfence_server.narratives import pages

urlpatterns = [
    path("cases/<int:case>/narratives/new/", pages.paste, name="narrative_new"),
    path("cases/<int:case>/narratives/<int:narrative>/", pages.narrative, name="narrative"),
]
