"""Who is signed in, read with the role and with what every page shows of the person: one query a page."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from moirai.accounts.models import User

#: What a role holds, by name: the ground floor imports no app.
ROLES = ("student", "recruiter__company")
#: Annotations that every page needs; the app that shows them puts them here when it is ready.
SHOWN: dict[str, Any] = {}


class SignedIn(AuthenticationBackend):
    """allauth's, which finds people at the sign-in; this one reads the person of each later page."""

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related(*ROLES).annotate(**SHOWN).filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
