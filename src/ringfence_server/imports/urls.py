"""Addresses of imports."""

from django.urls import path

from ringfence_server.imports import pages

urlpatterns = [path("imports/", pages.imports, name="imports")]
