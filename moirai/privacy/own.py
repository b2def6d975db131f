"""What the ground floor itself holds about a person."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from moirai.accounts.models import AuditEvent, User
from moirai.privacy.models import Consent
from moirai.privacy.registry import Holding, forget_in_admin_log, keep, register, subject_of


def export(user: User) -> dict[str, object]:
    """Account, addresses, sessions, consents and the ledger's lines about this person."""
    events = AuditEvent.objects.about(subject_of(user) or "-").newest_first()
    consents = Consent.objects.filter(user=user).order_by("at")
    sessions = UserSession.objects.filter(user=user)
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
        "consents": list(consents.values("purpose", "is_given", "notice_version", "at")),
        "who_saw_what": list(events.values("action", "on_behalf_of", "thing", "reason", "at")),
    }


def close_sessions(user: User) -> None:
    """Sign the person out everywhere."""
    for session in UserSession.objects.filter(user=user):
        session.end()


WITH_ACCOUNT = "with the account"
register(Holding("account", export, block=close_sessions, erase=forget_in_admin_log))
keep(
    {
        "accounts.User": "until the person asks to be erased, or years without a sign-in",
        "accounts.AuditEvent": "always: it holds opaque ids alone, and proves who saw what",
        "accounts.LedgerHead": "always: no personal data",
        "account.EmailAddress": WITH_ACCOUNT,
        "account.EmailConfirmation": WITH_ACCOUNT,
        "usersessions.UserSession": "until it ends; " + WITH_ACCOUNT,
        "mfa.Authenticator": WITH_ACCOUNT,
        "socialaccount.SocialAccount": WITH_ACCOUNT,
        "socialaccount.SocialToken": WITH_ACCOUNT,
        "socialaccount.SocialApp": "always: no personal data",
        "sessions.Session": "until it expires",
        "privacy.Consent": WITH_ACCOUNT,
        "privacy.ErasureRequest": "always, without name: proof that the request was answered",
        "admin.LogEntry": "with the account of the member of staff; names of the erased are taken out",
        "auth.Group": "always: no personal data",
        "auth.Permission": "always: no personal data",
        "contenttypes.ContentType": "always: no personal data",
    }
)
