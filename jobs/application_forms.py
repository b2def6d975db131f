"""What students and recruiters write about an application."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypedDict

from django import forms
from django.utils.translation import gettext_lazy as _

from jobs.forms import CleanText
from jobs.interviews import SLOTS
from jobs.models import Application
from jobs.pipeline import BULK, S

LATEST_INTERVIEW = timedelta(days=120)
DURATIONS = (15, 30, 45, 60, 90)
#: Where a refusal may begin; the recruiter edits it, the student reads what is sent.
REASONS = {
    "skills": _("We were looking for more experience with a skill that the posting asks for: "),
    "hours": _("The hours or the term you can offer do not fit what the place needs."),
    "level": _("The place asks for another semester or degree programme."),
    "filled": _("The place was filled before we reached your application."),
    "others": _("We went on with people whose projects are closer to this work. Do apply again."),
}


class Shared(TypedDict):
    """What a student adds to an application or to accepting an invitation."""

    message: str
    shares_phone: bool


def text_area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class ApplyForm(CleanText, forms.Form):
    """An application, or the answer to an invitation; ``cv`` is the version that the page showed."""

    message = forms.CharField(label=_("Message to the company"), max_length=2000, required=False, widget=text_area(6))
    shares_phone = forms.BooleanField(label=_("Share my phone too"), required=False)
    cv = forms.CharField(max_length=10, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, cv_id: str, has_phone: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cv_id = cv_id
        self.fields["cv"].initial = cv_id
        if not has_phone:
            del self.fields["shares_phone"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("cv", "") != self.cv_id:
            self.add_error(None, _("Your CV has changed since you opened this page. Check what you share, then send."))
        return cleaned

    @property
    def shared(self) -> Shared:
        return {
            "message": self.cleaned_data["message"],
            "shares_phone": self.cleaned_data.get("shares_phone", False),
        }


class MoveForm(CleanText, forms.Form):
    """Where an application goes; ``was`` is the status that the page showed."""

    to = forms.ChoiceField(label=_("Move to"))
    reason = forms.ChoiceField(
        label=_("A sentence to begin with"),
        choices=[("", "–"), *REASONS.items()],
        required=False,
        help_text=_("For a refusal: choose one, press “Use this sentence”, then make it yours."),
    )
    note = forms.CharField(
        label=_("Message to the student"),
        help_text=_("The student reads it. A refusal needs it: say why in a sentence."),
        max_length=2000,
        required=False,
        widget=text_area(4),
    )
    was = forms.CharField(max_length=9, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: tuple[S, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(status.value, status.label) for status in choices]
        if S.REJECTED not in choices:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("to") == Application.Status.REJECTED and not cleaned.get("note", "").strip():
            self.add_error("note", _("Write the reason of the refusal; the student reads it."))
        return cleaned


class BulkMoveForm(forms.Form):
    """Several applications at once; refusals are not among the choices."""

    to = forms.ChoiceField(
        label=_("Move the chosen ones to"), choices=[(status.value, status.label) for status in BULK]
    )


class MessageForm(CleanText, forms.Form):
    body = forms.CharField(label=_("Message"), max_length=2000, widget=text_area(4))


class InviteForm(CleanText, forms.Form):
    note = forms.CharField(
        label=_("Note to the person"),
        help_text=_("Say why this posting fits. The person reads it with the name of your company."),
        max_length=1000,
        required=False,
        widget=text_area(4),
    )


class InterviewForm(CleanText, forms.Form):
    """One to three dates in the time zone of the site, how long, and where."""

    minutes = forms.TypedChoiceField(
        label=_("Minutes"), choices=[(number, str(number)) for number in DURATIONS], coerce=int, initial=30
    )
    place = forms.CharField(label=_("Place or link"), max_length=300)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for number in range(1, SLOTS + 1):
            self.fields[f"slot{number}"] = forms.DateTimeField(
                label=_("Date %(number)d") % {"number": number},
                required=number == 1,
                widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
            )
        self.order_fields([*(f"slot{number}" for number in range(1, SLOTS + 1)), "minutes", "place"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for number in range(1, SLOTS + 1):
            slot = cleaned.get(f"slot{number}")
            if slot is not None and not self.now < slot <= self.now + LATEST_INTERVIEW:
                self.add_error(f"slot{number}", _("Choose a date from now on, within 120 days."))
        return cleaned

    @property
    def slots(self) -> list[datetime]:
        """The dates, without empty fields."""
        dates = (self.cleaned_data.get(f"slot{number}") for number in range(1, SLOTS + 1))
        return [date for date in dates if date is not None]
