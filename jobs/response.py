"""How long a company usually takes to answer, said only once there are enough answers."""

from __future__ import annotations

from statistics import median

from django.db.models import Min, Q

from jobs.models import Application, Company

ENOUGH = 10
USUAL_WITHOUT_RECORD = 10  # days after which a student hears from us where the company has no record yet
LATEST = 200
ANSWERS = (
    Application.Status.IN_REVIEW,
    Application.Status.INTERVIEW,
    Application.Status.ACCEPTED,
    Application.Status.REJECTED,
)


def usual_days(company: Company) -> int | None:
    """Median days from application to first answer, at least 1, over the latest ones; None below ``ENOUGH``."""
    answered = (
        Application.objects.of_company(company)
        .annotate(answered_at=Min("events__at", filter=Q(events__status__in=ANSWERS)))
        .filter(answered_at__isnull=False)
        .newest_first()
        .values_list("created_at", "answered_at")[:LATEST]
    )
    days = [(answer - sent).total_seconds() / 86400 for sent, answer in answered]
    return max(1, round(median(days))) if len(days) >= ENOUGH else None
