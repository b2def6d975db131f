from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    name = "notifications"
    verbose_name = _("notifications")

    def ready(self) -> None:
        from moirai.accounts import signed_in
        from moirai.health import register_waiting
        from moirai.metrics import register_counted
        from notifications import counters, personal, receivers, rulings, searches, unread, webhooks  # noqa: F401
        from notifications.models import OutboxMail

        signed_in.SHOWN |= unread.of_the_signed_in()
        register_counted("mails", "Mails by status.", OutboxMail.objects.all)
        register_waiting("mails", OutboxMail.objects.oldest_waiting)
