"""What the careers office reads of matches: who gets seen, and what programmes teach against what postings ask for."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jobs.models import Job, JobSkill
from matching.fairness import TOP, exposure
from matching.fairness import Column as Group
from matching.models import POINT, Match
from moirai.office.charts import MOST_BARS, Chart
from moirai.office.protect import least, share
from moirai.office.reports import Asked, Cell, Choice, Column, Report, Table, register
from moirai.skills.models import Language
from students.models import Student, StudentSkill

FITTING = 30 * POINT  # points for the occupation alone from which a posting fits a student
FITTING_SHARE = 10  # one in so many students of a programme makes a posting one of the programme's
MOST_SKILLS = 30
GROUPS: dict[str, Group] = {"programme": "degree_program", "language": "language"}


def fairness(asked: Asked, now: datetime) -> Table:
    """Each group's share of the first places of open postings against its share of eligible students."""
    by = asked.choices["by"]
    rows: list[tuple[Cell, ...]] = []
    languages = {value: str(label).capitalize() for value, label in Language.choices}
    for row in exposure(GROUPS[by], now=now):
        name = languages.get(row.group, row.group) if by == "language" else row.group
        seen = (None, None, None) if row.places is None else (row.places, row.percent_of_places, row.ratio)
        rows.append((name or _("Small groups and unknown"), row.students, row.percent_of_students, *seen))
    columns = [
        Column(_("Group")), Column(_("Eligible students")), Column(_("Share of students"), "%"),
        Column(_("Places among the first ten")), Column(_("Share of places"), "%"), Column(_("Ratio")),
    ]  # fmt: skip
    drawn = rows[:MOST_BARS]
    chart = Chart(
        title=_("Share of places over share of students"),
        series=[_("Ratio")],
        labels=[str(row[0]) for row in drawn],
        values=[[row[5] if isinstance(row[5], float) else None] for row in drawn],
    )
    note = _(
        "A ratio of 1 is even; below 1 the group is seen less than its size. Every posting has %(top)d first places."
    )
    return Table(columns, rows, chart if rows else None, [note % {"top": TOP}])


def curriculum(asked: Asked, now: datetime) -> Table:
    """Skills that open postings of a programme's occupations ask for against those that its students show."""
    columns = [
        Column(_("Skill")), Column(_("Postings that ask for it")), Column(_("Asked for"), "%"),
        Column(_("Students who show it")), Column(_("Shown"), "%"), Column(_("Gap"), "%"),
    ]  # fmt: skip
    students = Student.objects.matchable().with_text().filter(degree_program=asked.choices["programme"])
    size = students.count()
    if not asked.choices["programme"] or size < least():
        return Table(columns, [])
    near = Match.objects.of_open_jobs(at=now).filter(student__in=students, occupation_points__gte=FITTING)
    enough = max(least(), size // FITTING_SHARE)
    fitting = near.order_by().values("job").annotate(people=Count("pk")).filter(people__gte=enough).values("job")
    postings = Job.objects.filter(pk__in=fitting).count()
    name = "skill__name_en" if (get_language() or "").startswith("en") else "skill__name_es"
    counts = JobSkill.objects.asked().filter(job__in=fitting).values_list("skill_id", name)
    wanted = list(counts.annotate(postings=Count("pk")).order_by("-postings", name, "skill_id")[:MOST_SKILLS])
    held = StudentSkill.objects.filter(student__in=students, skill__in=[pk for pk, _name, _number in wanted]).shown()
    shown = dict(held.order_by().values_list("skill_id").annotate(Count("pk")))
    rows = [_gap(skill, number, postings, shown.get(pk, 0), size) for pk, skill, number in wanted]
    note = _(
        "Students: %(students)d. Open postings of their occupations: %(postings)d, by the points for the occupation."
    )
    return Table(columns, rows, _gaps(rows), [note % {"students": size, "postings": postings}])


def _gap(skill: str, asking: int, postings: int, showing: int, size: int) -> tuple[Cell, ...]:
    """Few who show a skill are hidden, and so are few who do not; skills have no total to subtract from."""
    asked, count = share(asking, postings) or 0, showing if least() <= showing <= size - least() else None
    shown = share(count, size)
    return skill, asking, asked, count, shown, None if shown is None else asked - shown


def _gaps(rows: list[tuple[Cell, ...]]) -> Chart | None:
    drawn = rows[:MOST_BARS]
    values = [[value if isinstance(value, int) else None for value in (row[2], row[4])] for row in drawn]
    title, series = _("Asked for by postings, shown by students"), [_("Asked for"), _("Shown")]
    return Chart(title, series, [str(row[0]) for row in drawn], values, "%") if drawn else None


register(
    Report(
        "equidad",
        gettext_lazy("Who gets seen"),
        gettext_lazy("Each group's share of the first ten places of open postings against its share of students."),
        fairness,
        choices=(
            Choice(
                "by",
                gettext_lazy("By"),
                lambda: [("programme", gettext_lazy("Degree programme")), ("language", gettext_lazy("Language"))],
            ),
        ),
    ),
    Report(
        "plan-de-estudios",
        gettext_lazy("Curriculum gap"),
        gettext_lazy("What open postings near a programme ask for, against what its students show."),
        curriculum,
        choices=(
            Choice(
                "programme",
                gettext_lazy("Degree programme"),
                lambda: [(name, name) for name in Student.objects.matchable().programmes(least=least())],
            ),
        ),
    ),
)
