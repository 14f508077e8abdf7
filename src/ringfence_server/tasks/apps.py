from importlib import import_module

from django.apps import AppConfig


class Tasks(AppConfig):
    name = "ringfence_server.tasks"
    label = "tasks"

    def ready(self) -> None:
        """From here on, what follows for tasks when a case changes does follow."""
        import_module("ringfence_server.tasks.following")
