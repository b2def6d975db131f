"""What the scorer reads of a student and of a posting: weighted pieces of text, each in its language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from moirai.skills.sections import past_titles, read_cv, read_posting
from moirai.skills.text import LANGUAGES, language_of, without_personal_lines

# How much a word counts by the kind of text it stands in. One set of weights for all languages.
STUDENT_WEIGHTS = {
    "programme": 2.0,
    "profile": 1.0,
    "experience": 1.2,
    "projects": 1.0,
    "education": 0.7,
    "skills": 1.0,
    "languages": 0.2,
    "certificates": 0.8,
    "other": 0.1,
    "past_title": 2.0,
    "listed_skills": 1.0,
}
POSTING_WEIGHTS = {
    "title": 3.0,
    "duties": 1.0,
    "requirements": 1.0,
    "benefits": 0.3,
    "company": 0.5,
    "boilerplate": 0.2,
    "required_skills": 1.0,
    "preferred_skills": 1.0,
}
LONGEST_TEXT = 60_000  # characters read of one text; a CV of 200 pages says nothing more after these


@dataclass(frozen=True, slots=True)
class Field:
    """A piece of text of one kind (a key of the weights above), in ``es`` or ``en``."""

    kind: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Document:
    """A student or a posting as the scorer sees it."""

    id: str
    language: str
    fields: tuple[Field, ...]

    def of_kind(self, kind: str) -> str:
        """Texts of one kind, joined."""
        return " ; ".join(field.text for field in self.fields if field.kind == kind)


def student_document(
    *,
    id: object,  # noqa: A002 - the name of the column
    language: str,
    degree_programme: str,
    cv_text: str,
    skills: Iterable[str] = (),
) -> Document:
    """A student's degree programme, CV by section and line, titles of past posts, and listed skills."""
    text = without_personal_lines(cv_text[:LONGEST_TEXT])
    main = _known(language, text)
    fields = [Field("programme", degree_programme, _known(language, degree_programme))]
    for section in read_cv(text, main):
        own = section.language if section.language in LANGUAGES else main
        lines = text[section.start : section.end].splitlines()
        fields += [Field(section.kind, line, _line_language(line, own)) for line in lines if line.strip()]
    fields += [Field("past_title", text[start:end], main) for start, end in past_titles(text)]
    fields.append(Field("listed_skills", " ; ".join(skills), main))
    return Document(str(id), main, tuple(field for field in fields if field.text.strip()))


def posting_document(
    *,
    id: object,  # noqa: A002 - the name of the column
    language: str,
    title: str,
    description: str,
    required_skills: Iterable[str] = (),
    preferred_skills: Iterable[str] = (),
) -> Document:
    """A posting's title, its description by section with boilerplate marked, and the skills it lists."""
    text = description[:LONGEST_TEXT]
    main = _known(language, f"{title}\n{text}")
    fields = [Field("title", title, main)]
    for section in read_posting(text, main):
        own = section.language if section.language in LANGUAGES else main
        fields.append(Field(section.kind, text[section.start : section.end], own))
    fields.append(Field("required_skills", " ; ".join(required_skills), main))
    fields.append(Field("preferred_skills", " ; ".join(preferred_skills), main))
    return Document(str(id), main, tuple(field for field in fields if field.text.strip()))


def _known(language: str, text: str) -> str:
    """The stated language where it is one we read, else the one found, else Spanish."""
    if language in LANGUAGES:
        return language
    found = language_of(text)
    return found if found in LANGUAGES else "es"


def _line_language(line: str, default: str) -> str:
    found = language_of(line, default)
    return found if found in LANGUAGES else default
