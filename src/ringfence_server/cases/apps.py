from django.apps import AppConfig


class Cases(AppConfig):
    name = "ringfence_server.cases"
    label = "cases"
