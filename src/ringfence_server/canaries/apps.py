from django.apps import AppConfig


class Canaries(AppConfig):
    name = "ringfence_server.canaries"
    label = "canaries"
