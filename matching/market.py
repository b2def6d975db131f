"""What one more skill would change over the whole market, for one student, and for a posting before it is published."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.core.cache import cache

from jobs.models import Job
from matching import corpus, encoded, modelstore, ranking
from matching.models import POINT, Side
from moirai.skills import near
from moirai.skills.models import Skill
from students.models import Student

HIGH = 70 * POINT  # from here a match counts as high, in hundredths
MOST_TRIED = 12  # skills that are tried, the most wanted first
HINT_KEPT = 3600  # seconds
WORTH_A_HINT = 2  # postings that one more skill must lift before a page speaks of it
SMALLEST_COUNT = 10  # smaller numbers of people are not shown


@dataclass(frozen=True, slots=True)
class Lift:
    """Showing ``skill`` lifts ``jobs`` open postings to a high match."""

    skill: Skill
    jobs: int
    job_ids: tuple[int, ...]


def best_lift(student: Student, *, now: datetime, city: str = "", least: int = 1) -> Lift | None:
    """The one skill that lifts most open postings (in ``city``, if given) to a high match; None below ``least``."""
    model, found = encoded.serving_rows({Side.STUDENT: student.pk}, now=now)
    if not found:
        return None
    mine, held = found[Side.STUDENT]
    postings = ranking.open_job_ids(at=now)
    if city:
        postings = list(Job.objects.filter(pk__in=postings, city=city).order_by("pk").values_list("pk", flat=True))
    job_ids, theirs, wanted = encoded.matrix(Side.JOB, model=model).rows(postings)
    if not job_ids:
        return None
    nearby = corpus.near_matrix(corpus.width_of([held, *wanted]), of=near.kept().pairs)
    before = ranking.points(model, mine, [held], theirs, wanted, nearby).total[0]
    below = [place for place in range(len(job_ids)) if before[place] < HIGH and wanted[place]]
    missing = Counter(skill for place in below for skill in wanted[place] if held.get(skill, 0) < 1)
    tried = [skill for skill, _ in sorted(missing.items(), key=lambda item: (-item[1], item[0]))[:MOST_TRIED]]
    if not tried:
        return None
    columns = np.array(below, np.int64)
    rows = mine[np.zeros(len(tried), np.int64)]
    variants = [{**held, skill: 1.0} for skill in tried]
    after = ranking.points(model, rows, variants, theirs[columns], [wanted[place] for place in below], nearby).total
    lifted = after >= HIGH
    best = int(np.argmax(lifted.sum(axis=1)))
    reached = tuple(job_ids[below[column]] for column in np.nonzero(lifted[best])[0])
    return Lift(Skill.objects.get(pk=tried[best]), len(reached), reached) if len(reached) >= least else None


def hint(student: Student, *, now: datetime) -> Lift | None:
    """``best_lift`` as a page shows it: at most an hour old, and never older than the student's own last matching.

    None while no model serves.
    """
    kept = cache.get(hint_key(student.pk))
    if kept is None:
        try:
            lift = best_lift(student, now=now, least=WORTH_A_HINT)
        except modelstore.NoModelError:
            return None
        kept = (lift.skill.pk, lift.jobs) if lift else ()
        cache.set(hint_key(student.pk), kept, HINT_KEPT)
    skill = near.skills(kept[:1]).get(kept[0]) if kept else None
    return Lift(skill, kept[1], ()) if skill else None


def hint_key(student_id: int) -> str:
    return f"lift-{student_id}"


@dataclass(frozen=True, slots=True)
class Cost:
    """Without asking for ``skill``, ``more`` students more would qualify; None where that is too few to show."""

    skill: Skill
    more: int | None


@dataclass(frozen=True, slots=True)
class Reach:
    """How many consenting students have a high match with a posting; None under ten."""

    students: int | None
    costs: tuple[Cost, ...] = ()

    @property
    def shown_costs(self) -> list[Cost]:
        """The costs that are large enough to be shown, the eight largest."""
        return [cost for cost in self.costs if cost.more is not None][:8]


def reach(job: Job, wanted: corpus.Skills, *, now: datetime, skills: dict[int, Skill] | None = None) -> Reach:
    """Count consenting students with a high match, and what each required skill costs; saved or unsaved posting.

    skills : those wanted, where they have been read already
    """
    model = modelstore.serving_model()
    theirs = model.encode_postings([corpus.job_document(job)])
    ids = list(Student.objects.visible_to_companies().with_text().order_by("pk").values_list("pk", flat=True))
    found, them, held = encoded.matrix(Side.STUDENT, model=model).rows(ids)
    if len(found) < len(ids):
        encoded.encode_missing(Side.STUDENT, ids, model=model, now=now)
        found, them, held = encoded.matrix(Side.STUDENT, model=model).rows(ids)
    if not found:
        return Reach(None)
    variants = [wanted, *({other: weight for other, weight in wanted.items() if other != skill} for skill in wanted)]
    rows = theirs[np.zeros(len(variants), np.int64)]
    nearby = corpus.near_matrix(corpus.width_of([*held, *variants]), of=near.kept().pairs)
    counts = (ranking.points(model, them, held, rows, variants, nearby).total >= HIGH).sum(axis=0)
    skills = Skill.objects.in_bulk(list(wanted)) if skills is None else skills
    costs = [
        Cost(skills[skill], shown(int(count - counts[0]))) for skill, count in zip(wanted, counts[1:], strict=True)
    ]
    return Reach(shown(int(counts[0])), tuple(sorted(costs, key=lambda cost: -(cost.more or 0))))


def high_matches(job: Job, wanted: corpus.Skills) -> int | None:
    """How many consenting students have a high match with a posting that is being written; None under ten.

    Cheap enough to follow the writer: it reads whom a worker has encoded and encodes nobody itself.
    """
    model = modelstore.serving_model()
    ids = np.array(Student.objects.visible_to_companies().with_text().order_by("pk").values_list("pk", flat=True))
    theirs = model.encode_postings([corpus.job_document(job)])
    them = encoded.matrix(Side.STUDENT, model=model)
    _, found = ranking.column_of(theirs, [wanted], them, ids.astype(np.int64), model=model)
    return shown(int((model.curve.apply(found.total) >= HIGH).sum()))


def shown(count: int) -> int | None:
    """A number of people as it may be shown: small ones are not."""
    return count if count >= SMALLEST_COUNT else None


@dataclass(frozen=True, slots=True)
class Demand:
    """Students of one programme whom one skill would lift most often, and how many students and postings that is."""

    programme: str
    skill: Skill
    students: int
    postings: int


def lifts_by_programme(*, now: datetime, city: str = "", most: int = 200) -> list[Demand]:
    """For each degree programme, the skill that lifts most; programmes with too few students are left out.

    Counts at most ``most`` students of a programme, those with the newest profiles.
    """
    programmes = (
        Student.objects.matchable().with_text().exclude(degree_program="").values_list("degree_program", flat=True)
    )
    found = []
    for programme in sorted({name for name, count in Counter(programmes).items() if count >= SMALLEST_COUNT}):
        students: Counter[int] = Counter()
        postings: Counter[int] = Counter()
        for student in Student.objects.matchable().with_text().filter(degree_program=programme).order_by("-pk")[:most]:
            lift = best_lift(student, now=now, city=city)
            if lift:
                students[lift.skill.pk] += 1
                postings[lift.skill.pk] += lift.jobs
        if students:
            skill, count = max(students.items(), key=lambda item: (item[1], -item[0]))
            found.append(Demand(programme, Skill.objects.get(pk=skill), count, postings[skill]))
    return sorted(found, key=lambda demand: (-demand.students, demand.programme))
