from django.apps import AppConfig


class Accounts(AppConfig):
    name = "ringfence_server.accounts"
    label = "accounts"
