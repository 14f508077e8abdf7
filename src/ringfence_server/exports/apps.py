from django.apps import AppConfig


class Exports(AppConfig):
    name = "ringfence_server.exports"
    label = "exports"
