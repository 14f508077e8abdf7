from django.apps import AppConfig


class Looking(AppConfig):
    name = "ringfence_server.looking"
    label = "looking"
