"""What people are told, in the app and by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from moirai.accounts.models import User
from moirai.crypto.fields import EncryptedCharField, EncryptedJSONField, EncryptedTextField
from moirai.mail import address_mark
from notifications.webhook_models import Delivery as Delivery
from notifications.webhook_models import Webhook as Webhook


class Kind(models.TextChoices):
    """What there is to tell; `words.py` says which data each takes, `preferences.py` how it reaches whom."""

    NEW_MATCHES = "new_matches", _("new matches")
    SAVED_SEARCH = "saved_search", _("new postings of a saved search")
    CV_READ = "cv_read", _("CV read")
    CV_FAILED = "cv_failed", _("CV could not be read")
    APPLICATION_RECEIVED = "application_received", _("application received")
    APPLICATION_WAITING = "application_waiting", _("applications that wait for an answer")
    APPLICATION_MOVED = "application_moved", _("application moved")
    APPLICATION_CLOSED = "application_closed", _("application closed without an answer")
    MESSAGE = "message", _("message")
    INVITATION = "invitation", _("invitation of a company")
    INVITATION_ACCEPTED = "invitation_accepted", _("invitation accepted")
    INTERVIEW = "interview", _("interview")
    POSTING_MOVED = "posting_moved", _("posting published, returned, declined or closed")
    POSTING_EXPIRING = "posting_expiring", _("posting about to close")
    COMPANY_MOVED = "company_moved", _("company verified, declined, asked or suspended")
    TEAM_INVITATION = "team_invitation", _("invitation to a team")
    OUTCOME_SURVEY = "outcome_survey", _("survey about the outcome")
    FRAUD_CASE = "fraud_case", _("report of fraud")
    IMPORT_DONE = "import_done", _("import finished")
    PRIVACY_REQUEST = "privacy_request", _("request about personal data")
    INACTIVE_WARNING = "inactive_warning", _("account about to be erased for want of use")
    MAIL_BOUNCED = "mail_bounced", _("mail does not reach the address")
    WEBHOOK_OFF = "webhook_off", _("webhook turned off")


class Channel(models.TextChoices):
    """How one kind reaches one person; all but ``never`` show it in the app as well."""

    APP = "app", _("only here")
    NOW = "now", _("here and by mail, at once")
    DAILY = "daily", _("here and in a daily mail")
    WEEKLY = "weekly", _("here and in a weekly mail")
    NEVER = "never", _("not at all")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def of(self, user: AbstractBaseUser | AnonymousUser) -> Self:
        return self.filter(user_id=user.pk)

    def unread(self) -> Self:
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> Self:
        return self.order_by("-created_at", "-id")

    def awaiting_digest(self, digest: str, *, before: datetime) -> Self:
        """What a daily or weekly mail has still to tell; what was read meanwhile needs no mail."""
        return self.filter(digest=digest, created_at__lt=before, read_at__isnull=True)

    def mark_read(self, *, at: datetime) -> int:
        """That mails bounce stays unread until the address works: it is what the banner shows."""
        return self.unread().exclude(kind=Kind.MAIL_BOUNCED).update(read_at=at)


class Notification(models.Model):
    """One thing one person is told; the words are made in the reader's language from ``kind`` and ``data``."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    data = EncryptedJSONField(_("data"), default=dict, person="user")
    url = models.CharField(_("address"), max_length=300, blank=True)
    key = models.CharField(_("idempotency key"), max_length=120)
    digest = models.CharField(_("waits for the mail of"), max_length=6, blank=True, choices=Channel)
    created_at = models.DateTimeField(_("created"))
    read_at = models.DateTimeField(_("read"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notifications_newest_first"),
            models.Index(fields=["user"], name="unread_notifications", condition=Q(read_at__isnull=True)),
            models.Index(fields=["digest", "created_at"], name="notifications_for_a_digest", condition=~Q(digest="")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="person_is_told_a_thing_once"),
            models.CheckConstraint(condition=Q(digest__in=["", "daily", "weekly"]), name="digest_is_daily_or_weekly"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"


class Preference(models.Model):
    """How a person wants to be told of a kind, where it is not the default of `preferences.py`."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preferences")
    kind = models.CharField(_("kind"), max_length=24, choices=Kind)
    channel = models.CharField(_("channel"), max_length=6, choices=Channel)

    class Meta:
        verbose_name = _("preference")
        verbose_name_plural = _("preferences")
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="person_prefers_one_channel_per_kind")]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.channel}"


class OutboxMailQuerySet(models.QuerySet["OutboxMail"]):
    def waiting(self) -> Self:
        return self.filter(status=OutboxMail.Status.WAITING)

    def oldest_waiting(self) -> datetime | None:
        """Since when the mail that has waited longest waits; None where none does."""
        return self.waiting().order_by("created_at").values_list("created_at", flat=True).first()

    def with_words_of(self, *, before: datetime) -> Self:
        """Mails that are over, old enough for their words to go."""
        return self.exclude(status__in=["waiting", "sending"]).filter(forgotten_at__isnull=True, created_at__lt=before)


class OutboxMail(models.Model):
    """A mail to send; written with the change it tells of, sent by a task, never twice."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        BOUNCED = "bounced", _("came back")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mails")
    key = models.CharField(_("idempotency key"), max_length=120)
    kind = models.CharField(_("kind"), max_length=24, blank=True, help_text=_("Empty: a daily or weekly mail."))
    subject = EncryptedCharField(_("subject"), max_length=200, person="user")
    text = EncryptedTextField(_("text"), person="user")
    html = EncryptedTextField(_("HTML"), blank=True, person="user")
    unsubscribe_url = models.CharField(_("address that ends such mails"), max_length=500, blank=True)
    address_mark = models.CharField(_("keyed hash of the address"), max_length=43, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created"))
    next_attempt_at = models.DateTimeField(_("next attempt"))
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    forgotten_at = models.DateTimeField(_("words deleted at"), null=True, blank=True)

    objects = OutboxMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(fields=["next_attempt_at"], name="mails_waiting_to_be_sent", condition=Q(status="waiting")),
            models.Index(fields=["address_mark"], name="mails_to_an_address"),
            models.Index(fields=["created_at"], name="mails_with_words", condition=Q(forgotten_at__isnull=True)),
        ]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="person_is_mailed_a_thing_once")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.kind}"


class DeadAddressQuerySet(models.QuerySet["DeadAddress"]):
    def refuses(self, user: User) -> bool:
        """Whether the address that this person has now refuses mail; another one than then is written to again."""
        return self.filter(user=user, address_mark=address_mark(user.email)).exists()


class DeadAddress(models.Model):
    """The address of this person refuses mail for good: none is sent until it changes or the person says otherwise."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dead_address")
    address_mark = models.CharField(_("keyed hash of the address"), max_length=43)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    objects = DeadAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address that refuses mail")
        verbose_name_plural = _("addresses that refuse mail")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.at:%Y-%m-%d}"
