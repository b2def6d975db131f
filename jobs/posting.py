"""A posting from draft to closing; every function leaves the mark that its matches wait for and says so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from jobs.models import SEARCH_FIELDS, Company, Job, JobSkill
from jobs.searchable import describe
from jobs.signals import job_changed
from jobs.tasks import queue_detection
from moirai.skills.models import Skill

TEXTS = ("title", "description", "requirements", "preferences")
OPEN_FOR = timedelta(days=30)
ENDED = (Job.Status.CLOSED, Job.Status.DECLINED)


class NotPossibleError(Exception):
    """The posting cannot take this step now; pages say so in words of their own."""


def slug_of(title: str) -> str:
    return slugify(title)[:80].strip("-") or "vacante"


@transaction.atomic
def write_job(*, company: Company, fields: Mapping[str, Any], now: datetime) -> Job:
    """A new draft; the same text submitted again returns the draft that is there."""
    Company.objects.select_for_update().get(pk=company.pk)  # two clicks at once wait for each other here
    same = {name: fields.get(name, "") for name in TEXTS}
    twin = Job.objects.of(company).filter(**same, status=Job.Status.DRAFT).first()
    if twin is not None:
        return edit_job(job=twin, fields=fields, now=now)
    job = Job(company=company, slug=slug_of(fields["title"]), needs_detection_since=now, **fields)
    describe(job)
    job.save()
    queue_detection(job)
    return job


@transaction.atomic
def edit_job(*, job: Job, fields: Mapping[str, Any], now: datetime) -> Job:
    """Change a posting. A published one whose text changes goes back to review: what was approved is what is public."""
    job = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if job.status in ENDED:
        raise NotPossibleError
    is_rewritten = any(getattr(job, name) != fields.get(name, getattr(job, name)) for name in TEXTS)
    for name, value in fields.items():
        setattr(job, name, value)
    job.slug = slug_of(job.title)
    job.needs_matching_since = now
    if is_rewritten:
        job.skills.update(start=None, end=None)  # offsets of the old text would point at the wrong words
        job.needs_detection_since = now
        if job.status == Job.Status.PUBLISHED:
            job.status, job.review_since = Job.Status.IN_REVIEW, now
    describe(job)
    job.save()
    if is_rewritten:
        queue_detection(job)
    job_changed.send(sender=Job, job_id=job.pk)
    return job


@transaction.atomic
def set_levels(*, job: Job, levels: Mapping[int, str], now: datetime) -> int:
    """Store what a person says of each skill, keyed by skill id; returns how many rows changed."""
    changed = [row for row in job.skills.select_for_update() if levels.get(row.skill_id, row.level) != row.level]
    for row in changed:
        row.level, row.is_edited = levels[row.skill_id], True
    JobSkill.objects.bulk_update(changed, ["level", "is_edited"])
    if changed:
        touch(job=job, now=now)
    return len(changed)


@transaction.atomic
def add_skill(*, job: Job, skill: Skill, level: str, now: datetime) -> JobSkill:
    """Ask for a skill by hand; one that is there takes the level given."""
    row, _ = JobSkill.objects.update_or_create(job=job, skill=skill, defaults={"level": level, "is_edited": True})
    touch(job=job, now=now)
    return row


@transaction.atomic
def touch(*, job: Job, now: datetime) -> None:
    """What the posting is matched by has changed."""
    describe(job)
    job.needs_matching_since = now
    job.save(update_fields=[*SEARCH_FIELDS, "needs_matching_since", "updated_at"])
    job_changed.send(sender=Job, job_id=job.pk)


@transaction.atomic
def send_for_review(*, job: Job, findings: int, now: datetime) -> bool:
    """Hand the posting to staff with the gravest finding; sent twice it is sent once, and False returns."""
    job = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if job.status == Job.Status.IN_REVIEW:
        return False
    if job.status not in (Job.Status.DRAFT, Job.Status.RETURNED) or not job.company.is_verified:
        raise NotPossibleError
    job.status, job.status_reason, job.findings, job.review_since = Job.Status.IN_REVIEW, "", findings, now
    job.save(update_fields=["status", "status_reason", "findings", "review_since", "updated_at"])
    return True


@transaction.atomic
def publish(*, job: Job, now: datetime) -> None:
    """Make the posting public until its closing date, or for ``OPEN_FOR``; only a verified company publishes."""
    job = Job.objects.select_for_update(of=("self",)).select_related("company").get(pk=job.pk)
    if job.status in (Job.Status.PUBLISHED, Job.Status.CLOSED) or not job.company.is_verified:
        raise NotPossibleError
    job.status, job.status_reason, job.published_at = Job.Status.PUBLISHED, "", job.published_at or now
    if job.closes_at is None or job.closes_at <= now:
        job.closes_at = now + OPEN_FOR
    job.needs_matching_since = now
    job.save()
    job_changed.send(sender=Job, job_id=job.pk)


def return_job(*, job: Job, comment: str, now: datetime) -> None:
    """Give the posting back to the company with what to change."""
    _take_back(job, Job.Status.RETURNED, comment, now)


def decline_job(*, job: Job, comment: str, now: datetime) -> None:
    """Refuse the posting for good; the company reads why."""
    _take_back(job, Job.Status.DECLINED, comment, now)


@transaction.atomic
def hide_job(*, job: Job, now: datetime) -> None:
    """Take a published posting off every public page until somebody has looked into it."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.status != Job.Status.PUBLISHED:
        raise NotPossibleError
    job.status, job.review_since, job.needs_matching_since = Job.Status.IN_REVIEW, now, now
    job.save(update_fields=["status", "review_since", "needs_matching_since", "updated_at"])
    job_changed.send(sender=Job, job_id=job.pk)


@transaction.atomic
def _take_back(job: Job, status: Job.Status, comment: str, now: datetime) -> None:
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.status not in (Job.Status.IN_REVIEW, Job.Status.PUBLISHED) or not comment.strip():
        raise NotPossibleError
    job.status, job.status_reason, job.needs_matching_since = status, comment.strip(), now
    job.save(update_fields=["status", "status_reason", "needs_matching_since", "updated_at"])
    job_changed.send(sender=Job, job_id=job.pk)


@transaction.atomic
def close_job(*, job: Job, reason: str, now: datetime) -> None:
    """Take no more applications; a posting that was closed before keeps its reason and date."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.status == Job.Status.CLOSED:
        return
    job.status, job.closed_reason, job.needs_matching_since = Job.Status.CLOSED, reason, now
    if job.closes_at is None or job.closes_at > now:
        job.closes_at = max(now, job.published_at or now)
    job.save(update_fields=["status", "closed_reason", "closes_at", "needs_matching_since", "updated_at"])
    job_changed.send(sender=Job, job_id=job.pk)


@transaction.atomic
def set_blind(*, job: Job, is_blind: bool) -> None:
    """Review without names, or with them; once somebody has applied to a blind posting it stays blind."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if job.is_blind and not is_blind and job.applications.exists():
        raise NotPossibleError
    Job.objects.filter(pk=job.pk).update(is_blind=is_blind)
