from importlib import import_module

from django.apps import AppConfig


class Glass(AppConfig):
    name = "ringfence_server.glass"
    label = "glass"

    def ready(self) -> None:
        """From here on, whoever acts has what they opened."""
        import_module("ringfence_server.glass.lending")
