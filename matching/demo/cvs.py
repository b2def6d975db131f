"""CVs of the demo: six as written, the others put together from the blocks of their programme."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any

from matching.demo.content import Content, Field

MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
WOMAN = re.compile(r"\b(interesada|orientada|organizada|hija|reportera|editora)\b")
MAN = re.compile(r"\b(interesado|orientado|enfocado|cómodo)\b")
LEVELS = ("A2", "B1", "B1", "B2", "B2", "C1")


@dataclass(frozen=True)
class Person:
    """A student of the demo before there is a row."""

    field: str
    name: str
    email: str
    programme: str
    semester: int
    city: str
    hours: int
    english: str
    language: str
    headline: str
    visibility: str
    cv: str
    is_hero: bool = False


def people(content: Content, *, seed: int, today: date) -> list[Person]:
    """All students: the heroes first, then two of each programme."""
    rng = Random(f"{seed}:names")  # noqa: S311 - believable, not secret
    women, men = (rng.sample(content.people[key], len(content.people[key])) for key in ("women", "men"))
    surnames = rng.sample(content.people["surnames"], len(content.people["surnames"]))
    found = [_hero(row, content, today) for row in content.students]
    for number, field in enumerate(content.fields.values()):
        draw = Random(f"{seed}:{field.id}")  # noqa: S311
        blocks = Field(**{**vars(field), **_shuffled(field, draw)})
        for place in (0, 1):
            is_woman = not MAN.search(blocks.profiles[place]) and bool(
                WOMAN.search(blocks.profiles[place]) or place == number % 2
            )
            first = (women if is_woman else men)[(number + place) % 30]
            name = f"{first} {surnames[(2 * number + place) % 40]} {surnames[(5 * number + 3 * place + 7) % 40]}"
            found.append(_person(blocks, place, name, is_woman, content, draw, today))
    return found


def _hero(row: dict[str, Any], content: Content, today: date) -> Person:
    text = _dated(row["cv"].strip(), today).replace("\n---\n", "\n\f")
    field = next(field.id for field in content.fields.values() if field.programme == row["programme"])
    kept = {key: row[key] for key in Person.__dataclass_fields__ if key in row and key != "cv"}
    return Person(**{"language": "es", **kept}, field=field, cv=text, is_hero=True)


def _dated(text: str, today: date) -> str:
    """``{y2}`` as the year two years ago."""
    return re.sub(r"\{y(\d)\}", lambda found: str(today.year - int(found[1])), text)


def _shuffled(field: Field, draw: Random) -> dict[str, list[Any]]:
    """The field's blocks in another order: its students take different halves, so no block stands in two CVs."""
    names = ("profiles", "experience", "projects")
    return {name: draw.sample(getattr(field, name), len(getattr(field, name))) for name in names}


def _person(field: Field, place: int, name: str, is_woman: bool, content: Content, draw: Random, today: date) -> Person:
    semester, city, english = draw.randint(5, 10), draw.choice(content.people["cities"]), draw.choice(LEVELS)
    plain = name.lower().translate(str.maketrans("áéíóúüñ ", "aeiouun."))
    email = f"{plain}@universidad.example"
    top = f"{name}\n{field.programme}, {semester}.º semestre\n{city} | {email}"
    is_english = place == 1 and field.id in content.english_cvs
    if is_english:
        english, semester = draw.choice(("B2", "C1")), max(semester, 7)
        text = _dated(content.english_cvs[field.id], today)
        level = re.search(r"English: ([ABC][12])", text)
        english, cv = (level[1] if level else english), f"{name}\n{city} | {email}\n\n{text}"
        headline = text.split("\n")[1].split(". ")[0].rstrip(".") + "."
    else:
        summary = content.people["summaries"].get(field.id, "") if place == 0 else ""
        english = "C1" if summary else english
        parts = _parts(field, place, semester, english, is_woman, content, draw, today)
        cv = _laid_out(top, parts, content, draw)
        if summary:
            cv += f"\n\nSummary\n{summary}"
        headline = field.profiles[place].split(". ")[0].rstrip(".") + "."
    return Person(
        field=field.id,
        name=name,
        email=email,
        programme=field.programme,
        semester=semester,
        city=city,
        hours=draw.choice((20, 20, 25, 30, 40)),
        english=english,
        language="en" if is_english else "es",
        headline=headline[:200],
        visibility="companies" if draw.random() < 0.65 else "private",
        cv=cv,
    )


def _parts(
    field: Field,
    place: int,
    semester: int,
    english: str,
    is_woman: bool,
    content: Content,
    draw: Random,
    today: date,
) -> dict[str, str]:
    """The text of each section; the second student of a field takes the second half of its blocks."""
    bullet, style = draw.choice(("- ", "• ", "- ")), draw.randrange(3)
    posts, month = [], today.year * 12 + today.month - 1
    for nth, (post, company, *done) in enumerate(field.experience[2 * place : 2 * place + 2]):
        end = month - draw.randint(1, 5)
        start = end - draw.randint(5, 11)
        month = start
        dates = f"{_month(start, style)} – {'actual' if nth == 0 and draw.random() < 0.4 else _month(end, style)}"
        lines = "\n".join(bullet + sentence for sentence in done)
        first, _, rest = post.partition(" ")
        first = content.people["cv"]["women" if is_woman else "men"].get(first, first)
        posts.append(f"{first} {rest}".strip() + f" | {company} | {dates}\n{lines}")
    projects = [f"{title}: {text[0].lower() + text[1:]}" for title, text in field.projects[2 * place : 2 * place + 2]]
    since = today.year - (semester + 1) // 2
    grade = f"\nPromedio: {draw.randint(83, 97) / 10:.1f}" if draw.random() < 0.6 else ""
    native = draw.choice(("Español: lengua materna. Inglés: {}.", "Inglés {}.", "Español nativo, inglés {}."))
    return {
        "profile": field.profiles[place],
        "experience": "\n\n".join(posts),
        "projects": "\n".join(projects),
        "education": f"{field.programme}, Universidad Demo, {since} – presente\nMaterias: {field.courses}{grade}",
        "skills": "\n".join(draw.sample(field.skills, 3)),
        "languages": native.format(english),
        "other": draw.choice(content.people["interests"]) if draw.random() < 0.5 else "",
    }


def _month(index: int, style: int) -> str:
    year, month = divmod(index, 12)
    return (f"{MONTHS[month]} {year}", f"{MONTHS[month][:3]} {year}", f"{month + 1:02}/{year}")[style]


def _laid_out(top: str, parts: dict[str, str], content: Content, draw: Random) -> str:
    headings, order = draw.choice(content.people["cv"]["headings"]), draw.choice(content.people["cv"]["orders"])
    written = [f"{headings[key]}\n{parts[key]}" for key in order if parts[key]]
    text = "\n\n".join([top, *written])
    if draw.random() < 0.3:  # a second page
        text = text.replace(f"\n\n{headings['education']}\n", f"\n\f{headings['education']}\n", 1)
    return text
