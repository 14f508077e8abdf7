from django.apps import AppConfig


class Api(AppConfig):
    name = "ringfence_server.api"
    label = "api"
