"""What a company shows to be verified, and whom it invites."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from jobs.documents import content_type_of
from jobs.forms import CleanText
from jobs.models import CompanyDocument

MOST_BYTES = 5 * 1024 * 1024


class DocumentForm(CleanText, forms.Form):
    kind = forms.ChoiceField(label=_("Document"), choices=CompanyDocument.Kind.choices)
    file = forms.FileField(
        label=_("File"),
        help_text=_("PDF, PNG or JPEG, up to 5 MB. Only the careers office opens it."),
        max_length=255,
    )

    def clean_file(self) -> File:
        file: File = self.cleaned_data["file"]
        if file.size > min(MOST_BYTES, settings.CV_MAX_BYTES):
            raise forms.ValidationError(_("The file is larger than 5 MB."))
        if not content_type_of(file):
            raise forms.ValidationError(_("This is no PDF, PNG or JPEG file, whatever its name says."))
        return file


class AnswerForm(CleanText, forms.Form):
    comment = forms.CharField(
        label=_("Your answer to the careers office"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class InviteForm(CleanText, forms.Form):
    email = forms.EmailField(label=_("E-mail address of your colleague"), max_length=254)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class JoinForm(CleanText, forms.Form):
    position = forms.CharField(label=_("Your position in the company"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["position"].widget.attrs["autocomplete"] = "organization-title"
