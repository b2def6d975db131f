"""Applications become counts before they are erased: by month, programme and outcome, and nobody among them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef
from django.db.models.functions import TruncMonth

from jobs.models import Application, ApplicationQuerySet, CompanyGrant, OutcomeStatistic
from moirai.privacy.registry import forget_in_admin_log
from students.models import Student


def count(applications: ApplicationQuerySet) -> None:
    """Add applications that are about to go to the counts; a programme that few students wrote could name one."""
    rows = applications.order_by().annotate(month=TruncMonth("created_at"))
    grouped = rows.values_list("month", "student__degree_program", "status").annotate(Count("pk"))
    common = (
        Student.objects.values_list("degree_program").annotate(n=Count("pk")).filter(n__gte=settings.SMALLEST_GROUP)
    )
    programmes = {programme for programme, _ in common}
    for month, programme, outcome, number in grouped:
        row, _ = OutcomeStatistic.objects.get_or_create(
            month=month.date(), programme=programme if programme in programmes else "", outcome=outcome
        )
        OutcomeStatistic.objects.filter(pk=row.pk).update(applications=F("applications") + number)


@transaction.atomic
def expire(now: datetime) -> int:
    """Count and erase applications that nobody has moved for years, and the consents that stood on them."""
    before = now - timedelta(days=settings.APPLICATION_KEEP_DAYS)
    ids = list(Application.objects.filter(updated_at__lte=before).order_by("pk").values_list("pk", flat=True))
    old = Application.objects.filter(pk__in=ids)
    pairs = set(old.values_list("student_id", "job__company_id"))
    count(old)
    for application in old:
        forget_in_admin_log(application)
    old.delete()
    left = Application.objects.filter(student=OuterRef("student"), job__company=OuterRef("company"))
    idle = CompanyGrant.objects.filter(~Exists(left), source=CompanyGrant.Source.APPLICATION, given_at__lte=before)
    idle.filter(student__in=[student for student, _ in pairs]).delete()
    return len(ids)
