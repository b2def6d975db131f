"""What staff send to ask a cohort, and what a graduate answers."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moirai.office.forms import day
from students.models import OutcomeAnswer, Student

USUALLY_OPEN, USUALLY_REMIND = timedelta(days=42), timedelta(days=14)
LONGEST = timedelta(days=366)
MOST_MONTHS = 120
YES_OR_NO = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class SurveyForm(forms.Form):
    """A cohort, and until when it may answer."""

    degree_program = forms.ChoiceField(label=gettext_lazy("Degree programme"))
    graduation_year = forms.TypedChoiceField(label=gettext_lazy("Year of graduation"), coerce=int)
    remind_on = day(
        gettext_lazy("Reminder on"),
        required=False,
        help_text=gettext_lazy("One, to those who have not answered. Empty: none."),
    )
    closes_on = day(gettext_lazy("Last day to answer"))

    def __init__(self, data: Any = None, *, today: date) -> None:
        super().__init__(data, initial={"closes_on": today + USUALLY_OPEN, "remind_on": today + USUALLY_REMIND})
        self.today = today
        graduated = Student.objects.filter(user__is_active=True).exclude(degree_program="")
        cohorts = graduated.filter(graduation_year__lte=today.year).order_by()
        programmes = sorted(cohorts.values_list("degree_program", flat=True).distinct())
        years = sorted(filter(None, cohorts.values_list("graduation_year", flat=True).distinct()), reverse=True)
        for name, values in (("degree_program", programmes), ("graduation_year", years)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", "—"), *((str(value), str(value)) for value in values)]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        closes, reminder = values.get("closes_on"), values.get("remind_on")
        if closes and not self.today < closes <= self.today + LONGEST:
            self.add_error("closes_on", _("Choose a day within a year from tomorrow on."))
        elif closes and reminder and not self.today < reminder <= closes:
            self.add_error("remind_on", _("Choose a day between tomorrow and the last one."))
        return values


def _yes_or_no(label: Any, *, required: bool = True, help_text: Any = "") -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=YES_OR_NO,
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=required,
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"required": gettext_lazy("Choose yes or no")},
    )


class OutcomeForm(forms.Form):
    """Two questions that count, and three that help."""

    is_working = _yes_or_no(gettext_lazy("Do you work?"))
    is_studying = _yes_or_no(gettext_lazy("Do you study?"))
    through_moirai = _yes_or_no(
        gettext_lazy("Did you find your work through Moirai?"), required=False, help_text=gettext_lazy("If you work.")
    )
    months_to_job = forms.IntegerField(
        label=gettext_lazy("Months until your first job after graduating"),
        required=False,
        min_value=0,
        max_value=MOST_MONTHS,
        help_text=gettext_lazy("0 if you had it already."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where do you work or study?"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("It is kept encrypted, and is in no file and no report."),
    )

    @classmethod
    def of(cls, row: OutcomeAnswer) -> OutcomeForm:
        """With what was answered before."""
        said = {True: "yes", False: "no", None: ""}
        initial: dict[str, Any] = {
            name: said[getattr(row, name)] for name in ("is_working", "is_studying", "through_moirai")
        }
        return cls(initial=initial | {"months_to_job": row.months_to_job, "place": row.place})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("is_working") is False and values.get("through_moirai"):
            self.add_error("through_moirai", _("You said that you do not work."))
        return values
