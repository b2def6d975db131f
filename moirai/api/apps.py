from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    name = "moirai.api"
    label = "api"
    verbose_name = _("API")

    def ready(self) -> None:
        from moirai.api import personal, schema  # noqa: F401 - register themselves
