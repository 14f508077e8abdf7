"""Addresses of emergency openings: rows by their numbers. What was asked for is never in one."""

from django.urls import path

from ringfence_server.glass import opening_pages, review_pages

urlpatterns = [
    path("emergency/", opening_pages.glass, name="glass"),
    path("emergency/end/", opening_pages.end, name="glass_end"),
    path("openings/", review_pages.openings, name="openings"),
    path("openings/<int:opening>/", review_pages.opening, name="opening"),
    path("openings/<int:opening>/review/", review_pages.review, name="opening_review"),
    path("openings/<int:opening>/stop/", review_pages.stop, name="opening_stop"),
]
