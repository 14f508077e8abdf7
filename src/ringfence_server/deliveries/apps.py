from django.apps import AppConfig


class Deliveries(AppConfig):
    name = "ringfence_server.deliveries"
    label = "deliveries"
