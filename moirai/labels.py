"""``get_…_display`` without translating every label of the choices to find one: lists ask for hundreds."""

from __future__ import annotations

from typing import Any

from django.utils.encoding import force_str


class QuickLabels:
    """For models that lists show; does what Django's own does."""

    def _get_FIELD_display(self, field: Any) -> Any:  # noqa: N802 - Django's name
        value = getattr(self, field.attname)
        return force_str(dict(field.flatchoices).get(value, value), strings_only=True)
