"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F

from jobs import pipeline, statistics
from jobs.models import (
    Application,
    ApplicationEvent,
    CalendarFeed,
    CompanyGrant,
    Interview,
    Invitation,
    Job,
    Message,
    Recruiter,
    Report,
    TeamInvitation,
)
from jobs.saved import export_saved
from moirai.accounts.models import User
from moirai.privacy.registry import Holding, keep, register


def export(user: User) -> dict[str, object]:
    """A student's applications with each step, and who may look; a recruiter's company."""
    applications = Application.objects.filter(student__user=user).order_by("created_at", "pk")
    steps = ApplicationEvent.objects.filter(application__student__user=user).order_by("at", "pk")
    grants = CompanyGrant.objects.filter(student__user=user).order_by("given_at", "pk")
    return {
        "applications": [
            {
                "public_id": row.public_id,
                "posting": row.job.title,
                "company": row.job.company.name,
                "status": row.status,
                "message": row.message,
                "shared": row.receipt,
                "created_at": row.created_at,
            }
            for row in applications.select_related("job__company")
        ],
        "steps": [
            {"application": row.application.public_id, "status": row.status, "note": row.note, "at": row.at}
            for row in steps.select_related("application")
        ],
        "messages": [
            {"application": row.application.public_id, "by": row.side, "text": row.body, "at": row.at}
            for row in Message.objects.filter(application__student__user=user)
            .select_related("application")
            .order_by("at", "pk")
        ],
        "interviews": list(
            Interview.objects.filter(application__student__user=user)
            .order_by("proposed_at", "pk")
            .values("application__public_id", "status", "slots", "starts_at", "minutes", "place")
        ),
        "invitations": list(
            Invitation.objects.filter(student__user=user)
            .order_by("sent_at", "pk")
            .values("public_id", "job__title", "company__name", "note", "status", "sent_at", "answered_at")
        ),
        "reports": list(
            Report.objects.filter(reporter=user).order_by("pk").values("job__public_id", "reason", "note", "created_at")
        ),
        **export_saved(user),
        "calendar_feed_since": CalendarFeed.objects.filter(user=user).values_list("created_at", flat=True).first(),
        "companies": list(grants.values("company__name", "source", "given_at", "revoked_at")),
        "recruiter": Recruiter.objects.filter(user=user).values("company__name", "position", "is_owner").first(),
    }


def withdraw(user: User, now: datetime) -> None:
    """What is on its way is withdrawn; the rest nobody opens, because the student is restricted too."""
    for row in Application.objects.filter(student__user=user).on_their_way():
        pipeline.move(application=row, to=pipeline.S.WITHDRAWN, actor=user, side=pipeline.Side.STUDENT, now=now)


def erase(user: User, now: datetime) -> None:
    """Rows go with the student; their counts stay, on the board of each posting too."""
    applications = Application.objects.filter(student__user=user)
    jobs = Job.objects.filter(pk__in=applications.values("job"))
    jobs.update(erased_applicants=F("erased_applicants") + 1)
    statistics.count(applications)
    Report.objects.filter(reporter=user).update(note="")
    TeamInvitation.objects.filter(email=user.email).delete()


register(Holding("jobs", export, block=withdraw, erase=erase, expire=statistics.expire))
COMPANY = "with the company; no data of students"
keep(
    {
        "jobs.Company": "while it works with the university",
        "jobs.CareersPage": COMPANY,
        "jobs.Recruiter": "with the account",
        "jobs.Job": COMPANY,
        "jobs.JobSkill": COMPANY,
        "jobs.Application": "APPLICATION_KEEP_DAYS after its last step, or until the student is erased; then a count",
        "jobs.ApplicationEvent": "with the application",
        "jobs.Message": "with the application",
        "jobs.Interview": "with the application",
        "jobs.Invitation": "with the student or the posting; a refusal reads as no answer after 14 days",
        "jobs.CompanyGrant": "while an application or an accepted invitation stands; taken back, with the student",
        "jobs.Report": "with the posting; who wrote it and the words go with the account",
        "jobs.Ruling": COMPANY,
        "jobs.HistoricalCompany": COMPANY,
        "jobs.HistoricalJob": COMPANY,
        "jobs.CompanyDocument": COMPANY,
        "jobs.TeamInvitation": "until it is accepted or the person invited is erased",
        "jobs.SavedJob": "until the student lets it go; with the student or the posting",
        "jobs.SavedSearch": "until the student ends it; with the student",
        "jobs.SentJob": "with the student or the posting: what was sent is not sent again",
        "jobs.CalendarFeed": "until the person takes it back, at most with the account",
        "jobs.SearchWord": "while an open posting says it; no data of persons",
        "jobs.OutcomeStatistic": "always: counts, nobody among them",
    }
)
