from django.apps import AppConfig


class Narratives(AppConfig):
    name = "ringfence_server.narratives"
    label = "narratives"
