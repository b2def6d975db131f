"""What a person was told, and how the person wants to be told."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from moirai.accounts.models import User
from notifications.bounces import revive
from notifications.forms import PreferencesForm
from notifications.models import Channel, DeadAddress, Kind, Notification
from notifications.preferences import DIGESTS, choose, stop_mails
from notifications.writing import UNSUBSCRIBE_SALT

PER_PAGE = 20


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """Newest first, unread ones marked; ``?ver=nuevos`` leaves the read ones out."""
    only_unread = request.GET.get("ver") == "nuevos"
    rows = Notification.objects.of(request.user).newest_first()
    page = Paginator(rows.unread() if only_unread else rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page, "only_unread": only_unread})


@require_http_methods(["GET", "HEAD", "POST"])
def open_notification(request: HttpRequest, notification: int) -> HttpResponse:
    """Go to what it tells of; a POST also marks it read, and so does a GET by its owner (mails, bookmarks)."""
    row = get_object_or_404(Notification.objects.of(request.user), pk=notification)
    Notification.objects.filter(pk=row.pk).mark_read(at=timezone.now())
    if row.kind == Kind.MAIL_BOUNCED:
        return redirect("notifications:preferences")
    if url_has_allowed_host_and_scheme(row.url, allowed_hosts=None):
        return redirect(row.url)
    return redirect("notifications:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.of(request.user).mark_read(at=timezone.now())
    return redirect("notifications:list")


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """For each kind: only here, by mail at once, in a daily or weekly mail, or not at all."""
    assert isinstance(request.user, User)  # the middleware let nobody else in
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        choose(user=request.user, channels=form.channels())
        messages.success(request, _("Saved."))
        return redirect("notifications:preferences")
    refused = DeadAddress.objects.refuses(request.user)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "notifications/preferences.html", {"form": form, "refused": refused}, status=status)


@require_POST
def mail_again(request: HttpRequest) -> HttpResponse:
    """The person says that the address takes mail again."""
    assert isinstance(request.user, User)
    revive(user=request.user, now=timezone.now())
    messages.success(request, _("We write to you again."))
    return redirect("notifications:preferences")


@csrf_exempt  # the mail program that sends the POST (RFC 8058) has no page of ours; the signed token is what counts
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """One click in a mail: GET shows what will end, POST ends it, both without sign-in."""
    user, what = _meant(token)
    kind = Kind(what) if what in Kind.values else None
    label = str(kind.label) if kind else ""
    if request.method == "POST":
        stop_mails(user=user, kind=kind, digest="" if kind else what)
    context = {"label": label, "digest": what, "token": token, "is_done": request.method == "POST"}
    return render(request, "notifications/unsubscribe.html", context)


def _meant(token: str) -> tuple[User, str]:
    """Whose mails, and which; a token that is not ours, or that of somebody who left, answers 404."""
    try:
        user_id, what = signing.Signer(salt=UNSUBSCRIBE_SALT).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise Http404 from error
    digests = [Channel(way).value for way in DIGESTS]
    if not isinstance(user_id, int) or (what not in Kind.values and what not in digests):
        raise Http404
    return get_object_or_404(User, pk=user_id), what
