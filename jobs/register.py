"""Companies: registered by a recruiter, judged by staff."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from jobs.models import Company, Job, Recruiter
from jobs.searchable import search_text
from jobs.signals import job_changed
from moirai.accounts.models import User

ATTEMPTS = 5


def register_company(*, user: User, fields: dict[str, Any], position: str = "") -> Company:
    """The company and its first recruiter; a second submit returns the company of the first."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                known = Recruiter.objects.select_related("company").filter(user=user).first()
                if known is not None:
                    return known.company
                company = Company.objects.create(**fields, slug=free_slug(fields["name"]))
                Recruiter.objects.create(user=user, company=company, position=position, is_owner=True)
                return company
        except IntegrityError:  # another request took the address, or registered this user, between look and write
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def free_slug(name: str) -> str:
    """An address made of the name that no company has yet."""
    base = slugify(name)[:140] or "empresa"
    taken = set(Company.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug


@transaction.atomic
def verify_company(*, company: Company, now: datetime) -> None:
    """Let the company publish; what it had published is public again."""
    company.status, company.status_reason = Company.Status.VERIFIED, ""
    company.verified_at = company.verified_at or now
    company.save(update_fields=["status", "status_reason", "verified_at"])
    _announce_published(company, now)


@transaction.atomic
def refuse_company(*, company: Company, status: Company.Status, reason: str, now: datetime) -> None:
    """Decline or suspend; the reason is read by the company, its postings leave the public pages."""
    if not reason.strip():
        raise ValueError("A company that is refused must read why.")
    company.status, company.status_reason = status, reason.strip()
    company.save(update_fields=["status", "status_reason"])
    _announce_published(company, now)


@transaction.atomic
def rename_in_search(*, company: Company) -> None:
    """The search texts of the company's postings with its present name."""
    jobs = list(company.jobs.select_related("company"))
    for job in jobs:
        job.search_text = search_text(job)
    Job.objects.bulk_update(jobs, ["search_text"], batch_size=200)


def _announce_published(company: Company, now: datetime) -> None:
    published = company.jobs.filter(status=Job.Status.PUBLISHED)
    published.update(needs_matching_since=now)
    for job_id in published.values_list("pk", flat=True):
        job_changed.send(sender=Job, job_id=job_id)
