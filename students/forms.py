"""What students type and upload, judged."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from students.models import CV, ProfileEntry, Student
from students.reading import UnreadableError
from students.reading.sniff import kind_of

LEVELS = ["", "A1", "A2", "B1", "B2", "C1", "C2"]


class CVForm(forms.Form):
    """A file judged by size and content before anything is stored; its name proves nothing."""

    cv = forms.FileField(
        label=gettext_lazy("Your CV"),
        allow_empty_file=True,  # refused below, in our own words
        widget=forms.FileInput(attrs={"accept": ".pdf,.docx,.odt,.txt"}),
        error_messages={
            "required": gettext_lazy("Choose the file of your CV"),
            "invalid": gettext_lazy("Choose the file of your CV"),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.CV_MAX_BYTES)
        self.fields["cv"].help_text = _("PDF, DOCX, ODT or TXT, up to %(limit)s. Only you see it for now.") % {
            "limit": limit
        }

    def clean_cv(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["cv"]
        if (file.size or 0) > settings.CV_MAX_BYTES:
            message = _("The file is larger than %(limit)s. Save it again with smaller pictures, or without any.")
            raise forms.ValidationError(message % {"limit": filesizeformat(settings.CV_MAX_BYTES)})
        try:
            kind_of(file.read())
        except UnreadableError as error:
            raise forms.ValidationError(explanation(error.failure.value)) from None
        file.seek(0)
        return file


def explanation(failure: str) -> str:
    """What a student reads when a CV could not be read, and what can be done about it."""
    return {
        CV.Failure.EMPTY.value: _("The file has no text. Upload another file or fill in your profile by hand."),
        CV.Failure.UNKNOWN.value: _(
            "The file is not a PDF, DOCX, ODT or text file. Save your CV as a PDF and try again."
        ),
        CV.Failure.ENCRYPTED.value: _("The file is protected with a password. Save it without one and try again."),
        CV.Failure.DAMAGED.value: _("The file is damaged. Save it again from the original and try once more."),
        CV.Failure.SCANNED.value: _(
            "The file holds pictures of text, as a scanner makes them, and no text. "
            "Upload the original document or fill in your profile by hand."
        ),
        CV.Failure.TOO_LARGE.value: _("The file holds far more than a CV does. Upload only your CV."),
        CV.Failure.TOO_SLOW.value: _("The file took too long to read. Save it as a simpler PDF and try again."),
        CV.Failure.INFECTED.value: _(
            "The file holds a virus, so we did not open it. Check your computer, and save the CV anew as a PDF."
        ),
    }.get(failure) or _(
        "We could not read your CV; the fault is ours. Try another file, or fill in your profile by hand."
    )


class ProfileForm(forms.ModelForm):
    class Meta:
        model = Student
        fields = [
            "headline",
            "degree_program",
            "semester",
            "graduation_year",
            "location",
            "phone",
            "experience_years",
            "hours_per_week",
            "english_level",
            "declared_skills",
        ]
        widgets = {
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
            "location": forms.TextInput(attrs={"autocomplete": "address-level2"}),
            "declared_skills": forms.Textarea(attrs={"rows": 5}),
        }

    semester = forms.IntegerField(label=gettext_lazy("Semester"), min_value=1, max_value=20, required=False)
    graduation_year = forms.IntegerField(
        label=gettext_lazy("Year of graduation"), min_value=1950, max_value=2100, required=False, localize=False
    )
    experience_years = forms.IntegerField(
        label=gettext_lazy("Years of experience"), min_value=0, max_value=60, required=False
    )
    hours_per_week = forms.IntegerField(
        label=gettext_lazy("Hours available a week"), min_value=1, max_value=60, required=False
    )
    english_level = forms.ChoiceField(
        label=gettext_lazy("Level of English"), choices=[(level, level or "—") for level in LEVELS], required=False
    )
    declared_skills = forms.CharField(
        label=gettext_lazy("Skills as you name them"),
        help_text=gettext_lazy("One per line. Only skills with evidence count in your matches."),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def clean_experience_years(self) -> int:
        return int(self.cleaned_data["experience_years"] or 0)


class SettingsForm(forms.ModelForm):
    """Who may see the profile, and whether matches are computed at all."""

    class Meta:
        model = Student
        fields = ["visibility", "wants_matching"]
        widgets = {"visibility": forms.RadioSelect}
        labels = {
            "visibility": gettext_lazy("Who may see my profile"),
            "wants_matching": gettext_lazy("Compare my profile with the postings"),
        }


class EntryForm(forms.ModelForm):
    class Meta:
        model = ProfileEntry
        fields = ["title", "organisation", "started_on", "ended_on", "description"]
        widgets = {
            "started_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "ended_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "description": forms.Textarea(attrs={"rows": 5}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        started, ended = cleaned.get("started_on"), cleaned.get("ended_on")
        if started and ended and ended < started:
            self.add_error("ended_on", _("It cannot end before it starts."))
        return cleaned


class SkillForm(forms.Form):
    """A skill in the student's own words, and the statement that is its evidence."""

    name = forms.CharField(label=gettext_lazy("Skill"), max_length=200)
    statement = forms.CharField(
        label=gettext_lazy("Where did you use it?"),
        help_text=gettext_lazy("One or two sentences: what you made, where, when. Companies read them as evidence."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
