"""Pages that belong to no app: home, texts, the account page and what is said when something went wrong."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from moirai.accounts.models import User
from moirai.samples import sample_explanation
from moirai.skills.attribution import attributions

STARTS = {
    User.Role.STUDENT: "students:start",
    User.Role.RECRUITER: "jobs:start",
    User.Role.STAFF: "admin:index",
}
THEME_COOKIE_SECONDS = 365 * 24 * 3600
DRAINED_BYTES = 64 * 1024 * 1024


@require_safe
@login_not_required
def home(request: HttpRequest) -> HttpResponse:
    """The front door: search, three steps, one explanation drawn with the real components, newest postings."""
    return render(request, "moirai/home.html", {"now": timezone.now(), "sample": sample_explanation()})


@require_GET
@never_cache
def start(request: HttpRequest) -> HttpResponse:
    """Where a person of this role begins; sign-in leads here."""
    user = request.user
    if isinstance(user, AnonymousUser):  # the middleware sends visitors to sign-in; this is for the types
        return redirect("account_login")
    return redirect(STARTS[User.Role(user.role)])


class AccountForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["full_name", "language"]
        widgets = {
            "full_name": forms.TextInput(attrs={"autocomplete": "name"}),
            "language": forms.Select(choices=settings.LANGUAGES),
        }

    language = forms.ChoiceField(label=gettext_lazy("Language of mails"), choices=settings.LANGUAGES)


def account(request: HttpRequest) -> HttpResponse:
    """Name and language of mails, and the way to everything else about the account."""
    # A copy: a refused form must not change what the header says about the signed-in person.
    assert request.user.pk is not None  # the middleware let nobody else in
    user = User.objects.get(pk=request.user.pk)
    form = AccountForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("account")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "moirai/account.html", {"form": form}, status=status)


@require_POST
@login_not_required
def set_theme(request: HttpRequest) -> HttpResponse:
    """Keep light, dark or the system's choice in a cookie and go back to the page."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = resolve_url("home")
    response = HttpResponseRedirect(back)  # not redirect(), which takes what is no path for the name of a view
    theme = request.POST.get("theme")
    if theme in ("light", "dark"):
        response.set_cookie(
            "theme", theme, max_age=THEME_COOKIE_SECONDS, secure=settings.HTTPS, httponly=True, samesite="Lax"
        )
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response


@require_safe
@login_not_required
def how_we_score(request: HttpRequest) -> HttpResponse:
    """What the number is made of, and what it is not."""
    context = {"attributions": attributions(), "sample": sample_explanation()}
    return render(request, "moirai/how_we_score.html", context)


@require_safe
@login_not_required
def privacy_notice(request: HttpRequest) -> HttpResponse:
    return render(request, "moirai/privacy_notice.html")


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "moirai/accessibility.html")


@require_safe
@login_not_required
def help_page(request: HttpRequest) -> HttpResponse:
    megabytes = settings.CV_MAX_BYTES // (1024 * 1024)
    return render(request, "moirai/help.html", {"megabytes": megabytes})


# --- When something went wrong ---------------------------------------------------------------------------------------


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 where the request was larger than we read."""
    if isinstance(exception, RequestDataTooBig):
        _drain(request)
        megabytes = settings.CV_MAX_BYTES // (1024 * 1024)
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return render(request, "413.html", {"megabytes": megabytes}, status=status)
    return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)


def _drain(request: HttpRequest) -> None:
    """Read on and throw away: a browser that is still sending would show a broken connection, not our page."""
    stream = request.META.get("wsgi.input")
    left = min(int(request.META.get("CONTENT_LENGTH") or 0), DRAINED_BYTES)
    try:
        while stream is not None and left > 0 and (chunk := stream.read(min(left, 64 * 1024))):
            left -= len(chunk)
    except OSError:  # the browser has gone
        return


@login_not_required
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=HTTPStatus.FORBIDDEN)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


@login_not_required
def server_error(request: HttpRequest, *_args: Any) -> HttpResponseBase:
    """500 without database, session or user: any of them may be what broke."""
    theme = request.COOKIES.get("theme", "")
    context = {"site_name": settings.SITE_NAME, "theme": theme if theme in ("light", "dark") else ""}
    return HttpResponse(render_to_string("500.html", context), status=HTTPStatus.INTERNAL_SERVER_ERROR)
