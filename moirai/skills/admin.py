"""The taxonomy in the admin. What staff change becomes theirs: no loader or importer takes it back."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moirai.office.read_only import ReadOnlyAdmin
from moirai.skills.forms import AliasForm, AliasFormSet, RelationForm
from moirai.skills.models import (
    EnrichmentLog,
    Occupation,
    OccupationAlias,
    OccupationGroup,
    OccupationPhrase,
    Skill,
    SkillAlias,
    SkillRelation,
    Source,
)
from moirai.skills.proposal_admin import AliasProposalAdmin
from moirai.skills.signals import aliases_changed

__all__ = ["AliasProposalAdmin"]


class StaffsOwn(admin.ModelAdmin):
    """Rows with a source: those that staff save are staff's from then on."""

    readonly_fields = ["source"]

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm, change: bool) -> None:
        if form.changed_data or not change:
            obj.source = Source.STAFF  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)


class SkillAliasInline(admin.StackedInline):
    model = SkillAlias
    form = AliasForm
    formset = AliasFormSet
    fields = ["language", "text", "is_ambiguous", "source"]
    readonly_fields = ["source"]
    extra = 0


@admin.register(Skill)
class SkillAdmin(StaffsOwn):
    list_display = ["name_es", "name_en", "code", "kind", "source", "aliases_of_it"]
    list_filter = ["kind", "source"]
    search_fields = ["code", "name_es", "name_en", "aliases__folded"]
    autocomplete_fields = ["implies"]
    inlines = [SkillAliasInline]
    ordering = ["name_es", "pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Skill]:
        skills: QuerySet[Skill] = super().get_queryset(request)
        return skills.annotate(alias_count=Count("aliases"))

    @admin.display(description=_("aliases"), ordering="alias_count")
    def aliases_of_it(self, skill: Skill) -> int:
        return skill.alias_count  # type: ignore[attr-defined, no-any-return]

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        changed = [*formset.new_objects, *(row for row, _ in formset.changed_objects), *formset.deleted_objects]
        if texts := [row.text for row in changed]:
            aliases_changed.send(sender=SkillAlias, texts=texts)


@admin.register(SkillAlias)
class SkillAliasAdmin(admin.ModelAdmin):
    form = AliasForm
    list_display = ["text", "skill", "language", "is_ambiguous", "source", "updated_at"]
    list_filter = ["language", "source", "is_ambiguous", "skill__kind"]
    list_select_related = ["skill"]
    search_fields = ["folded", "text", "skill__code", "skill__name_es", "skill__name_en"]
    autocomplete_fields = ["skill"]
    fields = ["skill", "language", "text", "is_ambiguous", "source"]
    readonly_fields = ["source"]
    ordering = ["folded", "pk"]

    def save_model(self, request: HttpRequest, obj: SkillAlias, form: ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        aliases_changed.send(sender=SkillAlias, texts=[obj.text])

    def delete_model(self, request: HttpRequest, obj: SkillAlias) -> None:
        super().delete_model(request, obj)
        aliases_changed.send(sender=SkillAlias, texts=[obj.text])

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[SkillAlias]) -> None:
        texts = list(queryset.values_list("text", flat=True))
        super().delete_queryset(request, queryset)
        aliases_changed.send(sender=SkillAlias, texts=texts)


@admin.register(SkillRelation)
class SkillRelationAdmin(StaffsOwn):
    form = RelationForm
    list_display = ["lower", "upper", "source"]
    list_filter = ["source", "lower__kind"]
    list_select_related = ["lower", "upper"]
    search_fields = ["lower__code", "lower__name_es", "upper__code", "upper__name_es"]
    autocomplete_fields = ["lower", "upper"]
    ordering = ["lower__name_es", "pk"]


@admin.register(OccupationGroup)
class OccupationGroupAdmin(StaffsOwn):
    list_display = ["code", "name_es", "name_en", "source", "occupations_of_it"]
    list_filter = ["source"]
    search_fields = ["code", "name_es", "name_en"]
    ordering = ["code"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[OccupationGroup]:
        groups: QuerySet[OccupationGroup] = super().get_queryset(request)
        return groups.annotate(occupation_count=Count("occupations"))

    @admin.display(description=_("occupations"), ordering="occupation_count")
    def occupations_of_it(self, group: OccupationGroup) -> int:
        return group.occupation_count  # type: ignore[attr-defined, no-any-return]


class OccupationAliasInline(admin.StackedInline):
    model = OccupationAlias
    extra = 0


class OccupationPhraseInline(admin.StackedInline):
    model = OccupationPhrase
    extra = 0


@admin.register(Occupation)
class OccupationAdmin(StaffsOwn):
    list_display = ["title_es", "title_en", "group", "source"]
    list_filter = ["source"]
    list_select_related = ["group"]
    search_fields = ["code", "title_es", "title_en", "group__code", "aliases__text"]
    autocomplete_fields = ["group"]
    inlines = [OccupationAliasInline, OccupationPhraseInline]
    ordering = ["title_en", "pk"]

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        """Its titles and phrases have no source of their own: to change one is to take over the occupation."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            Occupation.objects.filter(pk=form.instance.pk).update(source=Source.STAFF)


@admin.register(OccupationAlias)
class OccupationAliasAdmin(admin.ModelAdmin):
    list_display = ["text", "language", "occupation"]
    list_filter = ["language", "occupation__source"]
    list_select_related = ["occupation"]
    search_fields = ["text", "occupation__title_es", "occupation__title_en"]
    autocomplete_fields = ["occupation"]
    ordering = ["text", "pk"]


@admin.register(OccupationPhrase)
class OccupationPhraseAdmin(admin.ModelAdmin):
    list_display = ["text_es", "text_en", "is_essential", "occupation"]
    list_filter = ["is_essential", "occupation__source"]
    list_select_related = ["occupation"]
    search_fields = ["text_es", "text_en", "occupation__title_es", "occupation__title_en"]
    autocomplete_fields = ["occupation"]
    ordering = ["pk"]


@admin.register(EnrichmentLog)
class EnrichmentLogAdmin(ReadOnlyAdmin):
    """A record of what was read: nobody writes or deletes it here."""

    list_display = ["started_at", "subject", "subject_id", "outcome", "reason", "skills_found", "finished_at"]
    list_filter = ["subject", "outcome", "reason", "language", "extractor_version", "started_at"]
    search_fields = ["=subject_id", "reason"]
    ordering = ["-started_at", "-pk"]
