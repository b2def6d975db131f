"""What is told of saved searches: the postings that an alert found, with the address that ends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils import translation

from jobs.models import Job, SavedSearch
from jobs.saved import filters_of, unsubscribe_path
from jobs.signals import search_found
from notifications.models import Kind
from notifications.tell import address, tell

URL_LIMIT = 300  # characters that a notification keeps


@receiver(search_found, dispatch_uid="tell_of_a_search")
def tell_of_a_search(*, search_id: int, job_ids: list[int], at: datetime, **_kwargs: Any) -> None:
    """Once a day and search; the frequency is that of the search, so nothing waits for a digest."""
    search = SavedSearch.objects.select_related("student__user").get(pk=search_id)
    user = search.student.user
    if user is None:
        return
    jobs = Job.objects.select_related("company").only("title", "slug", "public_id", "company__name").in_bulk(job_ids)
    with translation.override(user.language):
        data = {
            "new": len(job_ids),
            "search": filters_of(search).label,
            "jobs": [
                {"title": job.title, "company": job.company.name, "url": job.get_absolute_url()}
                for job in (jobs[pk] for pk in job_ids)
            ],
            "unsubscribe": unsubscribe_path(search),
        }
    url = f"{address(user, 'jobs:job_list')}?{search.query}"
    if len(url) > URL_LIMIT:
        url = address(user, "jobs:alerts")
    tell(user=user, kind=Kind.SAVED_SEARCH, data=data, url=url, key=f"search:{search.pk}:{at:%Y-%m-%d}", now=at)
