"""What a person's calendar shows: interviews of both sides, and for students when saved postings close."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jobs.calendar_file import calendar, interview_event, moment_event
from jobs.models import Application, ApplicationQuerySet, CalendarFeed, Interview, Job, SavedJob
from moirai.accounts.models import User
from moirai.crypto.ring import keyed_hash

PAST = timedelta(days=60)  # interviews that were stay this long
MOST = 500


def hash_of(secret: str) -> str:
    return keyed_hash(secret, about="jobs.calendarfeed")


@transaction.atomic
def make_feed(*, user: User, now: datetime) -> str:
    """The secret of a new feed; the address before it opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(user=user, defaults={"hash": hash_of(secret), "created_at": now})
    return secret


def person_of(secret: str) -> User | None:
    """Whose feed this is; None where it was taken back or the account is closed."""
    feed = CalendarFeed.objects.filter(hash=hash_of(secret), user__is_active=True).select_related("user").first()
    return feed.user if feed else None


def feed_of(user: User, *, now: datetime) -> bytes:
    """The whole calendar, in the language of the person's mails."""
    with translation.override(user.language):
        if user.role == User.Role.STUDENT:
            own = Application.objects.filter(student__user=user)
            return calendar([*_interviews(own, now, is_student=True), *_closing(user, now)])
        own = Application.objects.active().filter(job__company__recruiters__user=user, job__company__status="verified")
        return calendar(list(_interviews(own, now, is_student=False)))


def _interviews(applications: ApplicationQuerySet, now: datetime, *, is_student: bool) -> Iterator[list[str]]:
    """Agreed ones and those cancelled after they were agreed, so that a calendar strikes them out."""
    rows = Interview.objects.filter(application__in=applications, starts_at__gt=now - PAST).order_by("starts_at", "pk")
    for row in rows.select_related("application__job__company", "application__student__user")[:MOST]:
        application = row.application
        if is_student:
            other, page = application.job.company.name, application.get_absolute_url()
        else:
            other, page = application.applicant, reverse("matching:candidate", args=[application.public_id])
        summary = _("Interview: %(job)s, %(who)s") % {"job": application.job.title, "who": other}
        yield interview_event(row, summary=summary, url=_site() + page, host=_host())


def _closing(user: User, now: datetime) -> Iterator[list[str]]:
    saved = SavedJob.objects.filter(student__user=user, job__in=Job.objects.open(at=now)).select_related("job__company")
    for job in [row.job for row in saved.order_by("job__closes_at", "pk")[:MOST]]:
        assert job.closes_at is not None  # it is open
        summary = _("Closes: %(job)s, %(company)s") % {"job": job.title, "company": job.company.name}
        uid = f"closes-{job.public_id}@{_host()}"
        url = _site() + job.get_absolute_url()
        yield moment_event(uid=uid, at=job.closes_at, changed_at=job.updated_at, summary=summary, url=url)


def _site() -> str:
    return str(settings.SITE_URL).rstrip("/")


def _host() -> str:
    return urlsplit(_site()).hostname or "moirai"
