from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrivacyConfig(AppConfig):
    name = "moirai.privacy"
    label = "privacy"
    verbose_name = _("privacy")

    def ready(self) -> None:
        from moirai.privacy import counters, own, receivers  # noqa: F401
