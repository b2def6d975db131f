"""Synthetic students and postings for benchmarks, drawn from the shipped taxonomy in bulk.

Occupations are drawn by Zipf's law. Each text names skills of its occupation in sentences made round them, so the
offsets of the rows are true without reading the text again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from django.db import transaction

from jobs.models import Company, Job, JobSkill
from jobs.posting import slug_of
from jobs.searchable import describe
from jobs.titles import Titles, titles
from matching.demo.content import load
from moirai.crypto.keys import keys_at_hand
from moirai.skills.models import Skill
from moirai.skills.seed import Seed
from moirai.skills.vocabulary import extractor
from students.models import CV, Evidence, Student, StudentSkill

PREFIX = "bench-"
BATCH = 500
FEWEST_SKILLS = 6
NOISE = 0.12  # share of sentences from another occupation
ENGLISH_SHARE = 0.2
SHORTEST, LONGEST = 60, 370  # words aimed at; the last sentence may run over by thirty
WORDS: dict[str, Any] = load("scale.toml")


@dataclass(frozen=True)
class Trade:
    """An occupation: titles, phrases and skills, each by language."""

    titles: dict[str, str]
    phrases: dict[str, list[str]]
    skills: list[tuple[int, dict[str, str]]]


@dataclass
class Writer:
    """A text that grows by sentences and remembers where skills stand: skill, start, end, sentence start and end."""

    text: str = ""
    words: int = 0
    marks: list[tuple[int, int, int, int, int]] = field(default_factory=list)

    def add(self, sentence: str, *, skill: int | None = None, at: int = 0, length: int = 0, gap: str = " ") -> None:
        start = len(self.text) + (len(gap) if self.text else 0)
        self.text += (gap if self.text else "") + sentence
        self.words += len(sentence.split())
        if skill is not None:
            self.marks.append((skill, start + at, start + at + length, start, start + len(sentence)))


class Market:
    """The occupations in an order of their own, and draws from them."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.trades = trades()
        rng.shuffle(self.trades)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.trades) + 1)))

    def trade(self) -> Trade:
        return self.rng.choices(self.trades, cum_weights=self.weights)[0]

    def language(self) -> str:
        return "en" if self.rng.random() < ENGLISH_SHARE else "es"

    def write(self, trade: Trade, language: str, writer: Writer) -> Writer:
        """Sentences up to a realistic length; about every second one names a skill of the trade."""
        rng, words = self.rng, WORDS[language]
        target = min(LONGEST, max(SHORTEST, int(rng.lognormvariate(5.0, 0.45))))
        skills = rng.sample(trade.skills, rng.randint(4, len(trade.skills)))
        while writer.words < target:
            source = self.trade() if rng.random() < NOISE else trade
            phrase = rng.choice(source.phrases[language])
            gap = rng.choice((" ", " ", "\n"))
            if skills and rng.random() < 0.55:
                skill, names = skills.pop()
                pattern = self._numbered(rng.choice(words["with_skill"]))
                sentence = pattern.format(names[language], phrase)
                writer.add(sentence, skill=skill, at=pattern.index("{}"), length=len(names[language]), gap=gap)
            elif rng.random() < 0.07:
                writer.add(rng.choice(words["boilerplate"]), gap=gap)
            else:
                writer.add(self._numbered(rng.choice(words["plain"])).format(phrase), gap=gap)
        return writer

    def _numbered(self, pattern: str) -> str:
        return pattern % self.rng.randint(2, 30) if "%d" in pattern else pattern


def trades() -> list[Trade]:
    """Every occupation of the seed with the skills that its phrases name, filled up to ``FEWEST_SKILLS``."""
    names = {row.pk: {"es": row.name_es, "en": row.name_en} for row in Skill.objects.order_by("pk")}
    everything, vocabulary = list(names), extractor()
    found = []
    for place, row in enumerate(Seed.read().occupations):
        pairs = [*row["essential"], *row.get("optional", [])]
        text = "\n".join(phrase for pair in pairs for phrase in pair)
        skills = list(dict.fromkeys(mention.skill for mention in vocabulary.find(text)))
        extra = (everything[(31 * place + 7 * step) % len(everything)] for step in range(4 * FEWEST_SKILLS))
        skills += [skill for skill in dict.fromkeys(extra) if skill not in skills][
            : max(0, FEWEST_SKILLS - len(skills))
        ]
        phrases = {"es": [pair[0] for pair in pairs], "en": [pair[1] for pair in pairs]}
        titles = {"es": row["es"], "en": row["en"]}
        found.append(Trade(titles, phrases, [(skill, names[skill]) for skill in skills[:14]]))
    return found


def make(*, students: int, jobs: int, seed: int, now: datetime, say: Callable[[str], None]) -> None:
    """Add so many students and postings to those there are; only one batch is in memory at a time."""
    for count, label, model, store in (
        (students, "students", Student, store_students),
        (jobs, "postings", Job, store_jobs),
    ):
        first = model._default_manager.count()
        market = Market(Random(f"{seed}:{label}:{first}"))  # noqa: S311 - reproducible, not secret
        for start in range(first, first + count, BATCH):
            numbers = range(start, min(start + BATCH, first + count))
            store(market, numbers, now)
            if numbers[-1] + 1 == first + count or (start - first) // BATCH % 20 == 19:
                say(f"{numbers[-1] + 1 - first:,} of {count:,} {label}")


@transaction.atomic
def store_students(market: Market, numbers: range, now: datetime) -> None:
    students: list[Student] = []
    writers: list[Writer] = []
    for number in numbers:
        trade, language = market.trade(), market.language()
        writer = Writer()
        writer.add(WORDS[language]["heads"][0])
        writer.add(f"{trade.titles[language].capitalize()}.", gap="\n")
        writer.add(WORDS[language]["heads"][1], gap="\n\n")
        writer.add("", gap="\n")
        writers.append(market.write(trade, language, writer))
        students.append(_student(number, trade, language, market.rng))
    with keys_at_hand(student.key_id for student in students):
        Student.objects.bulk_create(students)
        cvs = CV.objects.bulk_create(
            _cv(student, writer, now) for student, writer in zip(students, writers, strict=True)
        )
    skills = StudentSkill.objects.bulk_create(
        StudentSkill(student=cv.student, skill_id=mark[0])
        for cv, writer in zip(cvs, writers, strict=True)
        for mark in writer.marks
    )
    Evidence.objects.bulk_create(_evidence(cvs, writers, iter(skills)), batch_size=2000)


def _student(number: int, trade: Trade, language: str, rng: Random) -> Student:
    return Student(
        external_id=f"{PREFIX}student-{number}",
        language=language,
        degree_program=trade.titles[language].capitalize()[:200],
        semester=rng.randint(1, 10),
        location=rng.choice(WORDS["cities"]),
        hours_per_week=rng.choice((20, 30, 40)),
        visibility=Student.Visibility.COMPANIES,
    )


def _cv(student: Student, writer: Writer, now: datetime) -> CV:
    return CV(
        student=student,
        status=CV.Status.READ,
        text=writer.text,
        pages=1,
        language=student.language,
        is_current=True,
        uploaded_at=now,
        read_at=now,
    )


def _evidence(cvs: list[CV], writers: list[Writer], skills: Iterator[StudentSkill]) -> Iterator[Evidence]:
    for cv, writer in zip(cvs, writers, strict=True):
        for _, start, end, left, right in writer.marks:
            yield Evidence(
                student_skill=next(skills),
                cv=cv,
                section="experience",
                start=start,
                end=end,
                sentence_start=left,
                sentence_end=right,
            )


@transaction.atomic
def store_jobs(market: Market, numbers: range, now: datetime) -> None:
    company, occupations = bench_company(now), titles()
    jobs: list[Job] = []
    asked: list[list[tuple[int, str, int, int]]] = []
    for number in numbers:
        job, skills = _job(number, market, company, occupations, now)
        jobs.append(job)
        asked.append(skills)
    Job.objects.bulk_create(jobs)
    JobSkill.objects.bulk_create(
        (
            JobSkill(job=job, skill_id=skill, level=level, start=start, end=end)
            for job, skills in zip(jobs, asked, strict=True)
            for skill, level, start, end in skills
        ),
        batch_size=2000,
    )


def bench_company(now: datetime) -> Company:
    fields: dict[str, Any] = {"name": "Vacantes sintéticas", "status": Company.Status.VERIFIED, "verified_at": now}
    return Company.objects.get_or_create(slug="vacantes-sinteticas", defaults=fields)[0]


def _job(
    number: int, market: Market, company: Company, occupations: Titles, now: datetime
) -> tuple[Job, list[tuple[int, str, int, int]]]:
    """A posting and its skills: level and place in ``Job.text``; those of the lists are also asked for in the text."""
    rng, trade, language = market.rng, market.trade(), market.language()
    writer = Writer()
    sample = rng.sample(trade.skills, min(len(trade.skills), rng.randint(4, 9)))
    market.write(trade, language, writer)
    cut = max(1, round(len(sample) * 0.7))
    title = trade.titles[language].capitalize()[:200]
    lists = ["\n".join(names[language] for _, names in part) for part in (sample[:cut], sample[cut:])]
    job = Job(
        external_id=f"{PREFIX}job-{number}",
        company=company,
        title=title,
        slug=slug_of(title),
        language=language,
        description=writer.text,
        requirements=lists[0],
        preferences=lists[1],
        kind=rng.choice(Job.Kind.values),
        modality=rng.choice(Job.Modality.values),
        city=rng.choice(WORDS["cities"]),
        status=Job.Status.PUBLISHED,
        published_at=now - timedelta(days=rng.randint(0, 30)),
        closes_at=now + timedelta(days=rng.randint(30, 120)),
    )
    every_name = [name for _, names in sample for name in names.values()]
    describe(job, skill_names=every_name, occupations=occupations)
    skills, place = [], len(title) + 2 + len(writer.text) + 2
    for position, (skill, names) in enumerate(sample):
        if position == cut:
            place += 1  # two line breaks part requirements and preferences, one was counted
        level = JobSkill.Level.REQUIRED if position < cut else JobSkill.Level.PREFERRED
        skills.append((skill, level.value, place, place + len(names[language])))
        place += len(names[language]) + 1
    return job, skills
