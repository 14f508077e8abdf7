from importlib import import_module

from django.apps import AppConfig


class FollowUps(AppConfig):
    name = "ringfence_server.follow_ups"
    label = "follow_ups"

    def ready(self) -> None:
        """From here on, lists that are approved and cases that change are heard of."""
        import_module("ringfence_server.follow_ups.hearing")
