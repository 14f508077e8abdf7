from django.apps import AppConfig


class Riding(AppConfig):
    name = "ringfence_server.riding"
    label = "riding"
