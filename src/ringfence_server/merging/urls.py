"""Addresses of this part: questions and decisions have numbers. No person is named."""

from django.urls import path

from ringfence_server.merging import pages

urlpatterns = [
    path("identity/", pages.identity_questions, name="identity_questions"),
    path("identity/<int:question>/", pages.identity_question, name="identity_question"),
    path("identity/decisions/<int:decision>/", pages.identity_decision, name="identity_decision"),
    path(
        "identity/decisions/<int:decision>/state/",
        pages.identity_decision_state,
        name="identity_decision_state",
    ),
    path("identity/decisions/<int:decision>/undo/", pages.identity_undo, name="identity_undo"),
]
