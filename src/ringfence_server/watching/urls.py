"""Addresses for machines that watch the server."""

from django.urls import path

from ringfence_server.watching import pages

urlpatterns = [
    path("health", pages.health, name="health"),
    path("ready", pages.ready, name="ready"),
    path("metrics", pages.metrics, name="metrics"),
]
