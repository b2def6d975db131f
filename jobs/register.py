"""Companies: registered by a recruiter, judged by staff."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from jobs.models import SEARCH_FIELDS, Company, Job, Recruiter
from jobs.searchable import describe
from jobs.signals import job_changed
from moirai.accounts.models import User

ATTEMPTS = 5
GENERIC = re.compile(
    r"@(?:gmail|googlemail|hotmail|outlook|live|msn|yahoo|ymail|icloud|me|aol|proton(?:mail)?|gmx|zoho|prodigy|mail)"
    r"\.(?:com|net|org|me|mx|es|com\.mx|net\.mx)$"
)


def register_company(*, user: User, fields: dict[str, Any], position: str = "") -> Company:
    """The company and its first recruiter; a second submit returns the company of the first."""
    for attempt in range(ATTEMPTS):
        try:
            with transaction.atomic():
                known = Recruiter.objects.select_related("company").filter(user=user).first()
                if known is not None:
                    return known.company
                company = Company.objects.create(
                    **fields, slug=free_slug(fields["name"]), has_generic_mail=is_generic(user.email)
                )
                Recruiter.objects.create(user=user, company=company, position=position, is_owner=True)
                return company
        except IntegrityError:  # another request took the address, or registered this user, between look and write
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def is_generic(address: str) -> bool:
    """Whether anybody can open a mailbox there, so that it says nothing about the company."""
    return GENERIC.search(address.lower()) is not None


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
    """Ask for information, decline or suspend; the company reads the reason, its postings are not public."""
    if not reason.strip():
        raise ValueError("A company that is refused must read why.")
    company.status, company.status_reason, company.is_trusted = status, reason.strip(), False
    company.save(update_fields=["status", "status_reason", "is_trusted"])
    _announce_published(company, now)


@transaction.atomic
def rename_in_search(*, company: Company) -> None:
    """The search texts of the company's postings with its present name."""
    jobs = list(company.jobs.select_related("company"))
    for job in jobs:
        describe(job)
    Job.objects.bulk_update(jobs, SEARCH_FIELDS, batch_size=200)


def _announce_published(company: Company, now: datetime) -> None:
    published = company.jobs.filter(status=Job.Status.PUBLISHED)
    published.update(needs_matching_since=now)
    for job_id in published.values_list("pk", flat=True):
        job_changed.send(sender=Job, job_id=job_id)


@transaction.atomic
def change_company(
    *, recruiter: Recruiter, fields: dict[str, Any], position: str, judged: Collection[str], now: datetime
) -> bool:
    """Store new facts; True where one of ``judged`` changed and the company waits for verification again."""
    company = Company.objects.select_for_update().get(pk=recruiter.company_id)
    again = company.is_verified and any(getattr(company, name) != fields[name] for name in judged)
    is_renamed = company.name != fields["name"]
    for name, value in fields.items():
        setattr(company, name, value)
    if again:
        company.status, company.is_trusted = Company.Status.PENDING, False
    company.save()
    if is_renamed:
        rename_in_search(company=company)
    if again:
        _announce_published(company, now)
    Recruiter.objects.filter(pk=recruiter.pk).update(position=position)
    return again
