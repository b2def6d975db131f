"""What people write to the careers office about their data."""

from __future__ import annotations

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from moirai.privacy.models import PrivacyRequest

Kind = PrivacyRequest.Kind
ABOUT = r"(posting|application):[a-z0-9]{10}"


class RequestForm(forms.Form):
    """``about`` comes with the link that led here: which match or application it is."""

    text = forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 6}))
    about = forms.CharField(required=False, widget=forms.HiddenInput)

    QUESTIONS = {
        Kind.CORRECT: (_("What is wrong, and what is right?"), _("What you can change yourself is in your profile.")),
        Kind.OBJECT: (_("What should a person look at?"), _("Say what you find wrong with the match or the decision.")),
    }

    def __init__(self, *args: object, kind: str, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].label, self.fields["text"].help_text = self.QUESTIONS[Kind(kind)]

    def clean_about(self) -> str:
        """What no link of ours says is left out; the person could not mend a field that nobody sees."""
        about: str = self.cleaned_data["about"]
        return about if re.fullmatch(ABOUT, about) else ""
