"""Addresses of refused deliveries: rows by their numbers."""

from django.urls import path

from ringfence_server.deliveries import pages

urlpatterns = [
    path("deliveries/", pages.refused, name="deliveries"),
    path("deliveries/<int:delivery>/again/", pages.again, name="delivery_again"),
    path("deliveries/<int:delivery>/aside/", pages.aside, name="delivery_aside"),
]
