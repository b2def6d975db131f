"""Who may enter the pages of this app: a recruiter of some company, or a student."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect

from jobs.models import Application, Recruiter, Side
from jobs.models.application import ApplicationQuerySet
from moirai.accounts.models import User
from students.models import Student

P = ParamSpec("P")


def signed_in(request: HttpRequest) -> User:
    """The user; ``LoginRequiredMiddleware`` has seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user


def recruiter_of(request: HttpRequest) -> Recruiter | None:
    """The recruiter who is signed in, with company, or None; works for visitors too."""
    if not request.user.is_authenticated or request.user.role != User.Role.RECRUITER:
        return None
    return getattr(request.user, "recruiter", None)  # read with the person


def student_of(request: HttpRequest) -> Student | None:
    """The student who is signed in, or None; works for visitors too."""
    if not request.user.is_authenticated or request.user.role != User.Role.STUDENT:
        return None
    return getattr(request.user, "student", None)  # read with the person


def for_recruiters(
    view: Callable[Concatenate[HttpRequest, Recruiter, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Hand the view its recruiter; one without a company is sent to register it, other roles are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if signed_in(request).role != User.Role.RECRUITER:
            raise PermissionDenied
        recruiter = recruiter_of(request)
        if recruiter is None:
            return redirect("jobs:register_company")
        return view(request, recruiter, *args, **kwargs)

    return guarded


def for_students(
    view: Callable[Concatenate[HttpRequest, Student, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Hand the view its student; one without a profile is sent to start it, other roles are refused."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if signed_in(request).role != User.Role.STUDENT:
            raise PermissionDenied
        student = student_of(request)
        if student is None:
            return redirect("students:start")
        return view(request, student, *args, **kwargs)

    return guarded


def readable_application(recruiter: Recruiter, public_id: str, rows: ApplicationQuerySet | None = None) -> Application:
    """An application that this recruiter may read: to a posting of a verified company, and not withdrawn.

    rows : with what else the page reads of it
    """
    if not recruiter.company.is_verified:
        raise Http404
    readable = (Application.objects.for_list() if rows is None else rows).of_company(recruiter.company).active()
    return get_object_or_404(readable, public_id=public_id)


def party_of(request: HttpRequest, public_id: str) -> tuple[Application, Side]:
    """An application with the side of it that is signed in; 403 for other roles, 404 for other people."""
    student, recruiter = student_of(request), recruiter_of(request)
    if student is not None:
        return get_object_or_404(Application.objects.for_list(), student=student, public_id=public_id), Side.STUDENT
    if recruiter is None:
        raise PermissionDenied
    return readable_application(recruiter, public_id), Side.COMPANY


def unrestricted(
    view: Callable[Concatenate[HttpRequest, Student, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, Student, P], HttpResponseBase]:
    """Below ``for_students``: one who restricted what is done with the data is asked to lift that first."""

    @wraps(view)
    def guarded(request: HttpRequest, student: Student, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if student.restricted_since is not None:
            return redirect("privacy:restrict")
        return view(request, student, *args, **kwargs)

    return guarded
