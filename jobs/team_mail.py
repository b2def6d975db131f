"""The mail that invites a colleague; whoever is invited may have no account yet."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from jobs.models import TeamInvitation
from jobs.team import token_of


def send_invitation(invitation: TeamInvitation) -> None:
    """Send at once, in the language of whoever invites; raises what the mail server raises."""
    inviter = invitation.invited_by
    with translation.override(inviter.language):
        path = reverse("jobs:join_team", args=[token_of(invitation)])
        subject = _("You are invited to the team of %(company)s") % {"company": invitation.company}
        context = {
            "company": invitation.company,
            "inviter": inviter,
            "link": f"{settings.SITE_URL.rstrip('/')}{path}",
            "expires_at": invitation.expires_at,
            "site_name": settings.SITE_NAME,
        }
        text = render_to_string("jobs/mail/team_invitation.txt", context)
    EmailMultiAlternatives(" ".join(subject.split())[:200], text.strip() + "\n", to=[invitation.email]).send()
