"""Forms of the pages as JSON: the serializer judges types, the form all else, so both ask the same of what is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeVar, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

F = TypeVar("F", bound=forms.BaseForm)


class FormSerializer(serializers.Serializer):
    """The fields of ``form_class``, or those ``only``; what has an initial value there need not be sent."""

    form_class: ClassVar[type[forms.BaseForm]]
    only: ClassVar[Iterable[str] | None] = None

    def get_fields(self) -> dict[str, serializers.Field]:
        known = self.form_class.base_fields  # type: ignore[attr-defined]
        named = {name: as_json(known[name]) for name in (known if self.only is None else self.only)}
        return super().get_fields() | named


def as_json(field: forms.Field) -> serializers.Field:
    """The field of JSON for a field of a form."""
    said: dict[str, Any] = {"required": field.required and field.initial is None}
    if isinstance(field, forms.ChoiceField):
        values = [value for value, _label in cast("Iterable[tuple[str, str]]", field.choices) if value != ""]
        return serializers.ChoiceField(values, allow_blank=not field.required, **said)
    if isinstance(field, forms.BooleanField):
        return serializers.BooleanField(**said)
    if isinstance(field, forms.FileField):
        return serializers.FileField(allow_empty_file=True, **said)
    if isinstance(field, forms.IntegerField):
        said |= {"min_value": field.min_value, "max_value": field.max_value}
        return serializers.IntegerField(allow_null=not field.required, **said)
    if isinstance(field, forms.DateField):
        return serializers.DateField(allow_null=not field.required, **said)
    assert isinstance(field, forms.CharField), field
    return serializers.CharField(max_length=field.max_length, allow_blank=not field.required, **said)


def filled(request: Request, asks: type[FormSerializer], make: Callable[..., F]) -> F:
    """The valid form with what was sent; what was not is as ``make`` shows it before anybody types."""
    sent = checked(asks(data=request.data, partial=request.method == "PATCH"))
    shown = make()
    files = {name: value for name, value in sent.items() if isinstance(value, UploadedFile)}
    form = make({name: shown[name].value() for name in shown.fields} | sent, files)
    if not form.is_valid():
        named = {name.replace("__all__", "non_field_errors"): errors for name, errors in form.errors.items()}
        raise ValidationError({name: [str(error) for error in errors] for name, errors in named.items()})
    return form


def checked(asked: serializers.Serializer) -> dict[str, Any]:
    """What a request says, once it is right."""
    asked.is_valid(raise_exception=True)
    said: dict[str, Any] = asked.validated_data
    return said
