"""Addresses of the audit. A case is named by its row."""

from django.urls import path

from ringfence_server.looking import pages

urlpatterns = [
    path("audit/", pages.audit, name="audit"),
    path("audit/chain/", pages.chain, name="audit_chain"),
    path("cases/<int:case>/looked/", pages.of_case, name="case_looked"),
]
