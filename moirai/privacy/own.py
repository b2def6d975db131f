"""What the ground floor itself holds about a person."""

from __future__ import annotations

from datetime import datetime, timedelta

from allauth.account.app_settings import EMAIL_CONFIRMATION_EXPIRE_DAYS as LINK_DAYS
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from moirai.accounts.models import AuditEvent, User
from moirai.privacy.models import Consent, PrivacyRequest
from moirai.privacy.registry import Holding, keep, register, subject_of
from moirai.skills.models import AliasProposal


def export(user: User) -> dict[str, object]:
    """Account, addresses, sessions, consents and the ledger's lines about this person."""
    events = AuditEvent.objects.about(subject_of(user) or "-").newest_first()
    consents = Consent.objects.filter(user=user).order_by("at")
    sessions = UserSession.objects.filter(user=user)
    requests = PrivacyRequest.objects.filter(user=user).order_by("asked_at", "pk")
    proposals = AliasProposal.objects.filter(proposed_by=user).order_by("pk")
    return {
        "account": {
            "email": user.email,
            "full_name": user.full_name,
            "role": user.role,
            "language": user.language,
            "joined": user.date_joined,
            "last_login": user.last_login,
        },
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "sessions": list(sessions.values("ip", "user_agent", "created_at", "last_seen_at")),
        "single_sign_on": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "extra_data")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "consents": list(consents.values("purpose", "is_given", "notice_version", "at")),
        "requests": list(
            requests.values("kind", "about", "text", "asked_at", "due_at", "outcome", "answer", "closed_at")
        ),
        "proposed_names_of_skills": [
            {"skill": row.skill.code, "text": row.text, "sentence": row.sentence, "status": row.status}
            for row in proposals.select_related("skill")
        ],
        "who_saw_what": list(events.values("action", "on_behalf_of", "thing", "reason", "at")),
    }


def close_sessions(user: User, now: datetime) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


def erase(user: User, now: datetime) -> None:
    """Proposed names of skills that nobody has decided, and the sentences they came from."""
    AliasProposal.objects.filter(proposed_by=user, status=AliasProposal.Status.PROPOSED).delete()
    AliasProposal.objects.filter(proposed_by=user).update(sentence="")


def expire(now: datetime) -> int:
    """Sessions and links of mails that are over."""
    sessions: int = Session.objects.filter(expire_date__lte=now).delete()[0]
    links: int = EmailConfirmation.objects.filter(sent__lte=now - timedelta(days=LINK_DAYS)).delete()[0]
    return sessions + links


WITH_ACCOUNT = "with the account"
register(Holding("account", export, block=close_sessions, erase=erase, expire=expire))
keep(
    {
        "accounts.User": "until the person asks, or INACTIVE_AFTER_DAYS and INACTIVE_GRACE_DAYS without a sign-in",
        "accounts.AuditEvent": "always: it holds opaque ids alone, and proves who saw what",
        "accounts.LedgerHead": "always: no personal data",
        "moirai.Report": "no table: it names the permission to read reports",
        "crypto.PersonKey": "destroyed when the person is erased; an empty row stays, so that no copy brings it back",
        "crypto.KnownKey": "always: fingerprints of the operator's keys",
        "account.EmailAddress": WITH_ACCOUNT,
        "account.EmailConfirmation": WITH_ACCOUNT,
        "usersessions.UserSession": "until it ends; " + WITH_ACCOUNT,
        "mfa.Authenticator": WITH_ACCOUNT,
        "socialaccount.SocialAccount": WITH_ACCOUNT,
        "socialaccount.SocialToken": WITH_ACCOUNT,
        "socialaccount.SocialApp": "always: no personal data",
        "sessions.Session": "until it expires",
        "privacy.Consent": WITH_ACCOUNT,
        "privacy.PrivacyRequest": "always, without name and words once the person is erased: proof of an answer",
        "admin.LogEntry": "with the account of the member of staff; names of the erased are taken out",
        "auth.Group": "always: no personal data",
        "auth.Permission": "always: no personal data",
        "contenttypes.ContentType": "always: no personal data",
    }
)
