"""Surveys of graduates as staff see them in the admin: when, of whom, and how many; nobody's answer is read here."""

from __future__ import annotations

from django.contrib import admin

from moirai.office.read_only import ReadOnlyAdmin
from students.models import OutcomeAnswer, OutcomeSurvey


@admin.register(OutcomeSurvey)
class OutcomeSurveyAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "created_at", "remind_on", "closes_on", "created_by"]
    list_filter = ["graduation_year", "closes_on"]
    list_select_related = ["created_by"]
    search_fields = ["degree_program", "=public_id"]
    ordering = ["-created_at", "-pk"]


@admin.register(OutcomeAnswer)
class OutcomeAnswerAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "survey", "status", "invited_at", "reminded_at", "answered_at"]
    list_filter = ["status", "survey__graduation_year"]
    list_select_related = ["survey"]
    search_fields = ["=public_id", "=student__public_id"]
    fields = ["survey", "student", "status", "invited_at", "reminded_at", "answered_at"]
    ordering = ["-pk"]
