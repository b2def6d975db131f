"""How allauth creates and greets our users."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext as _

from moirai.accounts.models import User
from moirai.mail import text_of

logger = logging.getLogger(__name__)


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
    """Mails are written once, as HTML.

    Sign-up stores name, role and language from our form; roles come from the form's two choices only.
    """

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        message: EmailMessage = super().render_mail(*args, **kwargs)
        for html, mimetype in getattr(message, "alternatives", []):
            if mimetype == "text/html":
                message.body = text_of(html)
        message.extra_headers.setdefault("Auto-Submitted", "auto-generated")
        return message

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """With the mail server down the person reads that, not an error; asking again sends it again."""
        try:
            super().send_mail(template_prefix, email, context)
        except (SMTPException, OSError) as error:
            logger.error("A mail of the account could not be sent: %s.", type(error).__name__)
            if self.request is not None:
                messages.error(self.request, _("The mail could not be sent just now. Try again in some minutes."))

    def send_account_already_exists_mail(self, email: str) -> None:
        """As slow as making the account would be: the time of the answer must not say that there is one."""
        make_password(email)
        super().send_account_already_exists_mail(email)

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        user.full_name = form.cleaned_data["full_name"]
        user.role = form.cleaned_data["role"]
        user.language = request.LANGUAGE_CODE
        saved: User = super().save_user(request, user, form, commit)
        return saved
