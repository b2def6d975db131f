"""The CV with its evidence marked, skills added by hand, and evidence called wrong."""

from __future__ import annotations

from http import HTTPStatus

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from students import change
from students.access import next_page, student_of
from students.forms import SkillForm
from students.marking import marked_pages
from students.models import CV, Evidence
from students.suggest import known_skill, near_names


@require_GET
def cv(request: HttpRequest) -> HttpResponse:
    """The text we read, with every piece of evidence marked; ``#e<id>`` leads to one."""
    student = student_of(request)
    current = student.cvs.filter(is_current=True).first()
    if current is None:
        return redirect("students:upload_cv")
    evidence = current.evidence.select_related("student_skill__skill").order_by("start", "pk")
    return render(request, "students/cv.html", {"cv": current, "pages": marked_pages(current.text, evidence)})


@require_GET
@never_cache
def cv_file(request: HttpRequest, cv: str) -> FileResponse:
    """The file as it was uploaded, to its owner only, never shown inside the browser."""
    return file_of(get_object_or_404(CV.objects.defer("text"), public_id=cv, student=student_of(request)))


def file_of(row: CV) -> FileResponse:
    try:
        content = row.file.open("rb")
    except (ValueError, FileNotFoundError):  # imported as text, or gone from the disk
        raise Http404 from None
    name = row.original_name or "cv"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def add_skill(request: HttpRequest) -> HttpResponse:
    """A skill by name with a statement as evidence; names that we do not know get near spellings to choose from."""
    student = student_of(request)
    data = request.POST.copy()
    typed = data.get("name", "")
    if chosen := data.get("chosen"):
        data["name"] = chosen
    form = SkillForm(data if request.method == "POST" else None, initial={"name": request.GET.get("name", "")[:200]})
    near: list[str] = []
    if form.is_bound and form.is_valid():
        skill = known_skill(form.cleaned_data["name"])
        if skill is not None:
            change.state_skill(
                student=student, skill=skill, statement=form.cleaned_data["statement"], now=timezone.now()
            )
            if chosen and typed:
                change.propose_name(
                    student=student,
                    skill=skill,
                    name=typed,
                    statement=form.cleaned_data["statement"],
                    now=timezone.now(),
                )
            messages.success(request, _("%(skill)s is part of your profile now.") % {"skill": skill.name})
            return redirect(next_page(request, "students:profile"))
        near = near_names(form.cleaned_data["name"])
        form.add_error("name", _("We do not know this skill. Choose one of those below or write it another way."))
    context = {"form": form, "near": near, "next": next_page(request, "students:profile")}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "students/add_skill.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def contest_evidence(request: HttpRequest, evidence: int) -> HttpResponse:
    """Asks on GET; on POST the evidence counts no more, or (``undo``) again."""
    rows = Evidence.objects.select_related("cv", "student_skill__skill", "student_skill__student")
    row = get_object_or_404(rows, pk=evidence, student_skill__student=student_of(request))
    if request.method != "POST":
        context = {"evidence": row, "next": next_page(request, "students:profile")}
        return render(request, "students/contest_evidence.html", context)
    is_wrong = "undo" not in request.POST
    change.contest(evidence=row, is_wrong=is_wrong, now=timezone.now())
    if is_wrong:
        messages.success(request, _("It no longer counts. Your matches are being updated."))
    else:
        messages.success(request, _("It counts again. Your matches are being updated."))
    return redirect(next_page(request, "students:profile"))
