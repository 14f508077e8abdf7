from django.apps import AppConfig


class Jurisdictions(AppConfig):
    name = "ringfence_server.jurisdictions"
    label = "jurisdictions"
