"""Addresses of the search. Nothing that was typed is in one; somebody found is told sealed."""

from django.urls import path

from ringfence_server.search.pages import oversight, persons, raising, searching, suggesting

urlpatterns = [
    path("search/", searching.search, name="search"),
    path("search/suggest/", suggesting.suggest, name="suggest"),
    path("search/person/<str:hit>/", persons.person, name="search_person"),
    path("search/quota/", raising.quota, name="search_quota"),
    path("search/raises/", raising.raises, name="search_raises"),
    path("search/raises/<int:asked>/", raising.raise_decide, name="search_raise"),
    path("oversight/", oversight.oversight, name="oversight"),
]
