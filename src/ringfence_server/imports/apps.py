from django.apps import AppConfig


class Imports(AppConfig):
    name = "ringfence_server.imports"
    label = "imports"
