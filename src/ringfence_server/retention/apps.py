from django.apps import AppConfig


class Retention(AppConfig):
    name = "ringfence_server.retention"
    label = "retention"
