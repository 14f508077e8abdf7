"""Addresses of lists that are taken out, and of the list of those that were."""

from django.urls import path

from ringfence_server.exports import pages

urlpatterns = [
    path("traces/<int:run>/export/", pages.contacts, name="export_contacts"),
    path("cases/export/", pages.cases, name="export_cases"),
    path("tasks/export/", pages.tasks, name="export_tasks"),
    path("exports/", pages.exports, name="exports"),
]
