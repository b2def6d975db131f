"""What a reader of a report chooses, by address, so that it can be sent to a colleague."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moirai.office.reports import USUAL_DAYS, Asked, Report

FIRST_DAY, LONGEST = date(2000, 1, 1), timedelta(days=366 * 10)


def day(label: Any, **options: Any) -> forms.DateField:
    """A day, picked in a calendar where the browser has one."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": gettext_lazy("Write a date")}, **options
    )


class ReportForm(forms.Form):
    """Period and choices of one report; what the address does not say is as usual."""

    start = day(gettext_lazy("From"))
    end = day(gettext_lazy("Until"))

    def __init__(self, data: QueryDict, *, report: Report, today: date) -> None:
        options = {choice.name: [*choice.options()] for choice in report.choices}
        usual: dict[str, Any] = {name: str(values[0][0]) if values else "" for name, values in options.items()}
        usual |= {"start": (today - timedelta(days=USUAL_DAYS)).isoformat(), "end": today.isoformat()}
        super().__init__(usual | {name: data[name] for name in usual if data.get(name)})
        self.today = today
        if not report.has_dates:
            del self.fields["start"], self.fields["end"]
        for choice in report.choices:
            self.fields[choice.name] = forms.ChoiceField(
                label=str(choice.label), choices=options[choice.name], required=bool(usual[choice.name])
            )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        start, end = values.get("start"), values.get("end")
        if start and end:
            if end < start:
                self.add_error("end", _("The period ends before it begins."))
            elif start < FIRST_DAY or end > self.today + LONGEST or end - start > LONGEST:
                self.add_error("start", _("Choose a period of at most ten years."))
        return values

    @property
    def asked(self) -> Asked:
        values = dict(self.cleaned_data)
        start, end = values.pop("start", self.today), values.pop("end", self.today)
        return Asked(start, end, values)
