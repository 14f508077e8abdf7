from django.apps import AppConfig


class Tracing(AppConfig):
    name = "ringfence_server.tracing"
    label = "tracing"
