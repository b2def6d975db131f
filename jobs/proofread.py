"""Postings before the linter: their facts out of the row, its findings in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language

from jobs.lint import Facts, Finding, Severity, lint
from jobs.models import Job
from moirai.skills.extract import sentence
from moirai.skills.text import WORD, fold

TWINS_LOOKED_AT = 50
ALIKE = 0.85  # share of words two postings have in common


def proofread(job: Job, *, repeats: str = "") -> list[Finding]:
    """What the linter says of a posting as it stands; ``repeats`` is the title of an open one of the same words."""
    facts = Facts(
        kind=job.kind,
        modality=job.modality,
        language=job.language,
        city=job.city,
        hours_per_week=job.hours_per_week,
        term_months=job.term_months,
        pay_from=job.pay_from,
        pay_to=job.pay_to,
        pay_period=job.pay_period,
        repeats=repeats,
    )
    return lint(
        title=job.title,
        description=job.description,
        requirements=job.requirements,
        preferences=job.preferences,
        facts=facts,
    )


def proofread_with_twins(job: Job) -> list[Finding]:
    twin = twin_of(job)
    return proofread(job, repeats=twin.title if twin else "")


def twin_of(job: Job) -> Job | None:
    """A published posting of the same company, or of the same title, whose words are nearly the same."""
    own = _words(job)
    published = Job.objects.filter(status=Job.Status.PUBLISHED).exclude(pk=job.pk)
    near = published.filter(company=job.company_id) | published.filter(title=job.title)
    for other in near.only("title", "description", "requirements").order_by("-published_at")[:TWINS_LOOKED_AT]:
        theirs = _words(other)
        if len(own & theirs) >= ALIKE * max(1, len(own | theirs)):
            return other
    return None


def _words(job: Job) -> set[str]:
    return set(WORD.findall(fold(f"{job.title} {job.description} {job.requirements}")))


@dataclass(frozen=True)
class Remark:
    """A finding as a person reads it; ``start``, ``end`` bound the words within ``sentence``, empty where none are."""

    key: str
    severity: str
    name: str
    laws: list[str]
    instead: str
    sentence: str = ""
    start: int = 0
    end: int = 0

    @property
    def blocks(self) -> bool:
        return self.severity == "blocks"


def remarks(text: str, findings: Iterable[Finding]) -> list[Remark]:
    """Findings in the active language, each with its sentence."""
    language = "en" if (get_language() or "").startswith("en") else "es"
    return [_remark(text, finding, language, number) for number, finding in enumerate(findings, 1)]


def _remark(text: str, finding: Finding, language: str, number: int) -> Remark:
    rule, said = finding.rule, ("", 0, 0)
    if finding.end:
        left, right = sentence(text, finding.start, finding.end)
        said = (text[left:right], finding.start - left, finding.end - left)
    return Remark(
        f"h{number}",
        rule.severity.name.lower(),
        rule.names[language],
        [law[language] for law in rule.laws],
        rule.insteads[language],
        *said,
    )


@dataclass(frozen=True)
class Stretch:
    """A piece of text; ``remark`` where the linter blames it."""

    text: str
    remark: Remark | None = None


def marked(text: str, findings: Sequence[Finding], said: Sequence[Remark]) -> Iterator[Stretch]:
    """The whole text in pieces; where findings overlap, the first keeps the words."""
    at = 0
    for finding, remark in sorted(zip(findings, said, strict=True), key=lambda pair: (pair[0].start, pair[0].end)):
        if finding.end and finding.start >= at:
            yield Stretch(text[at : finding.start])
            yield Stretch(text[finding.start : finding.end], remark)
            at = finding.end
    yield Stretch(text[at:])


def blocking(findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.severity == Severity.BLOCKS]
