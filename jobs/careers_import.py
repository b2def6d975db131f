"""Take postings from a company's careers page: new ones go the way of every posting, gone ones are closed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import transaction

from jobs import moderation, posting
from jobs.careers import Found, postings_in
from jobs.models import CareersPage, Job
from moirai.fetching import PAGES, FailedError, Fetcher, RefusedError

EVERY = timedelta(days=1)
MISSES = 2  # a page that was broken for a day closes nothing
FETCHER = replace(PAGES, megabytes=5.0, redirects=0, content_types=("text/html", "application/xhtml+xml"))


def take_careers_page(*, page_id: int, now: datetime, fetcher: Fetcher = FETCHER) -> int:
    """Fetch a page that is due and store what it says; how many postings it had. Delivered twice, it is done once."""
    due = CareersPage.objects.due(at=now).filter(pk=page_id)
    page = due.first()
    if page is None or not due.update(due_at=now + EVERY):
        return 0
    try:
        found = _fetch(page.url, fetcher)
    except (FailedError, RefusedError) as error:
        CareersPage.objects.filter(pk=page_id).update(problem=str(error)[:200], fetched_at=now)
        return 0
    return store_postings(page_id=page_id, found=found, now=now)


def _fetch(url: str, fetcher: Fetcher) -> list[Found]:
    answer = fetcher.get(url)  # no redirects: staff allowed this host and no other
    if answer.status != 200:
        raise FailedError(f"{urlsplit(url).hostname} answered {answer.status}.")
    found = postings_in(answer.body.decode("utf-8", "replace"))
    if not found:
        raise RefusedError("The page has no JobPosting data.")
    return found


@transaction.atomic
def store_postings(*, page_id: int, found: list[Found], now: datetime) -> int:
    """Write each posting that is new or says something else; count and in the end close those that are gone."""
    page = CareersPage.objects.select_for_update(of=("self",)).select_related("company").get(pk=page_id)
    if not page.company.is_verified:
        return 0
    prefix = f"careers:{page.company_id}:"
    known = {str(job.external_id): job for job in Job.objects.of(page.company).filter(external_id__startswith=prefix)}
    there = {f"{prefix}{one.key}": one for one in found}
    for external_id, one in there.items():
        _store(page, external_id, one, known.get(external_id), now)
    page.misses = {
        name: page.misses.get(name, 0) + 1
        for name, job in known.items()
        if name not in there and job.status not in posting.ENDED
    }
    for name in [name for name, count in page.misses.items() if count >= MISSES]:
        posting.close_job(job=known[name], reason=Job.ClosedReason.CANCELLED, now=now)
        del page.misses[name]
    page.fetched_at, page.found, page.problem = now, len(found), ""
    page.save(update_fields=["misses", "fetched_at", "found", "problem"])
    return len(found)


def _store(page: CareersPage, external_id: str, one: Found, job: Job | None, now: datetime) -> None:
    """A text that staff approved goes back to them when it changes; what has ended stays ended."""
    if job is None:
        job = posting.write_job(company=page.company, fields={**one.fields, "external_id": external_id}, now=now)
    elif job.status in posting.ENDED or all(getattr(job, name) == value for name, value in one.fields.items()):
        return
    else:
        job = posting.edit_job(job=job, fields=one.fields, now=now)
    if job.status in (Job.Status.DRAFT, Job.Status.RETURNED):
        moderation.submit_if_possible(job=job, now=now)
