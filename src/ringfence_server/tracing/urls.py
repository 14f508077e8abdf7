"""Addresses of traces: a run has a number, a contact its place in the run. No person is named."""

from django.urls import path

from ringfence_server.tracing import pages

urlpatterns = [
    path("cases/<int:case>/trace/", pages.begin, name="trace_begin"),
    path("traces/<int:run>/", pages.trace, name="trace"),
    path("traces/<int:run>/state/", pages.state, name="trace_state"),
    path("traces/<int:run>/answers/", pages.settle, name="trace_settle"),
    path("traces/<int:run>/picture/", pages.picture, name="trace_picture"),
    path("traces/<int:run>/contacts/<int:rank>/", pages.contact, name="trace_contact"),
]
