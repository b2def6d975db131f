from django.apps import AppConfig


class CryptoConfig(AppConfig):
    name = "moirai.crypto"

    def ready(self) -> None:
        from moirai.crypto import checks  # noqa: F401
