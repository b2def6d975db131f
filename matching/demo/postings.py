"""Postings of the demo: twelve as written, the others put together from the roles of each programme."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from jobs.models import Job
from jobs.posting import slug_of
from matching.demo.content import Content, Field, Role

SEMESTERS = {"sexto": 6, "séptimo": 7, "octavo": 8, "6th": 6, "7th": 7, "8th": 8}
ENGLISH = re.compile(r"(?:Inglés|English)\D{0,25}?\b([ABC][12])\b")
PAY = {"internship": 7000, "part_time": 7500, "first_job": 12500, "full_time": 15000, "social_service": 3000}
HOURS = {
    "internship": (25, 30),
    "part_time": (20, 24),
    "first_job": (40, 45),
    "full_time": (40, 45, 48),
    "social_service": (20,),
}
CLOSED, DRAFT, IN_REVIEW = (11, 47, 83, 118), 55, 66  # places, among the generated postings, of those not public
STUDENTS = ("internship", "social_service")
FIT = 2  # how many postings fewer a word in common with the role counts for, when the employer is chosen
SHORTEST = 80  # words of a description, requirements left out


@dataclass(frozen=True)
class Posting:
    """A posting before there is a row: company by name, the fields of ``Job``."""

    field: str
    company: str
    values: dict[str, Any]


def postings(content: Content, *, seed: int, now: datetime) -> list[Posting]:
    """All postings, the twelve written in full first."""
    found = [_hero(row, content, now) for row in content.jobs]
    load = Counter(posting.company for posting in found)
    pending = [row["name"] for row in content.companies if row.get("status") == "pending"]
    roles = [(field, role) for field in content.fields.values() for role in field.roles]
    for place, (field, role) in enumerate(roles):
        draw = Random(f"{seed}:{field.id}:{role.title}")  # noqa: S311 - believable, not secret
        employers = [row for row in content.companies if field.id in row["fields"] and "status" not in row]
        fit = {
            row["name"]: FIT * len(_stems(row["description"]) & _stems(f"{role.title} {role.about}"))
            for row in employers
        }
        company = role.company or min(fit, key=lambda name: (load[name] - fit[name], draw.random()))
        load[company] += 1
        if place == DRAFT:
            company = pending[0]
        city = next(row["city"] for row in content.companies if row["name"] == company)
        values = _values(role, field, company, city, content, draw) | _life(place, draw, now)
        found.append(Posting(field.id, company, values))
    return found


def _life(place: int, draw: Random, now: datetime) -> dict[str, Any]:
    """Status and dates: most are open from some days ago until next week at the earliest."""
    published, closes = now - timedelta(hours=draw.randint(20, 800)), now + timedelta(days=draw.randint(7, 88))
    if place == DRAFT:
        return {"status": Job.Status.DRAFT}
    if place == IN_REVIEW:
        return {"status": Job.Status.IN_REVIEW, "closes_at": closes}
    if place in CLOSED:
        reason = {"closed_reason": Job.ClosedReason.FILLED, "status": Job.Status.CLOSED}
        return {**reason, "published_at": published - timedelta(days=40), "closes_at": published - timedelta(hours=1)}
    return {"status": Job.Status.PUBLISHED, "published_at": published, "closes_at": closes}


def _hero(row: dict[str, Any], content: Content, now: datetime) -> Posting:
    company = next(company for company in content.companies if company["name"] == row["company"])
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
    for name in ("company", "ago", "days"):
        del fields[name]
    published, closes = now - timedelta(days=row["ago"]), now + timedelta(days=row["days"])
    dates = {"status": Job.Status.PUBLISHED, "published_at": published, "closes_at": closes}
    return Posting(company["fields"][0], company["name"], {"language": "es", **_named(fields), **dates})


def _named(fields: dict[str, Any]) -> dict[str, Any]:
    """With what follows from title and kind."""
    seniority = "student" if fields["kind"] in STUDENTS else "junior"
    return {**fields, "slug": slug_of(fields["title"]), "seniority": seniority}


def _values(role: Role, field: Field, company: str, city: str, content: Content, draw: Random) -> dict[str, Any]:
    """The posting's fields, without its dates."""
    hours, asks = draw.choice(HOURS[role.kind]), "\n".join(role.must)
    level, semester = ENGLISH.search(asks), re.search("|".join(SEMESTERS), asks.lower())
    pay_from, pay_to = _pay(role, field, draw)
    cities = {row["city"] for row in content.companies} | {"Los Cabos", "Tijuana", "Tapachula"}
    return _named(
        {
            "title": role.title,
            "language": role.lang,
            "description": _description(role, company, hours, content, draw),
            "requirements": asks,
            "preferences": "\n".join(role.nice),
            "kind": role.kind,
            "modality": _modality(role, field, draw),
            "city": next((name for name in sorted(cities) if name in role.about), city),
            "hours_per_week": hours,
            "term_months": 6 if role.kind in STUDENTS else None,
            "minimum_semester": (SEMESTERS[semester[0]] if semester else 6) if role.kind in STUDENTS else None,
            "english_level": level[1] if level else "",
            "pay_from": pay_from,
            "pay_to": pay_to,
        }
    )


def _modality(role: Role, field: Field, draw: Random) -> str:
    if "remote" in role.about.lower():
        return "remote"
    weights = (3, 5, 3) if field.remote else (8, 2, 0)
    return draw.choices(("onsite", "hybrid", "remote"), weights)[0]


def _pay(role: Role, field: Field, draw: Random) -> tuple[int | None, int | None]:
    """Bounds a month in steps of 500; about one posting in seven says nothing, and more of social service."""
    if draw.random() < (0.45 if role.kind == "social_service" else 0.14):
        return None, None
    factor = field.pay * (1.15 if role.lang == "en" else 1.0) * draw.uniform(0.9, 1.15)
    lowest = round(PAY[role.kind] * (1.0 if role.kind == "social_service" else factor) / 500) * 500
    return lowest, lowest + draw.choice((0, 1000, 1500, 2000)) * (role.kind != "social_service")


def _description(role: Role, company: str, hours: int, content: Content, draw: Random) -> str:
    tail = "_en" if role.lang == "en" else ""
    opening = draw.choice(content.people["openings" + tail]).format(company=company, hours=hours)
    heading, bullet = draw.choice(content.people["headings" + tail]), draw.choice(("- ", "• ", "- "))
    first = " ".join(part for part in ((role.about, opening) if draw.random() < 0.6 else (opening, role.about)) if part)
    text = "\n\n".join((first, f"{heading}\n" + "\n".join(bullet + duty for duty in role.duties)))
    offers = draw.sample(content.people["offers" + tail], len(content.people["offers" + tail]))
    wanted = draw.choice((1, 2, 2))
    while len(text.split()) + sum(len(offer.split()) for offer in offers[:wanted]) < SHORTEST and wanted < len(offers):
        wanted += 1
    return f"{text}\n\n{' '.join(offer.format(hours=hours) for offer in offers[:wanted])}"


def _stems(text: str) -> set[str]:
    """The beginnings of longer words, to see whether two texts speak of the same trade."""
    return {word[:5] for word in re.findall(r"\w{5,}", text.lower())}
