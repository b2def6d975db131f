"""What staff decide with, and what people report with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jobs.forms import CleanText
from jobs.models import Report
from jobs.moderation import WITH_COMMENT, Step

#: What the button does, where the name of the step is what was done.
VERBS = {
    Step.VERIFIED: pgettext_lazy("company", "Verify"),
    Step.ASKED: pgettext_lazy("company", "Ask for information"),
    Step.DECLINED: pgettext_lazy("company", "Decline"),
    Step.SUSPENDED: _("Suspend the company: its postings leave the public pages and applicants are told"),
    Step.TRUSTED: _("Trust: publish its postings at once where nothing is found"),
    Step.UNTRUSTED: _("Trust no longer"),
    Step.PUBLISHED: pgettext_lazy("posting", "Publish"),
    Step.RETURNED: _("Return with a comment"),
    Step.REFUSED: _("Decline for good"),
    Step.EXTENDED: _("Extend by 30 days"),
    Step.CLOSED: _("Close; applicants are told"),
    Step.HIDDEN: _("Hide now, while you look into it"),
    Step.WARNED: _("Tell the applicants"),
    Step.DISMISSED: _("Dismiss the reports"),
}


class RulingForm(CleanText, forms.Form):
    """A decision; ``seen`` is the revision that the page showed, so that nobody approves what was changed since."""

    step = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Comment"),
        help_text=_("The other side reads it. Publishing, verifying and extending need none."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    seen = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, steps: Sequence[Step], now_at: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now_at = now_at
        field = self.fields["step"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(step.value, capfirst(str(VERBS[step]))) for step in steps]
        self.fields["seen"].initial = now_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        step = cleaned.get("step")
        if step and Step(step) in WITH_COMMENT and not cleaned.get("comment", "").strip():
            self.add_error("comment", _("Write why; the other side reads it."))
        if cleaned.get("seen", "") != self.now_at:
            self.add_error(None, _("It was changed since you opened this page. Read it again, then decide."))
            self.data = {**self.data.dict(), "seen": self.now_at} if isinstance(self.data, QueryDict) else self.data
        return cleaned


class ReportForm(CleanText, forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("What happened"),
        help_text=_("Only the careers office reads it. The company does not learn who wrote."),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
