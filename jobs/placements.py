"""What became of graduates, by programme and year: hires through Moirai, and what they said in surveys.

All programmes and years make one table whose counts are protected together; the filters choose among its rows, so that
no two choices can be subtracted from each other.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jobs.models import Application
from moirai.office.charts import MOST_BARS, Chart
from moirai.office.percentiles import spreads
from moirai.office.protect import Shown, least, protect, share, small_groups
from moirai.office.reports import Asked, Cell, Choice, Column, Report, Table, Text
from students.models import OutcomeAnswer, Student

# Columns of counts, each with the column that it is a part of.
GRADUATES, HIRED, ASKED, ANSWERED, WORKING, STUDYING, FOUND = range(7)
BASES = (None, GRADUATES, None, ASKED, ANSWERED, ANSWERED, WORKING)
ALL = "all"
Groups = dict[int, dict[str, list[int]]]  # by year of graduation and programme; small programmes are ""


def placements(asked: Asked, now: datetime) -> Table:
    """The rows of the chosen year and programme, or of all; the total of a year stands below its programmes."""
    groups, months = _groups(), _months()
    rows: list[tuple[Cell, ...]] = []
    wanted_year, wanted = asked.choices["year"], asked.choices["programme"]
    for year in sorted(groups, reverse=True):
        if wanted_year not in (ALL, str(year)):
            continue
        shown, total = protect(list(groups[year].values()), BASES, zeros={ASKED})
        named = zip(groups[year], shown, strict=True)
        rows += [_row(year, name or _("Other programmes"), counts) for name, counts in named if wanted in (ALL, name)]
        if wanted == ALL:
            rows.append(_row(year, _("All programmes"), total, months.get(year)))
    columns = [
        Column(_("Programme")), Column(_("Year")), Column(_("Graduates")), Column(_("Hired through Moirai")),
        Column(_("Hired through Moirai"), "%"), Column(_("People asked")), Column(_("Answers")), Column(_("Work"), "%"),
        Column(_("Study"), "%"), Column(_("Work found through Moirai"), "%"),
        Column(_("Median time to the first job"), _("months")),
    ]  # fmt: skip
    notes = [_("Work and study are shares of those who answered. Programmes of few graduates are counted together.")]
    return Table(columns, rows, _chart(rows, is_one_year=wanted_year != ALL), notes)


def _row(year: int, name: str, counts: Shown, months: float | None = None) -> tuple[Cell, ...]:
    return (
        name, str(year), counts[GRADUATES], counts[HIRED], share(counts[HIRED], counts[GRADUATES]), counts[ASKED],
        counts[ANSWERED], share(counts[WORKING], counts[ANSWERED]), share(counts[STUDYING], counts[ANSWERED]),
        share(counts[FOUND], counts[WORKING]), months if months is not None else "",
    )  # fmt: skip


def _chart(rows: list[tuple[Cell, ...]], *, is_one_year: bool) -> Chart | None:
    """Over the years where there are several totals, else the programmes; what is not shown is not drawn."""
    totals = [row for row in rows if row[0] == _("All programmes")]
    is_over_years = not is_one_year and len(totals) > 1
    drawn = totals[::-1] if is_over_years else rows
    labels = [str(row[1] if is_over_years else row[0] if is_one_year else f"{row[0]}, {row[1]}") for row in drawn]
    values = [[number if isinstance(number := row[at], int) else None for at in (4, 7)] for row in drawn]
    shown = [(label, pair) for label, pair in zip(labels, values, strict=True) if any(pair)][:MOST_BARS]
    if not shown:
        return None
    return Chart(
        title=_("Graduates who found work"),
        series=[_("Hired through Moirai"), _("Work")],
        labels=[label for label, _pair in shown],
        values=[pair for _label, pair in shown],
        unit="%",
        kind="lines" if is_over_years else "bars",
    )


def _groups() -> Groups:
    """Counts in the order of the columns, from two queries whatever the number of graduates."""
    hired = Exists(Application.objects.filter(student=OuterRef("pk"), status=Application.Status.ACCEPTED))
    was_asked = Exists(OutcomeAnswer.objects.filter(student=OuterRef("pk")))
    graduates = Student.objects.graduated().values_list("graduation_year", "degree_program")
    counted = graduates.annotate(Count("pk"), hired=Count("pk", filter=hired), asked=Count("pk", filter=was_asked))
    by_cohort = {(year, name): [*counts, 0, 0, 0, 0] for year, name, *counts in counted if year is not None}
    said = OutcomeAnswer.objects.countable().newest_of_each()
    counts = {flag: Count("pk", filter=Q(**{flag: True})) for flag in ("is_working", "is_studying", "through_moirai")}
    answers = said.order_by().values_list("student__graduation_year", "student__degree_program")
    summed = answers.annotate(Count("pk"), **{f"n_{flag}": count for flag, count in counts.items()})
    for year, name, *numbers in summed:
        if (year, name) in by_cohort:
            by_cohort[year, name][ANSWERED:] = numbers
    return _folded(by_cohort)


def _folded(by_cohort: dict[tuple[int, str], list[int]]) -> Groups:
    """Programmes of few graduates in all years are one group: what one person wrote as programme could name them."""
    sizes: dict[str, int] = defaultdict(int)
    for (_year, name), counts in by_cohort.items():
        sizes[name] += counts[GRADUATES]
    small = small_groups(sizes)
    found: Groups = defaultdict(dict)
    for (year, name), counts in sorted(by_cohort.items()):
        row = found[year].setdefault("" if name in small else name, [0] * len(BASES))
        row[:] = map(sum, zip(row, counts, strict=True))
    return found


def _months() -> dict[object, float]:
    """Median months to the first job of each year, where enough people said it."""
    said = OutcomeAnswer.objects.newest_of_each().filter(
        months_to_job__isnull=False, student__restricted_since__isnull=True
    )
    found = spreads(said, group="student__graduation_year", value="months_to_job")
    return {year: spread.median for year, spread in found.items() if spread.size >= least()}


def _years() -> list[tuple[str, Text]]:
    years = Student.objects.graduated().values_list("graduation_year", flat=True).distinct()
    return [
        (ALL, gettext_lazy("All years")),
        *((str(year), str(year)) for year in sorted(filter(None, years), reverse=True)),
    ]


def _programmes() -> list[tuple[str, Text]]:
    names = Student.objects.graduated().programmes(least=least())
    return [(ALL, gettext_lazy("All programmes")), *((name, name) for name in names)]


PLACEMENTS = Report(
    "colocaciones",
    gettext_lazy("Placements"),
    gettext_lazy("Hires through Moirai and what graduates said in surveys, by programme and year of graduation."),
    placements,
    choices=(
        Choice("year", gettext_lazy("Year of graduation"), _years),
        Choice("programme", gettext_lazy("Degree programme"), _programmes),
    ),
)
