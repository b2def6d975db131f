from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "moirai.accounts"
    label = "accounts"
