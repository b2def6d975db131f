"""What staff send to import a cohort."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from students.cohort_fields import LABELS
from students.models import Cohort

PROBLEMS = {
    "empty": gettext_lazy("The file is empty."),
    "header": gettext_lazy("Line %(line)s is no header with the names of the columns."),
    "twice": gettext_lazy("Two columns have the same name (line %(line)s)."),
    "quote": gettext_lazy("A quotation mark opens on line %(line)s and never closes, or closes too early."),
    "encoding": gettext_lazy("From line %(line)s on, the text cannot be read. Save the file as CSV UTF-8."),
    "json": gettext_lazy("The JSON is broken on line %(line)s."),
    "no_title": gettext_lazy("No column is the title, or none is the description."),
    "many": gettext_lazy("These are too many rows for this page. Send up to 200 at once."),
    "changed": gettext_lazy("Something changed since the file was checked (line %(line)s). Upload it again."),
    "rows": gettext_lazy("The file has a header and no rows."),
}


def describe(problem: str, line: int | None) -> str:
    """Why a file is refused, in words; '' where it is not."""
    text = PROBLEMS.get(problem)
    return str(text) % {"line": line or 1} if text else ""


class CohortForm(forms.Form):
    """The file; what is in it is judged by `csv_import`."""

    file = forms.FileField(
        label=gettext_lazy("File of the cohort (CSV)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file"), "invalid": gettext_lazy("Choose a file")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        limit = filesizeformat(settings.CV_MAX_BYTES)
        self.fields["file"].help_text = _("Up to %(limit)s; for larger ones there is a command.") % {"limit": limit}

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > settings.CV_MAX_BYTES:
            limit = filesizeformat(settings.CV_MAX_BYTES)
            raise forms.ValidationError(_("The file is larger than %(limit)s.") % {"limit": limit})
        return file


class MappingForm(forms.Form):
    """For each thing we know of a person, the column that says it."""

    def __init__(self, data: Any = None, *, cohort: Cohort) -> None:
        super().__init__(data)
        columns = [(str(at), f"{at + 1}. {name}") for at, name in enumerate(cohort.header)]
        for name, label in LABELS.items():
            is_key = name == "student_number"
            choice = forms.TypedChoiceField(
                label=label,
                choices=[("", "—"), *columns],
                required=is_key,
                coerce=int,
                empty_value=None,
                initial=cohort.mapping.get(name, ""),
            )
            self.fields[name] = choice

    def clean(self) -> dict[str, Any]:
        taken: dict[int, str] = {}
        for name, at in list((super().clean() or {}).items()):
            if at is not None and at in taken:
                self.add_error(name, _("The column is taken for %(field)s already.") % {"field": LABELS[taken[at]]})
            elif at is not None:
                taken[at] = name
        return self.cleaned_data

    @property
    def mapping(self) -> dict[str, int]:
        return {name: at for name, at in self.cleaned_data.items() if at is not None}
