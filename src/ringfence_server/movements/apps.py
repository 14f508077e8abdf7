from django.apps import AppConfig


class Movements(AppConfig):
    name = "ringfence_server.movements"
    label = "movements"
