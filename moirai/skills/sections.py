"""Sections of CVs and postings, read from layout: headings, lists, dates. Spanish and English.

A heading is a short line, or the short beginning of a line before a colon, whose folded words `data/headings.toml`
has. Where a text has no headings the whole of it is one section, so nothing is ever lost. Offsets point into the
text as given. Pure functions, no Django.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace

from moirai.skills.text import DATA, fold, language_of

HEADINGS = tomllib.loads((DATA / "headings.toml").read_text(encoding="utf-8"))
CV_KINDS, POSTING_KINDS = (
    {name: kind for kind, names in HEADINGS[text].items() for name in names} for text in ("cv", "posting")
)
BOILERPLATE = re.compile("|".join(HEADINGS["boilerplate"]["patterns"]))
TITLE_BEFORE_DATES = re.compile(
    r"^[\s•*\-–]*(?P<title>[^\n|,;:()]{3,70}?)\s*(?:[|,;(–—-]|\bat\b|\ben\b)[^\n]{0,120}?\b(?:19|20)\d\d\b",
    re.MULTILINE,
)
TITLE_LABEL = re.compile(
    r"\b(?:puesto|cargo|position|job title|titulo)\s*:\s*(?P<title>[^\n.;|]{3,70})"
    r"|\b(?:como|as an?|as)\s+(?P<post>(?:auxiliar|asistente|becari[oa]|practicante|analista|tecnic[oa]|ingenier[oa]"
    r"|gerente|coordinador[a]?"
    r"|intern|assistant|analyst|technician|engineer|manager|coordinator|consultant|nurse|teacher"
    r"|developer|designer)[^\n.,;()]{0,50})"
)
DURATION = re.compile(
    r"(?P<number>\d{1,2}|un|una|dos|tres|cuatro|cinco|one|two|three|four|five)\s*\+?\s*"
    r"(?P<unit>anos?|years?|mes(?:es)?|months?)\b"
)
YEARS = re.compile(
    r"\b(?P<start>(?:19|20)\d\d)\b\s*(?:[-–—/]|a|al|to|hasta|until)\s*(?:[a-z]{3,10}\.?\s+(?:de\s+)?)?"
    r"(?P<end>(?:19|20)\d\d|actual(?:idad|mente)?|presente|hoy|la fecha|present|now|today|current)\b"
)
NUMBERS = {
    "un": 1, "una": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "three": 3, "cuatro": 4, "four": 4, "cinco": 5,
    "five": 5,
}  # fmt: skip
PROGRAMME = re.compile(
    r"\b(?:licenciatura|licenciad[oa]|lic\.|ingenieria|ingenier[oa]|ing\.|maestria|doctorado"
    r"|tecnico superior(?: universitario)?|tsu|carrera"
    r"|bachelor(?:'s)?(?: degree)?(?: of [a-z]+)?|b\.?sc\.?|b\.?a\.?|b\.?eng\.?"
    r"|master(?:'s)?(?: degree)?(?: of [a-z]+)?|m\.?sc\.?|degree|diploma)"
    r"\s+(?:universitari[oa]\s+)?(?:en|in|de|of)?\s*(?P<field>[a-z][a-z &/-]{3,70})"
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a text: ``text[start:end]`` of the given kind, in the language found for it."""

    kind: str
    start: int
    end: int
    language: str


def _heading(line: str, kinds: dict[str, str]) -> tuple[str, int] | None:
    """Kind named by a folded line and where its own text begins, or None."""
    before, colon, _ = line.partition(":")
    for candidate, rest in ((line, len(line)), (before, len(before) + len(colon))):
        if len(candidate) > 60:
            continue
        name = re.sub(r"\s+", " ", re.sub(r"[^a-z0-9 &/]+", " ", candidate)).strip()
        name = re.sub(r"^\d+ |(?<=\w)[&/](?=\w)", "", name).replace(" & ", " and ")
        if name in kinds:
            return kinds[name], rest
    return None


def _split(text: str, kinds: dict[str, str], first: str, default_language: str) -> list[Section]:
    """Cut a text at its headings; lines before the first heading are of the kind ``first``."""
    folded = fold(text)
    sections: list[Section] = []
    kind, start, position = first, 0, 0
    for line in folded.splitlines(keepends=True):
        found = _heading(line, kinds)
        if found is not None:
            sections.append(Section(kind, start, position, default_language))
            kind, start = found[0], position + min(found[1], len(line))
        position += len(line)
    sections.append(Section(kind, start, len(text), default_language))
    kept = [section for section in sections if text[section.start : section.end].strip()]
    return [replace(s, language=language_of(text[s.start : s.end], default_language)) for s in kept]


def read_cv(text: str, language: str = "es") -> list[Section]:
    """Sections of a CV in order; kinds are those of `data/headings.toml` and ``profile`` before the first heading."""
    return _split(text, CV_KINDS, "profile", language)


def read_posting(text: str, language: str = "es") -> list[Section]:
    """Sections of a posting in order; ``duties`` before the first heading, sentences of boilerplate cut out as such."""
    sections: list[Section] = []
    for section in _split(text, POSTING_KINDS, "duties", language):
        sections.extend(_without_boilerplate(text, section))
    return sections


def _without_boilerplate(text: str, section: Section) -> list[Section]:
    """The section cut into runs of sentences that are boilerplate and runs that are not."""
    runs: list[Section] = []
    for start, end in sentences(text, section.start, section.end):
        plain = BOILERPLATE.search(fold(text[start:end])) is None
        kind = section.kind if plain else "boilerplate"
        if runs and runs[-1].kind == kind:
            runs[-1] = replace(runs[-1], end=end)
        else:
            runs.append(replace(section, kind=kind, start=start, end=end))
    return runs


SENTENCE_END = re.compile(r"\n+|(?<=[.!?;])\s+(?=[^a-z])|[•·▪●*]|\s-\s?(?=[A-ZÁÉÍÓÚ])|\.-\s?")


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Offsets of the sentences and list items of ``text[start:end]``, in order, none of them blank."""
    end = len(text) if end is None else end
    spans, begin = [], start
    for match in SENTENCE_END.finditer(text, start, end):
        if text[begin : match.start()].strip():
            spans.append((begin, match.start()))
        begin = match.end()
    if text[begin:end].strip():
        spans.append((begin, end))
    return spans


def past_titles(text: str) -> list[tuple[int, int]]:
    """Offsets of the titles of past posts: the words before a company and years, or after ``puesto:``, ``as a``."""
    folded = fold(text)
    spans = [match.span("title") for match in TITLE_BEFORE_DATES.finditer(folded)]
    labelled = TITLE_LABEL.finditer(folded)
    spans += [match.span("title") if match.group("title") else match.span("post") for match in labelled]
    return sorted(
        {(start, end) for start, end in spans if folded[start:end].strip() and not PROGRAMME.match(folded[start:end])}
    )


def months_of_experience(text: str, this_year: int) -> int:
    """Months named by ranges of years (``2019 - 2021``) and, where there are none, by durations; at most 600."""
    folded = fold(text)
    months = 0
    for match in YEARS.finditer(folded):
        end = match.group("end")
        months += 12 * max(0, (int(end) if end.isdigit() else this_year) - int(match.group("start")))
    if not months:
        for match in DURATION.finditer(folded):
            number = NUMBERS.get(match.group("number")) or int(match.group("number"))
            months += number * (12 if match.group("unit")[0] in "ay" else 1)
    return min(months, 600)
