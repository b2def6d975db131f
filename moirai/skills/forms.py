"""Forms of the taxonomy in the admin: the constraints of the tables, said at the field."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from moirai.skills.models import SkillAlias, SkillRelation, Source
from moirai.skills.text import fold


class AliasForm(forms.ModelForm):
    class Meta:
        model = SkillAlias
        fields = ["skill", "language", "text", "is_ambiguous"]

    def clean(self) -> dict[str, Any]:
        """An alias means one skill; what staff write is staff's."""
        cleaned = super().clean() or {}
        text, language = " ".join((cleaned.get("text") or "").split()), cleaned.get("language")
        if not text or not language:
            return cleaned
        cleaned["text"] = text
        self.instance.folded = fold(text)
        others = SkillAlias.objects.select_related("skill").filter(language=language, folded=fold(text))
        if other := others.exclude(pk=self.instance.pk).first():
            self.add_error("text", _("“%(text)s” names %(skill)s already.") % {"text": text, "skill": other.skill})
        if self.has_changed():
            self.instance.source = Source.STAFF
        return cleaned


class AliasFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        """The same alias twice in one form."""
        super().clean()
        seen: set[tuple[str, str]] = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            place = (values.get("language", ""), fold(values.get("text") or ""))
            if not place[1] or values.get("DELETE"):
                continue
            if place in seen:
                form.add_error("text", _("This alias is there twice."))
            seen.add(place)


class RelationForm(forms.ModelForm):
    class Meta:
        model = SkillRelation
        fields = ["lower", "upper"]

    def clean(self) -> dict[str, Any]:
        """Two different skills, in the order in which the table has them."""
        cleaned = super().clean() or {}
        lower, upper = cleaned.get("lower"), cleaned.get("upper")
        if lower and lower == upper:
            self.add_error("upper", _("A skill is not near itself."))
        elif lower and upper and lower.pk > upper.pk:
            cleaned["lower"], cleaned["upper"] = upper, lower
        return cleaned
