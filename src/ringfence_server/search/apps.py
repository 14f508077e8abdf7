from django.apps import AppConfig


class Search(AppConfig):
    name = "ringfence_server.search"
    label = "search"
