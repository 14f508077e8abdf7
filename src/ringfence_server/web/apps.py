from django.apps import AppConfig


class Web(AppConfig):
    name = "ringfence_server.web"
    label = "web"
