"""A person's own privacy: who saw what, what was agreed to, requests, everything as a file, and the way out."""

from __future__ import annotations

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from moirai.privacy import consents, erasure, requests
from moirai.privacy.download import everything
from moirai.privacy.forms import RequestForm
from moirai.privacy.models import PrivacyRequest
from moirai.privacy.registry import subject_of

LOOKS_PER_PAGE = 20
REQUESTS_SHOWN = 20
ASKED_BY_FORM = {"corregir": PrivacyRequest.Kind.CORRECT, "oposicion": PrivacyRequest.Kind.OBJECT}


def signed_in(request: HttpRequest) -> User:
    """The user; ``LoginRequiredMiddleware`` has seen to it that there is one."""
    assert isinstance(request.user, User)
    return request.user


@require_safe
@never_cache
def privacy(request: HttpRequest) -> HttpResponse:
    """Who looked at this person and when, requests, the consents in force, and the ways to take data along or away."""
    user = signed_in(request)
    looks = AuditEvent.objects.about(subject_of(user) or "-").looks().newest_first()
    context = {
        "page": Paginator(looks, LOOKS_PER_PAGE).get_page(request.GET.get("page")),
        "consents": consents.in_force(user),
        "requests": PrivacyRequest.objects.filter(user=user).newest_first()[:REQUESTS_SHOWN],
        "restricted_since": requests.restricted_since(user),
        "is_student": user.role == User.Role.STUDENT,
    }
    return render(request, "privacy/privacy.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: HttpRequest, what: str) -> HttpResponse:
    """Ask the careers office to correct something, or that a person looks at a match or a decision."""
    user, kind = signed_in(request), ASKED_BY_FORM.get(what)
    if kind is None:
        raise Http404
    initial = {"about": request.GET.get("about", "")}
    form = RequestForm(request.POST if request.method == "POST" else None, initial=initial, kind=kind)
    if request.method == "POST" and form.is_valid():
        text, about = form.cleaned_data["text"], form.cleaned_data["about"]
        asked, is_new = requests.ask(user=user, kind=kind, text=text, about=about, now=timezone.now())
        words = _("We have your request and answer it by %(date)s.") if is_new else _("You have asked that already.")
        messages.success(request, words % {"date": timezone.localdate(asked.due_at).isoformat()})
        return redirect("privacy:privacy")
    context = {"form": form, "kind": kind, "days": settings.PRIVACY_ANSWER_WORKING_DAYS}
    return render(request, "privacy/ask.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def restrict(request: HttpRequest) -> HttpResponse:
    """GET explains, POST restricts what is done with the data of a student; it holds from the next request on."""
    user = student_only(request)
    if request.method != "POST":
        return render(request, "privacy/restrict.html", {"restricted_since": requests.restricted_since(user)})
    requests.restrict(user=user, now=timezone.now())
    messages.success(request, _("Restricted: we keep your data and do nothing with it until you lift this."))
    return redirect("privacy:privacy")


@require_POST
def lift(request: HttpRequest) -> HttpResponse:
    requests.lift(user=student_only(request), now=timezone.now())
    messages.success(request, _("Lifted. Your matches are being computed again."))
    return redirect("privacy:privacy")


def student_only(request: HttpRequest) -> User:
    user = signed_in(request)
    if user.role != User.Role.STUDENT:
        raise PermissionDenied
    return user


@require_POST
@reauthentication_required
def download(request: HttpRequest) -> HttpResponse:
    """Everything held about the signed-in person, as one zip."""
    user, now = signed_in(request), timezone.now()
    requests.note_answered_at_once(user=user, kind=PrivacyRequest.Kind.ACCESS, now=now)
    content = everything(user)
    record(action=AuditEvent.Action.EXPORTED, actor=user, subject=subject_of(user), at=now)
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
