"""Addresses of movements: a case has a number."""

from django.urls import path

from ringfence_server.movements import pages

urlpatterns = [path("cases/<int:case>/movements/", pages.movements, name="case_movements")]
