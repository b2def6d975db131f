"""How allauth creates and greets our users."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from moirai.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stores name, role and language from our form; roles come from the form's two choices only."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data["full_name"]
        user.role = form.cleaned_data["role"]
        user.language = request.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        return saved
