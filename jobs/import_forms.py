"""The file in which recruiters bring their postings."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from students.cohort_forms import CohortForm


class ImportForm(CohortForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        file = self.fields["file"]
        file.label = _("File of postings (CSV or JSON)")
        file.help_text = _("Up to 200 postings. One row for each, with at least a title and a description.")
        file.widget.attrs["accept"] = ".csv,.txt,.json,.jsonl,text/csv,application/json"
