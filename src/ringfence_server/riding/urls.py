"""Addresses of rides: a case has a number; which run is meant stands in the query."""

from django.urls import path

from ringfence_server.riding import pages

urlpatterns = [
    path("cases/<int:case>/rides/", pages.rides, name="case_rides"),
    path("cases/<int:case>/passengers/", pages.passengers, name="case_passengers"),
]
