"""Rules against one posting: findings with the place of the words, in the order of the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from jobs.lint.rules import RULES, Rule, Severity
from moirai.skills.text import fold

SENTENCE_END = re.compile(r"[.;!?]\s|\n")
MAX_PER_RULE = 3
LONG_SENTENCE = 300  # characters on each side of the words: enough, also where nobody sets a full stop
# Sentences that promise equal treatment name the very grounds that others forbid.
EQUAL = re.compile(
    r"no discrimin|sin discrimina|sin distincion|igualdad de oportunidades|sin importar|independientemente de"
    r"|prohibida la discriminacion|equal opportunity|regardless of|do(?:es)? not discriminate|without regard to"
)


@dataclass(frozen=True)
class Facts:
    """What the fields of a posting say beside its text; ``repeats`` names an open posting of the same words."""

    kind: str = "first_job"
    modality: str = "remote"
    language: str = "es"
    city: str = ""
    hours_per_week: int | None = None
    term_months: int | None = None
    pay_from: int | None = None
    pay_to: int | None = None
    pay_period: str = "month"
    repeats: str = ""


@dataclass(frozen=True)
class Posting:
    """The text in its parts and as one; offsets of findings count in ``text``."""

    title: str
    description: str
    requirements: str
    preferences: str
    facts: Facts

    @property
    def text(self) -> str:
        return "\n\n".join([self.title, self.description, self.requirements, self.preferences])


@dataclass(frozen=True)
class Finding:
    """``text[start:end]`` breaks the rule; both 0 where a field does, or where something is missing."""

    rule: Rule
    start: int = 0
    end: int = 0

    @property
    def severity(self) -> Severity:
        return self.rule.severity


def lint(
    *, title: str, description: str, requirements: str = "", preferences: str = "", facts: Facts | None = None
) -> list[Finding]:
    """All findings, gravest first, then by place; words that a graver rule blames are left to it."""
    posting = Posting(title, description, requirements, preferences, facts or Facts())
    folded = fold(posting.text)
    found: list[Finding] = []
    for rule in sorted(RULES.values(), key=lambda rule: -rule.severity):
        if rule.kinds and posting.facts.kind not in rule.kinds:
            continue
        if rule.languages and posting.facts.language not in rule.languages:
            continue
        found += [one for one in _of_rule(rule, posting, folded) if not _is_blamed(one, found)]
    return sorted(found, key=lambda finding: (-finding.severity, finding.start, finding.rule.id))


def worst(findings: list[Finding]) -> int:
    """The gravest severity as a number; 0 where nothing was found."""
    return max((finding.severity for finding in findings), default=0)


def _of_rule(rule: Rule, posting: Posting, folded: str) -> list[Finding]:
    if rule.check:
        from jobs.lint.checks import CHECKS

        return [Finding(rule, start, end) for start, end in CHECKS[rule.check](posting, folded, rule)]
    limit = len(posting.title) if rule.title_only else len(folded)
    return list(islice(_matches(rule, folded, limit), MAX_PER_RULE))


def _matches(rule: Rule, folded: str, limit: int) -> Iterator[Finding]:
    assert rule.pattern is not None
    if rule.unless_anywhere is not None and rule.unless_anywhere.search(folded):
        return
    for match in rule.pattern.finditer(folded, 0, limit):
        said = _sentence(folded, match.start(), match.end())
        if rule.group == "discrimination" and EQUAL.search(said):
            continue
        if rule.unless is None or not rule.unless.search(said):
            words = match[0]
            yield Finding(rule, match.end() - len(words.lstrip()), match.start() + len(words.rstrip()))


def _sentence(folded: str, start: int, end: int) -> str:
    """The sentence or line round the words."""
    first, last = max(0, start - LONG_SENTENCE), min(len(folded), end + LONG_SENTENCE)
    left = max((stop.end() for stop in SENTENCE_END.finditer(folded, first, start)), default=first)
    stop = SENTENCE_END.search(folded, end, last)
    return folded[left : stop.start() if stop else last]


def _is_blamed(finding: Finding, found: list[Finding]) -> bool:
    return finding.end > 0 and any(
        other.start < finding.end and finding.start < other.end and other.severity > finding.severity for other in found
    )
