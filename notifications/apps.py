from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        from moirai.health import register_waiting
        from notifications import personal, receivers, rulings, searches, webhooks  # noqa: F401
        from notifications.models import OutboxMail

        register_waiting("mails", OutboxMail.objects.oldest_waiting)
