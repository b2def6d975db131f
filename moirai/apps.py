import logging

from django.apps import AppConfig
from django.conf import settings


class MoiraiConfig(AppConfig):
    name = "moirai"

    def ready(self) -> None:
        from moirai import checks, heartbeat, logs, migrating, orphans, starting  # noqa: F401

        logging.captureWarnings(settings.LOG_JSON)  # as lines of the log
