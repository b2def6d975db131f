"""What recruiters and students write."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobs.models import Company, Job, JobSkill
from jobs.tax_id import has_form
from moirai.middleware import is_storable
from moirai.skills.models import Skill, SkillAlias
from moirai.skills.text import fold

LEVELS_OF_ENGLISH = [("", _("not asked")), *((level, level) for level in ("A1", "A2", "B1", "B2", "C1", "C2"))]
OPEN_AT_MOST = timedelta(days=180)
NUMBERS = {"hours_per_week": (1, 60), "term_months": (1, 60), "credits": (1, 500), "minimum_semester": (1, 20)}
PAY_LIMIT = 10_000_000


class CleanText:
    """Mixin: one kind of line end, and no characters that the database refuses."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc,attr-defined]
        for name, value in list(cleaned.items()):
            if isinstance(value, str):
                cleaned[name] = value.replace("\r\n", "\n").replace("\r", "\n")
                if not is_storable(value):
                    self.add_error(name, _("This text holds characters that cannot be stored."))  # type: ignore[attr-defined]
        return cleaned


class CompanyForm(CleanText, forms.ModelForm):
    tax_id = forms.CharField(
        label=_("Tax id (RFC)"),
        max_length=20,  # with the blanks and hyphens people put in
        required=False,
        help_text=_("12 or 13 characters. It speeds up the verification; it is not published."),
    )
    website = forms.URLField(label=_("Website"), required=False, max_length=200, assume_scheme="https")
    position = forms.CharField(label=_("Your position in the company"), max_length=120, required=False)

    class Meta:
        model = Company
        fields = ["name", "legal_name", "tax_id", "city", "description", "website"]
        labels = {
            "name": _("Name of the company"),
            "legal_name": _("Legal name"),
            "city": _("City"),
            "description": _("What the company does"),
        }
        help_texts = {
            "name": _("As students know it."),
        }
        widgets = {"description": forms.Textarea(attrs={"rows": 5})}

    def clean_tax_id(self) -> str:
        tax_id = re.sub(r"[\s.-]", "", self.cleaned_data["tax_id"].upper())
        if tax_id and not has_form(tax_id):
            raise forms.ValidationError(_("Write the RFC as it stands on your tax certificate: 12 or 13 characters."))
        return tax_id

    def clean_website(self) -> str:
        website: str = self.cleaned_data["website"]
        if website and not website.startswith(("http://", "https://")):
            raise forms.ValidationError(_("Write an address that starts with https://"))
        return website


class JobForm(CleanText, forms.ModelForm):
    """The text and the facts of a posting; ``now`` bounds the closing date."""

    closes_on = forms.DateField(
        label=_("Applications until"),
        required=False,
        help_text=_("Empty: 30 days from publication. At most 180 days from today."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    english_level = forms.ChoiceField(label=_("Level of English"), choices=LEVELS_OF_ENGLISH, required=False)

    class Meta:
        model = Job
        fields = [
            "title", "description", "requirements", "preferences", "language", "kind", "modality", "city", "seniority",
            "hours_per_week", "term_months", "credits", "minimum_semester", "english_level", "pay_from", "pay_to",
            "pay_period",
        ]  # fmt: skip
        labels = {
            "title": _("Title"),
            "description": _("Description"),
            "requirements": _("Requirements"),
            "preferences": _("Nice to have"),
            "language": _("Language of the posting"),
            "kind": _("Type"),
            "modality": _("Modality"),
            "city": _("City"),
            "seniority": _("Experience asked for"),
            "hours_per_week": _("Hours a week"),
            "term_months": _("Duration in months"),
            "credits": _("Credits"),
            "minimum_semester": _("From semester"),
            "pay_from": _("Pay from (MXN)"),
            "pay_to": _("Pay to (MXN)"),
            "pay_period": _("The pay is"),
        }
        help_texts = {
            "description": _("Write or paste the posting. We mark the skills while you write."),
            "requirements": _("One per line."),
            "preferences": _("One per line. Skills named here count as preferred."),
        }
        widgets = {
            "description": forms.Textarea(attrs={"rows": 9}),
            "requirements": forms.Textarea(attrs={"rows": 5}),
            "preferences": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        self.now = now
        super().__init__(*args, **kwargs)
        if self.instance.closes_at is not None:
            self.fields["closes_on"].initial = timezone.localdate(self.instance.closes_at)
        for name in ("title", "description", "requirements", "preferences"):
            self.fields[name].widget.attrs.update(LIVE)
        bounds = {**NUMBERS, "pay_from": (0, PAY_LIMIT), "pay_to": (0, PAY_LIMIT)}
        for name, (low, high) in bounds.items():
            self.fields[name].validators += [MinValueValidator(low), MaxValueValidator(high)]
            self.fields[name].widget.attrs.update({"min": low, "max": high, "inputmode": "numeric"})
        self.order_fields([*self.Meta.fields[:4], *self.Meta.fields[4:], "closes_on"])

    def clean_closes_on(self) -> Any:
        closes_on = self.cleaned_data["closes_on"]
        today = timezone.localdate(self.now)
        if closes_on is not None and not today < closes_on <= today + OPEN_AT_MOST:
            raise forms.ValidationError(_("Choose a date between tomorrow and 180 days from today."))
        return closes_on

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        low, high = cleaned.get("pay_from"), cleaned.get("pay_to")
        if low is not None and high is not None and high < low:
            self.add_error("pay_to", _("The upper pay cannot be less than the lower one."))
        return cleaned

    @property
    def job_fields(self) -> dict[str, Any]:
        """The cleaned values by the names of the model's fields."""
        values = {name: self.cleaned_data[name] for name in self.Meta.fields}
        closes_on = self.cleaned_data["closes_on"]
        end = datetime.combine(closes_on, time(23, 59, 59)) if closes_on else None
        values["closes_at"] = timezone.make_aware(end) if end else self.instance.closes_at
        return values


#: The texts ask for a preview 600 ms after the last key; without JavaScript the button "Detect" does.
LIVE = {
    "hx-post": "",
    "hx-trigger": "input changed delay:600ms",
    "hx-target": "#detected",
    "hx-include": "closest form",
    "hx-sync": "closest form:replace",
}


class LevelsForm(forms.Form):
    """One choice per skill of a posting, keyed by skill id."""

    def __init__(self, *args: Any, rows: list[JobSkill], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"level_{row.skill_id}"] = forms.ChoiceField(
                label=row.skill.name, choices=JobSkill.Level.choices, required=False
            )

    @property
    def levels(self) -> dict[int, str]:
        chosen = {row.skill_id: self.cleaned_data.get(f"level_{row.skill_id}", "") for row in self.rows}
        return {skill_id: level for skill_id, level in chosen.items() if level}


class AddSkillForm(CleanText, forms.Form):
    """A known skill by any of its names."""

    name = forms.CharField(label=_("Skill"), max_length=200, help_text=_("A name as you would write it in a posting."))
    level = forms.ChoiceField(label=_("Level"), choices=JobSkill.Level.choices[:2], initial=JobSkill.Level.REQUIRED)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        folded = fold(name.strip())
        alias = SkillAlias.objects.select_related("skill").filter(folded=folded).order_by("pk").first()
        if alias is None:
            near = Skill.objects.filter(aliases__folded__contains=folded).distinct().order_by("name_es")[:5]
            names = ", ".join(skill.name for skill in near)
            raise forms.ValidationError(
                _("We know no skill of that name. Did you mean: %(names)s?") % {"names": names}
                if names
                else _("We know no skill of that name. Try another spelling.")
            )
        self.skill = alias.skill
        return name


class CloseForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("Why do you close it?"), choices=Job.ClosedReason.choices[:2], widget=forms.RadioSelect
    )
