"""How allauth creates and greets our users."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest

from moirai.accounts.models import User


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """What the university's single sign-on tells us about a person fills the sign-up form; it decides no role."""

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        said = [data.get("name") or "", f"{data.get('first_name') or ''} {data.get('last_name') or ''}".strip()]
        user.full_name = next(filter(None, said), "")[:150]
        return user

    def get_signup_form_initial_data(self, sociallogin: Any) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_signup_form_initial_data(sociallogin)
        return {**initial, "full_name": sociallogin.user.full_name}


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up stores name, role and language from our form; roles come from the form's two choices only."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data["full_name"]
        user.role = form.cleaned_data["role"]
        user.language = request.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        return saved
