"""A person's own privacy: who saw what, what was agreed to, everything as a file, and the way out."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.privacy import consents, erasure
from moirai.privacy.download import everything
from moirai.privacy.registry import subject_of

LOOKS_PER_PAGE = 20


def signed_in(request: HttpRequest) -> User:
    """The user; ``LoginRequiredMiddleware`` has seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
@never_cache
def privacy(request: HttpRequest) -> HttpResponse:
    """Who looked at this person and when, the consents in force, and the ways to take data along or away."""
    user = signed_in(request)
    looks = AuditEvent.objects.about(subject_of(user) or "-").looks().newest_first()
    context = {
        "page": Paginator(looks, LOOKS_PER_PAGE).get_page(request.GET.get("page")),
        "consents": consents.in_force(user),
        "is_student": user.role == User.Role.STUDENT,
    }
    return render(request, "privacy/privacy.html", context)


@require_POST
@reauthentication_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything held about the signed-in person, as one zip."""
    user = signed_in(request)
    content = everything(user)
    record(action=AuditEvent.Action.EXPORTED, actor=user, subject=subject_of(user), at=timezone.now())
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="moirai.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def erase(request: HttpRequest) -> HttpResponse:
    """Asks on GET; on POST the account closes at once and is erased after the delay."""
    user = signed_in(request)
    if request.method != "POST" or user.is_staff:  # staff accounts are closed by a superuser, in the admin
        return render(request, "privacy/erase.html", {"days": settings.ERASE_AFTER_DAYS, "is_staff": user.is_staff})
    asked = erasure.ask(user=user, now=timezone.now())
    logout(request)
    words = _("Your account is closed. Everything in it will be erased by %(date)s.")
    messages.success(request, words % {"date": timezone.localdate(asked.due_at).isoformat()})
    return redirect("home")
