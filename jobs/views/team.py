"""The team of a company: who acts for it, who is invited, who owns it."""

from __future__ import annotations

from smtplib import SMTPException

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from jobs import team
from jobs.access import for_recruiters, recruiter_of, signed_in
from jobs.company_forms import InviteForm, JoinForm
from jobs.models import Recruiter, TeamInvitation
from jobs.team_mail import send_invitation


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def members(request: HttpRequest, recruiter: Recruiter) -> HttpResponse:
    """Everybody who acts for the company; its owner invites more."""
    now, company = timezone.now(), recruiter.company
    if request.method == "POST" and not recruiter.is_owner:
        raise Http404
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _invite(request, recruiter, form.cleaned_data["email"])
        return redirect("jobs:team")
    context = {
        "company": company,
        "recruiter": recruiter,
        "members": company.recruiters.select_related("user").order_by("-is_owner", "pk"),
        "invitations": company.team_invitations.order_by("-invited_at") if recruiter.is_owner else [],
        "form": form,
        "now": now,
    }
    return render(request, "jobs/team.html", context, status=422 if form.is_bound else 200)


def _invite(request: HttpRequest, recruiter: Recruiter, email: str) -> None:
    try:
        invitation = team.invite(owner=recruiter, email=email, now=timezone.now())
        send_invitation(invitation)
        messages.success(request, _("Invitation sent to %(email)s. The link works for 7 days.") % {"email": email})
    except team.TooManyError:
        messages.error(request, _("There are many open invitations already. Take one back first."))
    except (OSError, SMTPException):
        invitation.delete()
        messages.error(request, _("The mail could not be sent. Try again in a few minutes."))


@require_POST
@for_recruiters
def cancel(request: HttpRequest, recruiter: Recruiter, invitation: int) -> HttpResponse:
    """Take an invitation back: its link is dead."""
    if not recruiter.is_owner:
        raise Http404
    get_object_or_404(TeamInvitation, pk=invitation, company=recruiter.company).delete()
    messages.success(request, _("The invitation was taken back."))
    return redirect("jobs:team")


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def remove(request: HttpRequest, recruiter: Recruiter, member: int) -> HttpResponse:
    """Ask, then take a colleague out of the team."""
    row = _colleague(recruiter, member)
    if request.method == "POST":
        team.remove(owner=recruiter, member=row)
        messages.success(request, _("%(name)s is not part of the team any more.") % {"name": row.user})
        return redirect("jobs:team")
    context = {"member": row.user, "company": recruiter.company, "is_removal": True}
    return render(request, "jobs/change_team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def hand_over(request: HttpRequest, recruiter: Recruiter, member: int) -> HttpResponse:
    """Ask, then make a colleague the owner."""
    row = _colleague(recruiter, member)
    if request.method == "POST":
        team.hand_over(owner=recruiter, member=row)
        messages.success(request, _("%(name)s is in charge of the company now.") % {"name": row.user})
        return redirect("jobs:team")
    context = {"member": row.user, "company": recruiter.company, "is_removal": False}
    return render(request, "jobs/change_team.html", context)


def _colleague(recruiter: Recruiter, member: int) -> Recruiter:
    """Another recruiter of the owner's company; anything else is not found."""
    if not recruiter.is_owner or member == recruiter.pk:
        raise Http404
    return get_object_or_404(Recruiter.objects.select_related("user"), pk=member, company=recruiter.company)


@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation; the link opens for the invited address alone, and says nothing to anybody else."""
    user, invitation = signed_in(request), team.invitation_of(token, at=timezone.now())
    if invitation is None or user.email.lower() != invitation.email.lower():
        raise Http404
    if recruiter_of(request) is not None or user.role != user.Role.RECRUITER:
        return render(request, "jobs/join_team.html", {"company": invitation.company, "form": None}, status=422)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        team.join(user=user, invitation=invitation, position=form.cleaned_data["position"])
        messages.success(request, _("You act for %(company)s now.") % {"company": invitation.company})
        return redirect("jobs:company_home")
    context = {"company": invitation.company, "invited_by": invitation.invited_by, "form": form}
    return render(request, "jobs/join_team.html", context, status=422 if form.is_bound else 200)
