"""Addresses of people who are followed: rows by their numbers. No person is named."""

from django.urls import path

from ringfence_server.follow_ups import pages

urlpatterns = [
    path("releases/", pages.releases, name="releases"),
    path("releases/<int:follow_up>/", pages.release, name="release"),
    path("releases/day/<int:task>/", pages.give_up, name="give_up_day"),
]
