"""Who acts for a company: invited by its owner, joined by a link that only the invited address can use."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from jobs.models import Company, Recruiter, TeamInvitation
from moirai.accounts.models import User

SALT = "jobs.team"
MOST_OPEN = 20
MOST_A_DAY = 20
DAY = timedelta(days=1)


class NotAllowedError(Exception):
    """Only the owner does this, and never to the last owner; pages say so in words of their own."""


class TooManyError(Exception):
    """The company has invited as many as it may for now."""


def token_of(invitation: TeamInvitation) -> str:
    """What the link carries: signed, bound to this row, and dead with it."""
    return signing.dumps([invitation.pk, int(invitation.invited_at.timestamp())], salt=SALT)


def invitation_of(token: str, *, at: datetime) -> TeamInvitation | None:
    """The invitation behind a link, while it is valid."""
    try:
        pk, invited = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    row = TeamInvitation.objects.valid(at=at).select_related("company", "invited_by").filter(pk=pk).first()
    return row if row is not None and int(row.invited_at.timestamp()) == invited else None


@transaction.atomic
def invite(*, owner: Recruiter, email: str, now: datetime) -> TeamInvitation:
    """Invite an address; invited again, its link is a new one and the old one dies."""
    company = Company.objects.select_for_update().get(pk=owner.company_id)
    if not owner.is_owner:
        raise NotAllowedError
    open_ones = TeamInvitation.objects.filter(company=company)
    others = open_ones.exclude(email=email).valid(at=now)
    if others.count() >= MOST_OPEN or others.filter(invited_at__gt=now - DAY).count() >= MOST_A_DAY:
        raise TooManyError
    open_ones.filter(email=email).delete()
    return TeamInvitation.objects.create(company=company, email=email, invited_by=owner.user, invited_at=now)


def may_join(user: User, invitation: TeamInvitation) -> bool:
    """The invited address alone, of somebody who recruits for nobody yet."""
    is_asked = user.email.lower() == invitation.email.lower()
    return is_asked and user.role == User.Role.RECRUITER and not Recruiter.objects.filter(user=user).exists()


@transaction.atomic
def join(*, user: User, invitation: TeamInvitation, position: str = "") -> Recruiter:
    """Make the user part of the team and use the invitation up."""
    if not may_join(user, invitation):
        raise NotAllowedError
    recruiter = Recruiter.objects.create(user=user, company=invitation.company, position=position)
    invitation.delete()
    return recruiter


@transaction.atomic
def remove(*, owner: Recruiter, member: Recruiter) -> None:
    """A colleague acts for the company no more, and invitations by that person are void."""
    _both(owner, member)
    TeamInvitation.objects.filter(company=owner.company_id, invited_by=member.user_id).delete()
    member.delete()


@transaction.atomic
def hand_over(*, owner: Recruiter, member: Recruiter) -> None:
    """The colleague is the owner from now on, and the owner a colleague."""
    _both(owner, member)
    Recruiter.objects.filter(pk=owner.pk).update(is_owner=False)
    Recruiter.objects.filter(pk=member.pk).update(is_owner=True)


def _both(owner: Recruiter, member: Recruiter) -> None:
    """Lock the company, so that two owners cannot remove each other, and read both rows anew."""
    Company.objects.select_for_update().get(pk=owner.company_id)
    rows = Recruiter.objects.filter(company=owner.company_id).in_bulk([owner.pk, member.pk])
    if owner.pk == member.pk or len(rows) < 2 or not rows[owner.pk].is_owner:
        raise NotAllowedError
