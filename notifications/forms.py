"""How a person wants to be told."""

from __future__ import annotations

from typing import Any

from django import forms

from moirai.accounts.models import User
from notifications.models import Channel, Kind
from notifications.preferences import channels_for, channels_of


class PreferencesForm(forms.Form):
    """One field per kind that the person's role meets."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, channel in channels_of(user).items():
            label = str(kind.label)
            self.fields[kind.value] = forms.ChoiceField(
                label=label[:1].upper() + label[1:],
                choices=[(way.value, way.label) for way in channels_for(kind)],
                initial=channel.value,
            )

    def channels(self) -> dict[Kind, Channel]:
        return {Kind(name): Channel(value) for name, value in self.cleaned_data.items()}
