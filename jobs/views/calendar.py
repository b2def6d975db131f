"""The page of a person's calendar feed, and the feed itself."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from jobs.access import signed_in
from jobs.calendar_feed import feed_of, make_feed, person_of
from jobs.models import CalendarFeed
from moirai.accounts.models import User


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def calendar_page(request: HttpRequest) -> HttpResponse:
    """Make an address for the calendar, shown once, or take it back."""
    user, address = signed_in(request), ""
    if user.role == User.Role.STAFF:
        raise PermissionDenied
    if request.method == "POST" and "remove" in request.POST:
        CalendarFeed.objects.filter(user=user).delete()
        messages.success(request, _("The address was taken back; it opens nothing any more."))
        return redirect("jobs:calendar")
    if request.method == "POST":
        secret = make_feed(user=user, now=timezone.now())
        address = str(settings.SITE_URL).rstrip("/") + reverse("calendar_feed", args=[secret])
    feed = CalendarFeed.objects.filter(user=user).first()
    return render(request, "jobs/calendar.html", {"feed": feed, "address": address})


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What calendars ask for every few hours; the secret in the address is the key."""
    user = person_of(secret)
    if user is None:
        raise Http404
    response = HttpResponse(feed_of(user, now=timezone.now()), content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    return response
