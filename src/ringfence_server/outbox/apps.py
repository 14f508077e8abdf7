from django.apps import AppConfig


class Outbox(AppConfig):
    name = "ringfence_server.outbox"
    label = "outbox"
