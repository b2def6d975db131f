"""The profile: everything in it, its settings, its entries, and a page to print."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from students import change
from students.access import student_of
from students.forms import EntryForm, ProfileForm, SettingsForm
from students.models import CV, ProfileEntry, Student, StudentSkill
from students.parts import completion, entries_by_kind
from students.suggest import from_cv


def _shown_skills(student: Student) -> QuerySet[StudentSkill]:
    return student.skills.exclude(status=StudentSkill.Status.REMOVED).with_evidence().by_name()


def _current_cv(student: Student) -> CV | None:
    return student.cvs.filter(is_current=True).first()


@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    """All parts of the profile, what is missing, and who may see it."""
    student = student_of(request)
    return _profile_page(request, student, SettingsForm(instance=student))


def _profile_page(request: HttpRequest, student: Student, settings: SettingsForm) -> HttpResponse:
    cv, entries = _current_cv(student), list(student.entries.in_order())
    skills = list(_shown_skills(student))
    context = {
        "student": student,
        "cv": cv,
        "skills": skills,
        "kinds": entries_by_kind(entries),
        "form": settings,
        "tasks": completion(student, cv=cv, skills=skills, entries=entries),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if settings.errors else HTTPStatus.OK
    return render(request, "students/profile.html", context, status=status)


@require_POST
def save_settings(request: HttpRequest) -> HttpResponse:
    """Visibility and whether matches are wanted."""
    student = student_of(request)
    form = SettingsForm(request.POST, instance=student)
    if not form.is_valid():
        return _profile_page(request, student, form)
    change.save_profile(student=student, fields=form.fields, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect("students:profile")


@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """The plain facts of the profile; empty fields are filled with what the CV suggests, to be saved or not."""
    student, now = student_of(request), timezone.now()
    suggested = {} if request.method == "POST" else from_cv(_current_cv(student), student, this_year=now.year)
    form = ProfileForm(request.POST or None, instance=student, initial=suggested)
    if request.method == "POST" and form.is_valid():
        change.save_profile(student=student, fields=form.fields, now=now)
        messages.success(request, _("Saved. Your matches are being updated."))
        return redirect("students:profile")
    context = {"form": form, "suggested": [form[name].label for name in suggested]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "students/edit_profile.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def add_entry(request: HttpRequest, kind: str) -> HttpResponse:
    """A new line of one kind: a degree, a post, a project, a language, a certificate."""
    if kind not in ProfileEntry.Kind.values:
        raise Http404
    return _entry_page(request, ProfileEntry(student=student_of(request), kind=kind))


@require_http_methods(["GET", "HEAD", "POST"])
def edit_entry(request: HttpRequest, entry: int) -> HttpResponse:
    return _entry_page(request, get_object_or_404(ProfileEntry, pk=entry, student=student_of(request)))


def _entry_page(request: HttpRequest, entry: ProfileEntry) -> HttpResponse:
    form = EntryForm(request.POST or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        change.save_entry(entry=form.save(commit=False), now=timezone.now())
        messages.success(request, _("Saved."))
        return redirect("students:profile")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "students/entry.html", {"form": form, "entry": entry}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def delete_entry(request: HttpRequest, entry: int) -> HttpResponse:
    """Asks on GET, deletes on POST."""
    row = get_object_or_404(ProfileEntry, pk=entry, student=student_of(request))
    if request.method != "POST":
        return render(request, "students/delete_entry.html", {"entry": row})
    change.delete_entry(entry=row, now=timezone.now())
    messages.success(request, _("Deleted."))
    return redirect("students:profile")


@require_GET
def print_profile(request: HttpRequest) -> HttpResponse:
    """The profile on paper, with the sentences that prove each skill."""
    student = student_of(request)
    context = {
        "student": student,
        "skills": list(_shown_skills(student)),
        "kinds": [kind for kind in entries_by_kind(list(student.entries.in_order())) if kind.entries],
    }
    return render(request, "students/print_profile.html", context)
