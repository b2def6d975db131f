"""Rules that the fields of a posting decide, or the shape of its text; each gives the places it blames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from jobs.lint.engine import Posting
from jobs.lint.rules import Rule

Spans = list[tuple[int, int]]
NOWHERE: Spans = [(0, 0)]  # a field, or something that is missing

AMOUNT = re.compile(r"\$\s?\d[\d,.]*|\d[\d,.]* (?:pesos|mxn)|(?:mxn|m\.n\.)\s?\$?\d")
ENOUGH_CHARACTERS = 200
MOST_REQUIREMENTS = 12
INTERN_HOURS, INTERN_MONTHS, STUDENT_HOURS = 20, 6, 30
SERVICE_MONTHS, SERVICE_HOURS = (6, 24), 480
WEEKS_A_MONTH, DAYS_A_MONTH, FULL_WEEK = 52 / 12, 30.4, 48
CAPITAL_WORDS = re.compile(r"(?:\b[A-ZÁÉÍÓÚÜÑ]{2,}\b[^\w\n]{0,3}){4,}")
LONG_CAPITALS = re.compile(r"[A-ZÁÉÍÓÚÜÑ]{5,}")
DUTIES = re.compile(
    r"\b\w+(?:aras|eras|iras)\b|funciones|actividades|responsab|tareas|apoy|desarroll|analiz|atender|coordin|elabor"
    r"|realiz|programar|disen|participar|gestion|ensenar|cuidar|investig|\byou will\b|\byou'll\b|responsib|duties"
    r"|tasks?|develop|analy|support|design|manage|assist|build|write|teach|care"
)


def no_pay(posting: Posting, folded: str, rule: Rule) -> Spans:
    """Social service is unpaid by law; elsewhere a stated amount anywhere will do."""
    facts = posting.facts
    is_stated = facts.pay_from is not None or facts.pay_to is not None or AMOUNT.search(folded)
    return [] if is_stated or facts.kind == "social_service" else NOWHERE


def unpaid_long_internship(posting: Posting, folded: str, rule: Rule) -> Spans:
    facts = posting.facts
    is_unpaid = not facts.pay_from and not facts.pay_to and not AMOUNT.search(folded)
    is_long = (facts.hours_per_week or 0) > INTERN_HOURS or (facts.term_months or 0) > INTERN_MONTHS
    return NOWHERE if is_unpaid and is_long else []


def below_minimum(posting: Posting, folded: str, rule: Rule) -> Spans:
    """Less than the minimum wage for the hours stated; a full week where none are."""
    facts = posting.facts
    pay = facts.pay_to if facts.pay_to is not None else facts.pay_from
    if pay is None or facts.pay_period == "total":
        return []
    daily = float(rule.values["daily_minimum_mxn"])
    hours = min(facts.hours_per_week or FULL_WEEK, FULL_WEEK)
    least = daily / 8 if facts.pay_period == "hour" else daily * DAYS_A_MONTH * hours / FULL_WEEK
    return NOWHERE if pay < least else []


def service_terms(posting: Posting, folded: str, rule: Rule) -> Spans:
    facts = posting.facts
    if facts.term_months is None:
        return []
    is_outside = not SERVICE_MONTHS[0] <= facts.term_months <= SERVICE_MONTHS[1]
    hours = (facts.hours_per_week or FULL_WEEK) * facts.term_months * WEEKS_A_MONTH
    return NOWHERE if is_outside or hours < SERVICE_HOURS else []


def no_term(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if posting.facts.term_months is None or posting.facts.hours_per_week is None else []


def student_hours(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if STUDENT_HOURS < (posting.facts.hours_per_week or 0) <= FULL_WEEK else []


def hours_over_48(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if (posting.facts.hours_per_week or 0) > FULL_WEEK else []


def too_many_requirements(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if sum(bool(line.strip()) for line in posting.requirements.splitlines()) > MOST_REQUIREMENTS else []


def capitals(posting: Posting, folded: str, rule: Rule) -> Spans:
    """Four words or more in capitals of which three are long: lists of acronyms are none."""
    return list(_shouts(posting.text))[:3]


def _shouts(text: str) -> Iterator[tuple[int, int]]:
    for match in CAPITAL_WORDS.finditer(text):
        if len(LONG_CAPITALS.findall(match[0])) >= 3:
            yield match.start(), match.start() + len(match[0].rstrip())


def too_short(posting: Posting, folded: str, rule: Rule) -> Spans:
    letters = len("".join((posting.description + posting.requirements).split()))
    return NOWHERE if letters < ENOUGH_CHARACTERS else []


def no_place(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if posting.facts.modality != "remote" and not posting.facts.city.strip() else []


def no_duties(posting: Posting, folded: str, rule: Rule) -> Spans:
    return [] if DUTIES.search(folded[len(posting.title) :]) else NOWHERE


def duplicate(posting: Posting, folded: str, rule: Rule) -> Spans:
    return NOWHERE if posting.facts.repeats else []


CHECKS: dict[str, Callable[[Posting, str, Rule], Spans]] = {
    check.__name__: check
    for check in (
        no_pay, unpaid_long_internship, below_minimum, service_terms, no_term, student_hours, hours_over_48,
        too_many_requirements, capitals, too_short, no_place, no_duties, duplicate,
    )
}  # fmt: skip
