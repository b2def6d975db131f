"""A company's integrations: its webhooks, what was sent to them, and sending it once more."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jobs.access import for_recruiters
from jobs.models import Recruiter
from moirai.fetching import WEBHOOKS, RefusedError
from notifications import webhooks
from notifications.models import Delivery

LOG = 50


class WebhookForm(forms.Form):
    url = forms.URLField(
        label=gettext_lazy("Address"),
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("It starts with https:// and answers from the public internet."),
    )

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        try:
            WEBHOOKS.judged(url)
        except RefusedError:
            raise forms.ValidationError(_("We cannot send to this address.")) from None
        if not url.startswith("https://"):
            raise forms.ValidationError(_("The address must start with https://."))
        return url


def refuse_colleagues(recruiter: Recruiter) -> None:
    """Only who is in charge lets other systems in."""
    if not recruiter.is_owner:
        raise Http404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def integrations(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """The webhooks with their log, and a form for one more, whose secret this page alone shows, once."""
    refuse_colleagues(recruiter)
    company, secret = recruiter.company, ""
    form = WebhookForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _webhook, secret = webhooks.add_webhook(company=company, url=form.cleaned_data["url"], now=timezone.now())
            form = WebhookForm()
        except webhooks.TooManyError:
            form.add_error(None, _("You have %(most)d webhooks. Remove one first.") % {"most": webhooks.MOST})
    log = Delivery.objects.filter(webhook__company=company).select_related("webhook").newest_first()[:LOG]
    context = {"company": company, "form": form, "secret": secret, "webhooks": list(company.webhooks.order_by("pk"))}
    context |= {"deliveries": list(log)}
    return render(request, "notifications/integrations.html", context, status=422 if form.is_bound else 200)


@require_POST
@for_recruiters
def change(request: HttpRequest, recruiter: Recruiter, webhook: str) -> HttpResponse:
    """Remove a webhook, or turn one on that failed for days."""
    refuse_colleagues(recruiter)
    row = get_object_or_404(recruiter.company.webhooks, public_id=webhook)
    if "remove" in request.POST:
        row.delete()
        messages.success(request, _("The webhook was removed; nothing is sent there any more."))
    else:
        webhooks.turn_on(webhook=row)
        messages.success(request, _("The webhook is on."))
    return redirect("notifications:integrations")


@require_POST
@for_recruiters
def replay(request: HttpRequest, recruiter: Recruiter, delivery: str) -> HttpResponse:
    """Send once more what was sent or given up."""
    refuse_colleagues(recruiter)
    row = get_object_or_404(Delivery, public_id=delivery, webhook__company=recruiter.company)
    webhooks.replay(delivery=row, now=timezone.now())
    messages.success(request, _("It is sent again within a minute."))
    return redirect("notifications:integrations")
