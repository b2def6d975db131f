"""The list of what a person was told."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notifications.models import Notification

PER_PAGE = 20


@require_GET
def notification_list(request: HttpRequest) -> HttpResponse:
    """Newest first, unread ones marked."""
    rows = Notification.objects.of(request.user).newest_first()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "notifications/list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def open_notification(request: HttpRequest, notification: int) -> HttpResponse:
    """Go to what it tells of; a POST also marks it read, and so does a GET by its owner (mails, bookmarks)."""
    row = get_object_or_404(Notification.objects.of(request.user), pk=notification)
    Notification.objects.unread().filter(pk=row.pk).update(read_at=timezone.now())
    if url_has_allowed_host_and_scheme(row.url, allowed_hosts=None):
        return redirect(row.url)
    return redirect("notifications:list")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    Notification.objects.of(request.user).unread().update(read_at=timezone.now())
    return redirect("notifications:list")
