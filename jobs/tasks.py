"""Reading the skills of postings in the background; the row's mark is the queue."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task
from django.db import OperationalError
from django.utils import timezone

from jobs import detect, saved
from jobs.models import CareersPage, Job, SavedSearch
from jobs.searchable import describe_again
from jobs.spelling import learn_words
from moirai.queueing import queue
from moirai.skills.models import EnrichmentLog

MAX_FAILURES = 3  # then the posting waits for a person, not for the next sweep
GRACE = timedelta(seconds=30)  # a task that was just queued is not queued again
SWEEP_LIMIT = 500


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def detect_skills(*, job_id: int) -> int:
    """Run ``detect.detect`` on a posting that waits for it; safe to deliver twice."""
    job = Job.objects.waiting_for_detection().select_related("company").filter(pk=job_id).first()
    if job is None:  # deleted, or detected meanwhile
        return 0
    now = timezone.now()
    try:
        return detect.detect(job=job, now=now)
    except OperationalError:
        raise
    except Exception as error:
        note_failure(job=job, error=error, now=now)
        raise


def queue_detection(job: Job) -> None:
    """Queue the posting once the transaction that marked it is stored."""
    queue(detect_skills, job_id=job.pk)


def note_failure(*, job: Job, error: Exception, now: datetime) -> None:
    """Keep a record of a reading that failed; after ``MAX_FAILURES`` the posting leaves the queue."""
    detect.log_of(job, reason=type(error).__name__[:40], now=now).save()
    failures = EnrichmentLog.objects.filter(
        subject=EnrichmentLog.Subject.POSTING,
        subject_id=job.pk,
        outcome=EnrichmentLog.Outcome.FAILED,
        started_at__gte=job.needs_detection_since or now,
    )
    if failures.count() >= MAX_FAILURES:
        Job.objects.filter(pk=job.pk).update(needs_detection_since=None)


@shared_task(acks_late=True)
def sweep() -> int:
    """Queue again what has waited too long: a lost message costs a delay, never a result."""
    waiting = Job.objects.waiting_for_detection().filter(needs_detection_since__lte=timezone.now() - GRACE)
    ids = list(waiting.order_by("needs_detection_since").values_list("pk", flat=True)[:SWEEP_LIMIT])
    for job_id in ids:
        detect_skills.delay(job_id=job_id)
    return len(ids)


@shared_task(acks_late=True)
def refresh_words() -> int:
    """Learn the words of the open postings anew, for queries that are spelled otherwise."""
    return learn_words(Job.objects.open(at=timezone.now()))


@shared_task(acks_late=True)
def refresh_search() -> int:
    """Index open postings again where the taxonomy calls their skills or position otherwise than when they were."""
    return describe_again(Job.objects.open(at=timezone.now()))


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def send_alert(*, search_id: int) -> int:
    """Announce what a saved search that is due has found; safe to deliver twice."""
    return saved.send_news(search_id=search_id, now=timezone.now())


@shared_task(acks_late=True)
def sweep_alerts() -> int:
    """Queue each saved search that is due; one that was lost is still due the next time."""
    due = SavedSearch.objects.due(at=timezone.now()).order_by("due_at", "pk")
    ids = list(due.values_list("pk", flat=True)[:SWEEP_LIMIT])
    for search_id in ids:
        send_alert.delay(search_id=search_id)
    return len(ids)


@shared_task(acks_late=True, autoretry_for=(OperationalError,), retry_backoff=True, max_retries=5)
def keep_moving() -> dict[str, int]:
    """Close, ask, remind and tell what is due today; safe to run twice."""
    from jobs import closing  # it closes postings, and those queue tasks of this file

    return closing.keep_moving(now=timezone.now())


def queue_careers_page(page: CareersPage) -> None:
    queue(take_careers_page, page_id=page.pk)


@shared_task(acks_late=True)
def take_careers_page(*, page_id: int) -> int:
    """Take the postings of a careers page that is due; safe to deliver twice."""
    from jobs import careers_import  # it writes postings, and those queue tasks of this file

    return careers_import.take_careers_page(page_id=page_id, now=timezone.now())


@shared_task(acks_late=True)
def sweep_careers_pages() -> int:
    """Queue each careers page that is due."""
    ids = list(CareersPage.objects.due(at=timezone.now()).values_list("pk", flat=True)[:SWEEP_LIMIT])
    for page_id in ids:
        take_careers_page.delay(page_id=page_id)
    return len(ids)
