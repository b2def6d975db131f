"""What the days bring: postings that expire, companies that do not answer, promises that fall due.

Each step leaves a mark in the row within the transaction that announces it, so that running twice, late, or beside
another worker tells nobody anything twice.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.dispatch import Signal

from jobs import pipeline, posting
from jobs.models import Application, Company, Invitation, Job, Side
from jobs.pipeline import NotAllowedError, S
from jobs.signals import applications_waiting, no_news, posting_closed, posting_expiring

DAY = timedelta(days=1)
CONFIRM_BEFORE = 7 * DAY
EXTENSION = 30 * DAY
NUDGE_AFTER = 10 * DAY
NUDGE_AGAIN = 7 * DAY
NUDGES = 2
CLOSE_AFTER = 30 * DAY


def keep_moving(*, now: datetime) -> dict[str, int]:
    """Take every step that is due; returns how many rows each step moved."""
    return {
        "invitations": Invitation.objects.over(at=now).update(status=Invitation.Status.EXPIRED),
        "closed": close_expired(now=now),
        "asked": ask_to_confirm(now=now),
        "told": tell_applicants(now=now),
        "unanswered": close_unanswered(now=now),
        "no_news": tell_no_news(now=now),
        "nudged": nudge(now=now),
    }


def ask_to_confirm(*, now: datetime) -> int:
    """Postings that close within a week: their company confirms or extends. Once for each closing date."""
    is_due = Q(confirm_asked_at__isnull=True) | Q(confirm_asked_at__lt=F("closes_at") - CONFIRM_BEFORE)
    expiring = Job.objects.open(at=now).filter(is_due, closes_at__lte=now + CONFIRM_BEFORE)
    return sum(_mark(pk, is_due, posting_expiring, confirm_asked_at=now) for pk in _ids(expiring))


def _mark(pk: int, is_due: Q, signal: Signal, **mark: datetime) -> int:
    """Write the mark if the row, read anew, is still due; announce it in the same transaction.

    ``is_due`` looks at columns of the row alone: PostgreSQL does not read a subquery again after waiting for a lock.
    """
    with transaction.atomic():
        marked = Job.objects.filter(is_due, pk=pk).update(**mark)
        if marked:
            signal.send(sender=Job, job_id=pk)
    return marked


def _ids(rows: QuerySet[Job] | QuerySet[Application]) -> list[int]:
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def extend(*, job: Job, now: datetime, shown: datetime | None) -> datetime | None:
    """Let the posting take applications for another ``EXTENSION``; ``shown`` is the date that the page showed.

    None where the posting is not open any more; a page that is out of date extends nothing.
    """
    row = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if not row.is_open(at=now) or row.closes_at is None:
        return None
    if row.closes_at == shown:
        row.closes_at += EXTENSION
        row.save(update_fields=["closes_at", "updated_at"])
    return row.closes_at


def close_expired(*, now: datetime) -> int:
    """Close the postings whose date has passed, with that as the reason."""
    expired = Job.objects.filter(status=Job.Status.PUBLISHED, closes_at__lte=now)
    ids = _ids(expired)
    for job in expired.filter(pk__in=ids):
        posting.close_job(job=job, reason=Job.ClosedReason.EXPIRED, now=now)
    return len(ids)


def tell_applicants(*, now: datetime) -> int:
    """Those whose application is on its way to a posting that has closed, whoever closed it."""
    on_their_way = Application.objects.on_their_way().values("job")
    is_due = Q(status=Job.Status.CLOSED, applicants_told_at__isnull=True)
    ids = _ids(Job.objects.filter(is_due, pk__in=on_their_way))
    return sum(_mark(pk, is_due, posting_closed, applicants_told_at=now) for pk in ids)


def _unanswered() -> QuerySet[Application]:
    """Nothing happens to the application of a student who restricted what is done with the data."""
    return Application.objects.unanswered().filter(student__restricted_since__isnull=True)


def nudge(*, now: datetime) -> int:
    """Remind verified companies, one notice for each posting: at most ``NUDGES`` times for each application."""
    due = (
        _unanswered()
        .filter(created_at__lte=now - NUDGE_AFTER, nudges__lt=NUDGES, job__company__status=Company.Status.VERIFIED)
        .filter(Q(nudged_at__isnull=True) | Q(nudged_at__lte=now - NUDGE_AGAIN))
    )
    jobs = Counter(due.values_list("job", flat=True))
    nudged = 0
    for job_id in sorted(jobs):
        with transaction.atomic():
            ids = list(due.filter(job=job_id).select_for_update(of=("self",)).values_list("pk", flat=True))
            Application.objects.filter(pk__in=ids).update(nudges=F("nudges") + 1, nudged_at=now)
            if ids:
                applications_waiting.send(sender=Job, job_id=job_id, waiting=len(ids), at=now)
        nudged += len(ids)
    return nudged


def close_unanswered(*, now: datetime) -> int:
    """End what nobody answered, with notice: after ``CLOSE_AFTER``, and a week after the company was reminded."""
    reminded = Q(nudged_at__lte=now - NUDGE_AGAIN) | ~Q(job__company__status=Company.Status.VERIFIED)
    closed = 0
    for application in _unanswered().filter(reminded, created_at__lte=now - CLOSE_AFTER).order_by("pk"):
        try:
            moved = pipeline.move(application=application, to=S.NO_ANSWER, actor=None, side=Side.CLOCK, now=now)
        except NotAllowedError:  # answered or withdrawn this moment
            continue
        closed += moved is not None
    return closed


def tell_no_news(*, now: datetime) -> int:
    """Keep the promise of the application page: on the promised day the student hears that there is no news."""
    told = 0
    for pk in _ids(_unanswered().filter(news_due_at__lte=now)):
        with transaction.atomic():
            due = Application.objects.unanswered().filter(pk=pk, news_due_at__lte=now)
            marked = due.update(news_due_at=None)
            if marked:
                no_news.send(sender=Application, application_id=pk, at=now)
        told += marked
    return told
