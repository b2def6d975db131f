from django.apps import AppConfig


class MoiraiConfig(AppConfig):
    name = "moirai"

    def ready(self) -> None:
        from moirai import checks, heartbeat, orphans  # noqa: F401
