"""What sign-up asks besides address and password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moirai.accounts.models import User


class SignupForm(forms.Form):
    """Mixed into allauth's sign-up form; offers two roles, so nobody can ask for the third."""

    field_order = ["role", "full_name", "email", "password1", "accepts_notice"]

    role = forms.ChoiceField(
        label=_("I am"),
        choices=[(User.Role.STUDENT, _("a student or graduate")), (User.Role.RECRUITER, _("a recruiter"))],
        initial=User.Role.STUDENT,
        widget=forms.RadioSelect,
    )
    full_name = forms.CharField(
        label=_("Full name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    accepts_notice = forms.BooleanField(label=_("I have read the privacy notice"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        domains = [domain.lower() for domain in settings.STUDENT_EMAIL_DOMAINS]
        email = cleaned.get("email", "").lower()
        if cleaned.get("role") == User.Role.STUDENT and domains and email.rpartition("@")[2] not in domains:
            message = _("Students sign up with an address of the university: %(domains)s.")
            self.add_error("email", message % {"domains": ", ".join(domains)})
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth after saving; the adapter has stored everything already."""
