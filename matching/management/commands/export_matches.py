"""Write stored or given pairs with their scores; what was written can be given again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from jobs.models import Job
from matching import encoded, modelstore, ranking
from matching.models import Match, Side
from moirai.exporting import kind_of, opened, write_rows
from moirai.importing import Refused, parse_rows
from students.models import Student

Line = tuple[str, str, str]
COLUMNS = ("student", "job", "score")


class Command(BaseCommand):
    help = "Write student id, job id and score (0 to 100), as .tsv, .csv or .jsonl; ids as imported, else public ids."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("out", type=Path, metavar="OUT")
        parser.add_argument("--pairs", type=Path, metavar="FILE", help="score these pairs: a file like OUT")
        parser.add_argument("--top", type=int, metavar="N", help="at most N postings a student")

    def handle(self, *args: Any, out: Path, pairs: Path | None, top: int | None, **options: Any) -> None:
        if top is not None and top < 1:
            raise CommandError(f"--top must be at least 1, not {top}.")
        count = write_rows(out, COLUMNS, self.of_pairs(pairs) if pairs else self.stored(top))
        self.stdout.write(f"{count} lines written to {out}.")

    def stored(self, top: int | None) -> Iterator[Line]:
        """Stored matches with open postings, best first for each student."""
        rows = Match.objects.of_open_jobs(at=timezone.now()).order_by("student_id", "-score", "job_id")
        names = ("student__external_id", "student__public_id", "job__external_id", "job__public_id", "score")
        last, rank = "", 0
        for external, public, job_external, job_public, score in rows.values_list(*names).iterator(chunk_size=5000):
            rank = rank + 1 if public == last else 1
            last = public
            if top is None or rank <= top:
                yield external or public, job_external or job_public, f"{score / 100:.2f}"

    def of_pairs(self, path: Path) -> Iterator[Line]:
        """The given pairs, scored now by the serving model, in the order of the file."""
        pairs = list(read_pairs(path))
        students = ids_by_name(Student, {student for student, _ in pairs})
        jobs = ids_by_name(Job, {job for _, job in pairs})
        for number, (student, job) in enumerate(pairs, 1):
            if student not in students or job not in jobs:
                what = f"student {student!r}" if student not in students else f"job {job!r}"
                raise CommandError(f"{path}, line {number}: there is no {what}.")
        now, model = timezone.now(), modelstore.serving_model()
        encoded.encode_missing(Side.STUDENT, sorted(students.values()), model=model, now=now)
        encoded.encode_missing(Side.JOB, sorted(jobs.values()), model=model, now=now)
        job_ids, theirs, wanted = encoded.matrix(Side.JOB, model=model).rows(sorted(set(jobs.values())))
        place = {job: column for column, job in enumerate(job_ids)}
        wanted_of: dict[str, list[str]] = {}
        for student, job in pairs:
            wanted_of.setdefault(student, []).append(job)
        scores: dict[tuple[str, str], int] = {}
        for student, names in wanted_of.items():
            _, mine, held = encoded.matrix(Side.STUDENT, model=model).rows([students[student]])
            columns = [place[jobs[name]] for name in names]
            found = ranking.points(model, mine, held, theirs[columns], [wanted[column] for column in columns])
            scores |= {(student, name): int(found.total[0, row]) for row, name in enumerate(names)}
        for student, job in pairs:
            yield student, job, f"{scores[student, job] / 100:.2f}"


def read_pairs(path: Path) -> Iterator[tuple[str, str]]:
    """Student and job of each line, as this command writes them; what else a line says is ignored."""
    if kind_of(path) != ".tsv":
        refused: list[Refused] = []
        for row in parse_rows(path, list(COLUMNS), refused):
            yield row.text("student"), row.text("job")
        if refused:
            raise CommandError(str(refused[0]))
        return
    try:
        with opened(path, "rt") as file:
            for number, line in enumerate(file, 1):
                columns = line.rstrip("\r\n").split("\t")
                if len(columns) < 2 or not all(columns[:2]):
                    raise CommandError(f"{path}, line {number}: expected student id, tab, job id.")
                yield columns[0], columns[1]
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def ids_by_name(model: Any, names: set[str]) -> dict[str, int]:
    """Primary keys by id in the source file, or by public id."""
    found = dict(model.objects.filter(public_id__in=names).values_list("public_id", "pk"))
    return found | dict(model.objects.filter(external_id__in=names).values_list("external_id", "pk"))
