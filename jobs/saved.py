"""What a student saves: postings to find again, and searches whose new postings are mailed."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from jobs.models import Application, Job, JobQuerySet, SavedJob, SavedSearch, SentJob
from jobs.models.saved import QUERY_LIMIT, SavedSearchQuerySet
from jobs.search import Filters
from jobs.signals import search_found
from moirai.accounts.models import User
from students.models import Student

MOST_JOBS = 1000  # a student may save
MOST_SEARCHES = 20
MOST_IN_A_MAIL = 10
MOST_OF_A_COMPANY = 2
HOUR = time(8)  # of the university's time zone, when mails are read
PERIOD = {SavedSearch.Frequency.DAILY: timedelta(days=1), SavedSearch.Frequency.WEEKLY: timedelta(days=7)}
FORGOTTEN = 2  # periods after which a posting that never found room in a mail is news no more
SALT = "jobs.saved"
Rows = TypeVar("Rows", bound=QuerySet[Any])


class NoRoomError(Exception):
    """The student has saved as many as there may be."""


class TooLongError(Exception):
    """The search does not fit."""


# --- Postings ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def save_job(*, student: Student, job: Job, now: datetime) -> bool:
    """Keep the posting for the student; saved again it stays as it was. Returns whether it is new."""
    Student.objects.select_for_update().get(pk=student.pk)  # two clicks at once wait for each other here
    if SavedJob.objects.filter(student=student, job=job).exists():
        return False
    if SavedJob.objects.filter(student=student).count() >= MOST_JOBS:
        raise NoRoomError
    SavedJob.objects.create(student=student, job=job, created_at=now)
    return True


def forget_job(*, student: Student, job: Job) -> None:
    SavedJob.objects.filter(student=student, job=job).delete()


def with_saved(rows: Rows, student: Student | None, *, job: str = "pk") -> Rows:
    """Rows that say whether the student saved the posting (``is_saved``); for others they say nothing."""
    if student is None:
        return rows
    return rows.annotate(is_saved=Exists(SavedJob.objects.filter(student=student, job=OuterRef(job))))


# --- Searches ---------------------------------------------------------------------------------------------------------


def filters_of(search: SavedSearch) -> Filters:
    return Filters.read(QueryDict(search.query))


def next_due(frequency: str, *, after: datetime, last: datetime | None = None) -> datetime:
    """The hour of mails on a later day, by the clock on the wall: summer time moves it with everybody else.

    With ``last``, on the same day of the week as then.
    """
    period = PERIOD[SavedSearch.Frequency(frequency)]
    day = timezone.localdate(last or after)
    if last is None and frequency == SavedSearch.Frequency.WEEKLY:
        day += period
    while (due := timezone.make_aware(datetime.combine(day, HOUR))) <= after:
        day += period
    return due


@transaction.atomic
def save_search(*, student: Student, filters: Filters, frequency: str, now: datetime) -> tuple[SavedSearch, bool]:
    """Tell the student of new postings for a search; saved again it takes the frequency given."""
    query = filters.canonical
    if len(query) > QUERY_LIMIT:
        raise TooLongError
    Student.objects.select_for_update().get(pk=student.pk)
    known = SavedSearch.objects.filter(student=student, query=query).first()
    if known is not None:
        change_frequency(search=known, frequency=frequency, now=now)
        return known, False
    if SavedSearch.objects.filter(student=student).count() >= MOST_SEARCHES:
        raise NoRoomError
    due = next_due(frequency, after=now)
    search = SavedSearch.objects.create(student=student, query=query, frequency=frequency, created_at=now, due_at=due)
    return search, True


def change_frequency(*, search: SavedSearch, frequency: str, now: datetime) -> None:
    if search.frequency == frequency:
        return
    search.frequency, search.due_at = frequency, next_due(frequency, after=now)
    search.save(update_fields=["frequency", "due_at"])


# --- Alerts -----------------------------------------------------------------------------------------------------------


def news(jobs: JobQuerySet, filters: Filters, *, since: datetime, student: Student) -> list[Job]:
    """What one mail holds: postings since then that this person was not sent and did not apply to, newest first."""
    told = SentJob.objects.filter(student=student).values("job")
    applied = Application.objects.filter(student=student).values("job")
    found = filters.apply(jobs).filter(published_at__gt=since).exclude(pk__in=told).exclude(pk__in=applied)
    chosen: list[Job] = []
    companies: Counter[int] = Counter()
    rows = found.newest_first().select_related("company").only("title", "slug", "public_id", "company")
    for job in rows.iterator(chunk_size=100):
        if len(chosen) < MOST_IN_A_MAIL and companies[job.company_id] < MOST_OF_A_COMPANY:
            companies[job.company_id] += 1
            chosen.append(job)
        elif len(chosen) == MOST_IN_A_MAIL:
            break
    return chosen


def preview(*, student: Student, filters: Filters, frequency: str, now: datetime) -> list[Job]:
    """What the mail of today would have held, had the search been saved a period ago."""
    since = now - PERIOD[SavedSearch.Frequency(frequency)]
    return news(Job.objects.open(at=now), filters, since=since, student=student)


@transaction.atomic
def send_news(*, search_id: int, now: datetime) -> int:
    """Announce what a search that is due has found; returns how many postings.

    Run twice it finds nothing due; late by days it sends one mail; two searches of one person never send the same.
    """
    search = SavedSearch.objects.due(at=now).filter(pk=search_id).first()
    if search is None:  # deleted, or looked at meanwhile
        return 0
    student = Student.objects.select_for_update(of=("self",)).select_related("user").get(pk=search.student_id)
    due = next_due(search.frequency, after=now, last=search.due_at)
    if not SavedSearch.objects.due(at=now).filter(pk=search_id).update(due_at=due):
        return 0
    if student.user is None or not student.user.is_active or student.restricted_since is not None:
        return 0
    since = max(search.created_at, now - FORGOTTEN * PERIOD[SavedSearch.Frequency(search.frequency)])
    jobs = news(Job.objects.open(at=now), filters_of(search), since=since, student=student)
    if jobs:
        SentJob.objects.bulk_create([SentJob(student=student, job=job, sent_at=now) for job in jobs])
        search_found.send(sender=SavedSearch, search_id=search.pk, job_ids=[job.pk for job in jobs], at=now)
    return len(jobs)


# --- Ending an alert from a mail --------------------------------------------------------------------------------------


def token_of(search: SavedSearch) -> str:
    """What the address in a mail holds instead of a session; it ends this alert and does nothing else."""
    return signing.Signer(salt=SALT).sign(search.public_id)


def unsubscribe_path(search: SavedSearch) -> str:
    return reverse("jobs:unsubscribe", args=[token_of(search)])


def searches_of(token: str) -> SavedSearchQuerySet:
    """The alert of a token: none where it was ended before. Raises ``signing.BadSignature`` for a forged one."""
    return SavedSearch.objects.filter(public_id=signing.Signer(salt=SALT).unsign(token))


def export_saved(user: User) -> dict[str, object]:
    """What a person saved and was sent, for the download of everything."""
    jobs = SavedJob.objects.filter(student__user=user).order_by("created_at", "pk")
    searches = SavedSearch.objects.filter(student__user=user).order_by("created_at", "pk")
    sent = SentJob.objects.filter(student__user=user).order_by("sent_at", "pk")
    return {
        "saved_postings": list(jobs.values("job__title", "job__company__name", "created_at")),
        "saved_searches": list(searches.values("query", "frequency", "created_at")),
        "sent_by_alerts": list(sent.values("job__title", "job__company__name", "sent_at")),
    }
