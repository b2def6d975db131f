"""Whom an endpoint acts for; everybody else is refused, as `access` does for pages."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from rest_framework.request import Request

from jobs.access import recruiter_of
from jobs.models import Job, Recruiter
from moirai.api.problems import Conflict
from students.access import student_of
from students.models import Student


def unrestricted_student_of(request: Request) -> Student:
    """The student, who did not restrict what is done with the data."""
    student = student_of(request)
    if student.restricted_since is not None:
        raise Conflict(_("You restricted what is done with your data. Lift that first."), code="restricted")
    return student


def recruiter_or_403(request: Request) -> Recruiter:
    recruiter = recruiter_of(request)
    if recruiter is None:
        raise PermissionDenied
    return recruiter


def own_job(request: Request, public_id: str, *, lock: bool = False) -> Job:
    """A posting of the recruiter's company; any other is not found. ``lock`` within a transaction."""
    jobs = Job.objects.of(recruiter_or_403(request).company).select_related("company")
    return get_object_or_404(jobs.select_for_update(of=("self",)) if lock else jobs, public_id=public_id)
