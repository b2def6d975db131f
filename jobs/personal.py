"""What this app holds about a person, told to `moirai.privacy`."""

from __future__ import annotations

from django.utils import timezone

from jobs import pipeline
from jobs.models import Application, ApplicationEvent, Recruiter
from moirai.accounts.models import User
from moirai.privacy.registry import Holding, keep, register


def export(user: User) -> dict[str, object]:
    """A student's applications with each step; a recruiter's company."""
    applications = Application.objects.filter(student__user=user).order_by("created_at", "pk")
    steps = ApplicationEvent.objects.filter(application__student__user=user).order_by("at", "pk")
    return {
        "applications": list(
            applications.values("public_id", "job__title", "job__company__name", "status", "message", "created_at")
        ),
        "steps": list(steps.values("application__public_id", "status", "note", "at")),
        "recruiter": Recruiter.objects.filter(user=user).values("company__name", "position", "is_owner").first(),
    }


def withdraw(user: User) -> None:
    """Every application that is on its way is withdrawn, so that no company can open it any more."""
    for application in Application.objects.filter(student__user=user).exclude(status=Application.Status.WITHDRAWN):
        try:
            pipeline.move(
                application=application,
                to=Application.Status.WITHDRAWN,
                actor=user,
                side=pipeline.Side.STUDENT,
                now=timezone.now(),
            )
        except pipeline.NotAllowedError:  # refused already: nothing is open
            Application.objects.filter(pk=application.pk).update(status=Application.Status.WITHDRAWN)


register(Holding("jobs", export, block=withdraw))
COMPANY = "with the company; no data of students"
keep(
    {
        "jobs.Company": "while it works with the university",
        "jobs.Recruiter": "with the account",
        "jobs.Job": COMPANY,
        "jobs.JobSkill": COMPANY,
        "jobs.Application": "until the student asks to be erased",
        "jobs.ApplicationEvent": "with the application",
    }
)
