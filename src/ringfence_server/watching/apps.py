from django.apps import AppConfig


class Watching(AppConfig):
    name = "ringfence_server.watching"
    label = "watching"
