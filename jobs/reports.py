"""What the careers office reads of postings and answers: skills in demand, and how companies answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jobs.models import Application, ApplicationEvent, Job, JobSkill
from jobs.placements import PLACEMENTS
from jobs.response import ANSWERS
from moirai.office.charts import MOST_BARS, Chart
from moirai.office.percentiles import Spread, spreads
from moirai.office.protect import least, protect, rounded, share
from moirai.office.reports import Asked, Cell, Choice, Column, Report, Table, register

MOST_SKILLS = 50
MOST_COMPANIES = 40


def demand(asked: Asked, now: datetime) -> Table:
    """Skills that postings asked for which were open in the period; postings are public, so no count is hidden."""
    here, before = Job.taking_applications(asked.since, asked.until), Job.taking_applications(asked.before, asked.since)
    postings = Job.objects.aggregate(here=Count("pk", filter=here), before=Count("pk", filter=before))
    name = "skill__name_en" if (get_language() or "").startswith("en") else "skill__name_es"
    here, before = (Job.taking_applications(*period, prefix="job__") for period in _periods(asked))
    counts = (
        JobSkill.objects.asked()
        .filter(here | before)
        .values("skill_id", name)
        .annotate(
            here=Count("pk", filter=here),
            required=Count("pk", filter=here & Q(level=JobSkill.Level.REQUIRED)),
            before=Count("pk", filter=before),
        )
        .filter(here__gt=0)
        .order_by("-here", "-required", name, "skill_id")[:MOST_SKILLS]
    )
    found = list(counts.values_list(name, "here", "required", "before"))
    rows: list[tuple[Cell, ...]] = [
        (skill, here, share(here, postings["here"]), required, here - required, before, here - before)
        for skill, here, required, before in found
    ]
    columns = [
        Column(_("Skill")), Column(_("Postings")), Column(_("Share of postings"), "%"), Column(_("Required")),
        Column(_("Preferred")), Column(_("Period before")), Column(_("Difference")),
    ]  # fmt: skip
    top = found[:MOST_BARS]
    chart = Chart(
        title=_("Skills that most postings ask for"),
        series=[_("Required"), _("Preferred")],
        labels=[skill for skill, *_rest in top],
        values=[[required, here - required] for _skill, here, required, _before in top],
    )
    note = _("Open postings in the period: %(here)d. In the period before, which is as long: %(before)d.") % postings
    return Table(columns, rows, chart if rows else None, [note])


def _periods(asked: Asked) -> list[tuple[datetime, datetime]]:
    return [(asked.since, asked.until), (asked.before, asked.since)]


# --- How companies answer ---------------------------------------------------------------------------------------------

GROUPS = {"kind": "job__kind", "company": "job__company_id"}
OTHERS = None  # companies that are counted together


def response(asked: Asked, now: datetime) -> Table:
    """Answers to the applications of a period, and how long filled postings were open; by type or company."""
    group = GROUPS[asked.choices["by"]]
    is_by_kind = group == "job__kind"
    sent = (
        Application.objects.filter(created_at__gte=asked.since, created_at__lt=asked.until)
        .filter(student__restricted_since__isnull=True)
        .exclude(status=Application.Status.WITHDRAWN)
    )
    times = _times_to_answer(sent, f"application__{group}")
    counts = sent.order_by().values_list(group, *([] if is_by_kind else ["job__company__name"])).annotate(Count("pk"))
    names: dict[Any, str] = {kind.value: str(kind.label).capitalize() for kind in Job.Kind} | {
        OTHERS: _("Other companies")
    }
    gathered: dict[Any, list[int]] = {}
    for key, *name, size in sorted(counts, key=lambda row: (-row[-1], str(row[0]))):
        is_listed = is_by_kind or (size >= least() and len(gathered) < MOST_COMPANIES)
        row = gathered.setdefault(key if is_listed else OTHERS, [0, 0])
        row[0], row[1] = row[0] + size, row[1] + (times[key].size if key in times else 0)
        names |= {key: name[0]} if name else {}
    return _response_table(gathered, names, times, _fill_times(asked, group.removeprefix("job__")))


def _times_to_answer(sent: QuerySet[Application], group: str) -> dict[Any, Spread]:
    """Days until the first answer, of those that were answered."""
    answers = ApplicationEvent.objects.filter(status__in=ANSWERS)
    of_the_same = answers.filter(application=OuterRef("application"))
    earlier = of_the_same.filter(Q(at__lt=OuterRef("at")) | Q(at=OuterRef("at"), pk__lt=OuterRef("pk")))
    took = ExpressionWrapper(F("at") - F("application__created_at"), output_field=DurationField())
    first = answers.filter(~Exists(earlier), application__in=sent)
    return spreads(first.annotate(took=took), group=group, value="took")


def _fill_times(asked: Asked, group: str) -> dict[Any, Spread]:
    open_for = ExpressionWrapper(F("closes_at") - F("published_at"), output_field=DurationField())
    filled = Job.objects.filter(
        closed_reason=Job.ClosedReason.FILLED, closes_at__gte=asked.since, closes_at__lt=asked.until
    )
    return spreads(filled.filter(published_at__isnull=False).annotate(open_for=open_for), group=group, value="open_for")


def _response_table(
    gathered: dict[Any, list[int]], names: dict[Any, str], times: dict[Any, Spread], fills: dict[Any, Spread]
) -> Table:
    shown, total = protect([[size] for size, _answered in gathered.values()], [None])
    rows: list[tuple[Cell, ...]] = []
    for (key, (_size, answered)), (size,) in zip(gathered.items(), shown, strict=True):
        time, fill = _enough(times.get(key)), _enough(fills.get(key))
        spread = (_days(time, "median"), _days(time, "ninetieth"), _days(fill, "median"))
        rows.append((names.get(key, str(key)), rounded(size), rounded(share(answered, size)), *spread))
    if rows:
        answered = sum(row[1] for row in gathered.values())
        rows.append((_("Total"), rounded(total[0]), rounded(share(answered, total[0])), "", "", ""))
    columns = [
        Column(_("Group")), Column(_("Applications")), Column(_("Answered"), "%"),
        Column(_("Median time to an answer"), _("days")), Column(_("90th percentile"), _("days")),
        Column(_("Median time to fill a posting"), _("days")),
    ]  # fmt: skip
    drawn = [row for row in rows[:-1] if row[3] is not None][:MOST_BARS]
    chart = Chart(
        title=_("How soon companies answer"),
        series=[_("Median")],
        labels=[str(row[0]) for row in drawn],
        values=[[row[3]] for row in drawn],  # type: ignore[list-item]
        unit=_("days"),
    )
    note = _(
        "Numbers and shares are rounded to fives. An answer is any step after “seen”; what was withdrawn is left out."
    )
    return Table(columns, rows, chart if drawn else None, [note])


def _days(spread: Spread | None, which: Literal["median", "ninetieth"]) -> float | None:
    return None if spread is None else round(getattr(spread, which), 1)


def _enough(spread: Spread | None) -> Spread | None:
    return spread if spread is not None and spread.size >= least() else None


register(
    Report(
        "demanda",
        gettext_lazy("Demand for skills"),
        gettext_lazy("What open postings ask for, required or preferred, and how that has changed."),
        demand,
        has_dates=True,
    ),
    Report(
        "respuesta",
        gettext_lazy("Answers of companies"),
        gettext_lazy("How many applications are answered, how soon, and how long it takes to fill a posting."),
        response,
        has_dates=True,
        choices=(
            Choice(
                "by",
                gettext_lazy("By"),
                lambda: [("kind", gettext_lazy("Type of posting")), ("company", gettext_lazy("Company"))],
            ),
        ),
    ),
    PLACEMENTS,
)
