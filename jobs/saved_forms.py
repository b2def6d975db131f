"""The one choice of a saved search."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from jobs.models import SavedSearch

FREQUENCIES = [(SavedSearch.Frequency.DAILY.value, _("Daily")), (SavedSearch.Frequency.WEEKLY.value, _("Weekly"))]


class FrequencyForm(forms.Form):
    frequency = forms.ChoiceField(
        label=_("How often"), choices=FREQUENCIES, widget=forms.RadioSelect, initial=SavedSearch.Frequency.DAILY
    )
