"""Which student a request acts for."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from moirai.accounts.models import User
from students.claim import claim_profile
from students.models import Student


def student_of(request: HttpRequest) -> Student:
    """The profile of the signed-in student, made on the first visit; people of other roles are refused."""
    user = request.user
    if isinstance(user, AnonymousUser) or user.role != User.Role.STUDENT:
        raise PermissionDenied("This page is for students.")
    student: Student | None = getattr(user, "student", None)  # read with the person
    if student is None:
        student = claim_profile(user=user, now=timezone.now())
    if student is None:
        language = "en" if user.language.startswith("en") else "es"
        student, _ = Student.objects.get_or_create(user=user, defaults={"language": language})
    return student


def next_page(request: HttpRequest, default: str) -> str:
    """Where the form came from (``next``), if that is a page of this site, else the page named ``default``."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure()):
        return address
    return resolve_url(default)
