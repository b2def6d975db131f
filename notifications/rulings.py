"""What is told of decisions of the careers office: to the company, to those who applied, to those who reported."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from jobs.models import Application, Report, Ruling
from jobs.signals import posting_reported, ruled
from moirai.accounts.models import User
from notifications.applications import tell_recruiters
from notifications.models import Kind
from notifications.tell import tell

Step = Ruling.Step
COMPANY = {
    Step.VERIFIED: "verified", Step.ASKED: "asked", Step.DECLINED: "declined", Step.SUSPENDED: "suspended",
}  # fmt: skip
POSTING = {
    Step.PUBLISHED: "published", Step.AUTOMATIC: "published", Step.RETURNED: "returned", Step.REFUSED: "declined",
    Step.CLOSED: "closed", Step.HIDDEN: "hidden",
}  # fmt: skip


@receiver(ruled, dispatch_uid="tell_of_a_ruling")
def tell_of_a_ruling(*, ruling_id: int, **_kwargs: Any) -> None:
    """Each side once for each decision; what nobody has to know tells nobody."""
    ruling = Ruling.objects.select_related("company", "job").get(pk=ruling_id)
    key, job = f"ruling:{ruling.pk}", ruling.job
    data = {"note": ruling.comment}
    if ruling.step in COMPANY:
        data |= {"company": ruling.company.name, "status": COMPANY[Step(ruling.step)]}
        kind, url = Kind.COMPANY_MOVED, ("jobs:company_home",)
        tell_recruiters(ruling.company, kind=kind, data=data, url=url, key=key, now=ruling.at)
    elif ruling.step in POSTING and job is not None:
        data |= {"job": job.title, "status": POSTING[Step(ruling.step)]}
        kind, page = Kind.POSTING_MOVED, "jobs:edit_job" if ruling.step == Step.RETURNED else "jobs:review_job"
        tell_recruiters(ruling.company, kind=kind, data=data, url=(page, job.public_id), key=key, now=ruling.at)
    _tell_applicants(ruling)
    _tell_reporters(ruling)


def _tell_applicants(ruling: Ruling) -> None:
    """A warning to those who applied to the posting; a suspension to all whose application is on its way."""
    applications = Application.objects.on_their_way().filter(student__user__is_active=True)
    if ruling.step == Step.WARNED:
        status, rows = "warned", applications.filter(job=ruling.job)
    elif ruling.step == Step.SUSPENDED:
        status, rows = "banned" if ruling.job else "suspended", applications.of_company(ruling.company)
    else:
        return
    for application in rows.select_related("job", "student__user"):
        user = application.student.user
        if user is not None:
            note = ruling.comment if status == "warned" else ""
            data = {"job": application.job.title, "status": status, "note": note}
            url = ("jobs:application", application.public_id)
            key = f"ruling:{ruling.pk}:{application.pk}"
            tell(user=user, kind=Kind.FRAUD_CASE, data=data, url=url, key=key, now=ruling.at)


def _tell_reporters(ruling: Ruling) -> None:
    """Whoever reported hears what came of it."""
    if ruling.job is None:
        return
    for report in Report.objects.filter(job=ruling.job, closed_at=ruling.at).select_related("reporter"):
        is_upheld = report.outcome == Report.Outcome.UPHELD
        data = {"job": ruling.job.title, "status": "banned" if is_upheld else "dismissed"}
        data["note"] = "" if is_upheld else ruling.comment
        key = f"ruling:{ruling.pk}:report"
        url = ("jobs:job_list",) if is_upheld else ("jobs:job", ruling.job.public_id, ruling.job.slug)
        tell(user=report.reporter, kind=Kind.FRAUD_CASE, data=data, url=url, key=key, now=ruling.at)


@receiver(posting_reported, dispatch_uid="tell_of_a_report")
def tell_of_a_report(*, report_id: int, **_kwargs: Any) -> None:
    """Staff who may judge it; who reported and what they wrote stays on the page of the case."""
    report = Report.objects.select_related("job").get(pk=report_id)
    for user in User.objects.filter(is_staff=True, is_active=True):
        if user.has_perm("jobs.change_job"):
            url, key = ("jobs:desk_reports", report.job.public_id), f"report:{report.pk}"
            data = {"job": report.job.title, "status": "opened"}
            tell(user=user, kind=Kind.FRAUD_CASE, data=data, url=url, key=key, now=report.created_at)
