"""The board of a posting: its applications by stage, moved one by one or several at once."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods

from jobs.access import for_recruiters
from jobs.application_forms import BulkMoveForm
from jobs.models import Application, Job, Message, Recruiter, Side
from jobs.models.application import ApplicationQuerySet
from jobs.pipeline import CROWD, S, move_many, next_statuses
from matching.models import POINT

IN_A_LANE = 20
#: Lanes from left to right: key, name, statuses.
LANES: dict[str, tuple[str | Promise, tuple[S, ...]]] = {
    "received": (pgettext_lazy("lane", "Received"), (S.SENT, S.SEEN)),
    "in_review": (pgettext_lazy("lane", "In review"), (S.IN_REVIEW,)),
    "interview": (pgettext_lazy("lane", "Interview"), (S.INTERVIEW,)),
    "ended": (pgettext_lazy("lane", "Ended"), (S.ACCEPTED, S.REJECTED, S.NO_ANSWER)),
}
EMPTY = {
    "received": gettext_lazy("New applications arrive here."),
    "in_review": gettext_lazy("Those you are reading."),
    "interview": gettext_lazy("Those you want to meet."),
    "ended": gettext_lazy("Ended applications stay here, with their reason."),
}


@dataclass(frozen=True, slots=True)
class Card:
    application: Application
    points: int | None
    moves: tuple[S, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    key: str
    name: str
    empty: str
    total: int
    cards: list[Card]
    has_more: bool


@require_http_methods(["GET", "HEAD", "POST"])
@for_recruiters
def board(request: HttpRequest, recruiter: Recruiter, job: str) -> HttpResponse:
    """All lanes with their first cards, or one lane page by page; POST moves the chosen ones."""
    posting = get_object_or_404(Job.objects.of(recruiter.company).select_related("company"), public_id=job)
    rows = Application.objects.of_job(posting).active()
    rows = rows if recruiter.company.is_verified else rows.none()
    form = BulkMoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        _move(request, rows, recruiter, form.cleaned_data["to"])
        return redirect(request.get_full_path())
    counts = rows.aggregate(**{key: Count("pk", filter=Q(status__in=lane[1])) for key, lane in LANES.items()})
    only = request.GET.get("lane", "")
    page = None
    if only in LANES:
        of_lane = _for_cards(rows.filter(status__in=LANES[only][1]))
        page = Paginator(of_lane, IN_A_LANE).get_page(request.GET.get("page"))
    shown = _cards(posting, list(page if page is not None else _for_cards(_first_of_each(rows))))
    context = {
        "job": posting,
        "lanes": [_lane(key, counts[key], shown) for key in LANES if page is None or key == only],
        "page": page,
        "form": form,
        "invited": posting.invitations.in_force().filter(expires_at__gt=timezone.now()).count(),
        "back": request.get_full_path(),
    }
    return render(request, "matching/board.html", context, status=422 if form.is_bound else 200)


def _first_of_each(rows: ApplicationQuerySet) -> ApplicationQuerySet:
    """The first cards of every lane, all in one query."""
    whens = [When(status__in=statuses, then=Value(key)) for key, (_name, statuses) in LANES.items()]
    place = Window(RowNumber(), partition_by=[Case(*whens, output_field=CharField())], order_by=["created_at", "id"])
    first = rows.annotate(place=place).filter(place__lte=IN_A_LANE)
    return Application.objects.filter(pk__in=first.values("pk"))


def _for_cards(rows: ApplicationQuerySet) -> QuerySet[Application]:
    """Who has waited longest comes first; the score orders nothing here."""
    unread = Message.objects.filter(application=OuterRef("pk")).unread_by(Side.COMPANY)
    return rows.named().annotate(has_unread=Exists(unread)).order_by("created_at", "id")


def _cards(job: Job, rows: list[Application]) -> list[Card]:
    """Applications with the points of their match, where there is one."""
    matches = job.matches.filter(student__in=[row.student_id for row in rows])
    points = {student: (score + POINT // 2) // POINT for student, score in matches.values_list("student", "score")}
    return [Card(row, points.get(row.student_id), next_statuses(row, side=Side.COMPANY)) for row in rows]


def _lane(key: str, total: int, shown: list[Card]) -> Lane:
    name, statuses = LANES[key]
    cards = [card for card in shown if card.application.status in statuses]
    return Lane(key, str(name), str(EMPTY[key]), total, cards, has_more=total > len(cards))


def _move(request: HttpRequest, rows: QuerySet[Application], recruiter: Recruiter, to: str) -> None:
    """Move the chosen applications that are this company's, and say how many went and how many could not."""
    chosen = rows.filter(public_id__in=request.POST.getlist("chosen")[:CROWD]).order_by("id")
    moved = move_many(applications=chosen, to=to, actor=recruiter.user, now=timezone.now())
    if moved.done:
        words = ngettext("%d application was moved.", "%d applications were moved.", moved.done)
        messages.success(request, words % moved.done)
    if moved.left:
        words = ngettext("%d could not go there and stays.", "%d could not go there and stay.", moved.left)
        messages.error(request, words % moved.left)
    if not moved.done and not moved.left:
        messages.error(request, _("Choose at least one application."))
