from django.apps import AppConfig


class Administration(AppConfig):
    name = "ringfence_server.administration"
    label = "administration"
