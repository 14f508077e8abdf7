from django.apps import AppConfig


class Merging(AppConfig):
    name = "ringfence_server.merging"
    label = "merging"
