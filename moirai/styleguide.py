"""`/estilo/`, in DEBUG only: every component in each of its states, with invented content."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from moirai.samples import Thread, sample_explanation


class SampleForm(forms.Form):
    """A field of each kind; the names are only for this page."""

    name = forms.CharField(label="Nombre", help_text="Como en tu acta")
    semester = forms.IntegerField(label="Semestre", required=False, disabled=True, initial=8)
    kind = forms.ChoiceField(
        label="Tipo", choices=[("a", "Prácticas"), ("b", "Medio tiempo")], widget=forms.RadioSelect
    )
    city = forms.ChoiceField(label="Ciudad", choices=[("m", "Mérida"), ("o", "Oaxaca")], required=False)
    cv = forms.FileField(label="Tu CV", help_text="PDF, DOCX u ODT, hasta 5 MB")
    note = forms.CharField(label="Nota", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agree = forms.BooleanField(label="Acepto el aviso de privacidad")


def sample_job(pk: int, **fields: Any) -> SimpleNamespace:
    """What ``components/job_card.html`` reads of a posting."""
    job = {
        "public_id": "abcdefghj" + "kmn"[pk - 1], "title": "Analista de datos jr.", "city": "Puebla",
        "hours_per_week": 20,
        "pay_from": 8000, "pay_to": 10000, "closes_at": timezone.now() + timedelta(days=30), "is_saved": False,
        "company": SimpleNamespace(pk=pk, name="Banca Sierra"), "get_absolute_url": "#contenido",
        "get_modality_display": "híbrido", "get_kind_display": "prácticas profesionales",
        "get_pay_period_display": lambda: "al mes",
    }  # fmt: skip
    return SimpleNamespace(**job | fields)


def sample_steps() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {"label": "Enviada", "at": now - timedelta(days=3), "note": "Compartiste: nombre, CV y explicación"},
        {"label": "En revisión", "at": now, "note": "", "state": "now"},
        {"label": "Entrevista", "at": None, "note": "", "state": "next"},
    ]


@require_safe
@login_not_required
def page(request: HttpRequest) -> HttpResponse:
    if not settings.SHOWS_COMPONENTS:
        raise Http404
    context = {
        "now": timezone.now(),
        "sample": sample_explanation(),
        "threads": [(100, Thread(100, 100, [40])), (62, Thread(30, 62, [])), (0, Thread(0, 0, []))],
        "chips": [{"label": kind, "kind": kind} for kind in ("direct", "related", "none")],
        "jobs": [
            sample_job(1),
            sample_job(2, title="Prácticas en riesgo de crédito con un título que ocupa dos líneas"),
        ],
        "closing": sample_job(3, closes_at=timezone.now() + timedelta(days=2), pay_from=None, pay_to=None),
        "refused": SampleForm({"city": "x", "note": "Lo que se escribió se conserva."}, auto_id="no_%s"),
        "fresh": SampleForm(auto_id="si_%s"),
        "pages": Paginator(range(300), 10).page(7),
        "steps": ["Cuenta", "CV", "Habilidades", "Vacantes"],
        "timeline": sample_steps(),
    }
    return render(request, "styleguide/styleguide.html", context)
