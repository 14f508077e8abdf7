from django.apps import AppConfig


class HandOvers(AppConfig):
    name = "ringfence_server.hand_overs"
    label = "hand_overs"
