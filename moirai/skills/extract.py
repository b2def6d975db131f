"""From a text to the skills it names, each with the characters that name it.

spaCy tokenises, a PhraseMatcher finds; nothing here knows the database: callers hand in a vocabulary.
Text and names are folded one character to one, and signs that people glue together ("C++,C#,.NET") are
parted before tokenising with a map back, so every offset counts in the text as it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from moirai.skills.text import fold

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline
    from spacy.matcher import PhraseMatcher

VERSION = "1"  # of the extractor; raise it when the same text may yield other skills
GLUE = re.compile(r"[¶,;:/|()\[\]{}•·\"“”«»]|[.!?](?=\s|$)|(?<=\w)-(?=\w)")
UNPRINTED = re.compile(r"[\s\ud800-\udfff]")  # spaCy refuses half a character
# A line that starts with anything but a small letter is a new one: no name runs across it, as one does in wrapped text.
BREAK = re.compile(r"[\n\f](?![ \t]*[a-záéíóúñü])")
SENTENCE_END = re.compile(r"[.!?…](?=\s)|\n|\f|[•●▪]|;\s")
SENTENCE_LIMIT = 300  # characters a quote may have; a longer sentence is cut around the words it proves
CONTEXT = 60  # characters around an ambiguous word in which another skill or a cue must stand
CUE = re.compile(r"\b(lenguajes?|languages?|programming|programacion|programar|codigo|software|scripts?|paquete)\b")


class Term(NamedTuple):
    """One way to write a skill."""

    skill: int
    text: str
    language: str
    is_ambiguous: bool


class Mention(NamedTuple):
    """``text[start:end]`` names ``skill``; ``text[sentence_start:sentence_end]`` is the sentence around it."""

    skill: int
    start: int
    end: int
    sentence_start: int
    sentence_end: int


@cache
def tokeniser() -> Pipeline:
    """The tokeniser, for every vocabulary of the process: its own words take a third of a second to load."""
    import spacy  # 1.5 s: only workers and the posting wizard pay for it

    return spacy.blank("en")


class Extractor:
    """Finds the terms of one vocabulary in texts; build it once per process and vocabulary."""

    def __init__(self, terms: Iterable[Term], *, implied: Mapping[int, int] | None = None) -> None:
        """``implied`` says which skill another one shows as well, if any."""
        self.terms = list(terms)
        self.implied = dict(implied or {})

    @cached_property
    def pipeline(self) -> Pipeline:
        """One and the same for what was built and what is read, also where two threads made the first at once."""
        return tokeniser()

    @cached_property
    def matcher(self) -> PhraseMatcher:
        from spacy.matcher import PhraseMatcher

        matcher = PhraseMatcher(self.pipeline.vocab, attr="LOWER")
        patterns: dict[str, set[str]] = {}
        for index, term in enumerate(self.terms):
            for form in forms(fold(term.text), term.language, is_name=term.is_ambiguous):
                patterns.setdefault(parted(form)[0].strip(), set()).add(str(index))
        for form, indices in patterns.items():
            document = self.pipeline.make_doc(form)
            for key in indices:
                matcher.add(key, [document])
        return matcher

    def find(self, text: str) -> list[Mention]:
        """Every skill that ``text`` names, longest name first where names overlap, in order of place."""
        from spacy.util import filter_spans

        padded, places = parted(fold(BREAK.sub("¶", text)))
        document = self.pipeline.make_doc(padded)
        by_span: dict[tuple[int, int], list[Term]] = {}
        for match, first, last in self.matcher(document):
            by_span.setdefault((first, last), []).append(self.terms[int(document.vocab.strings[match])])
        found = [
            (places[span.start_char], places[span.end_char - 1] + 1, term)
            for span in filter_spans([document[first:last] for first, last in by_span])
            for term in by_span[span.start, span.end]
        ]
        sure = [(start, end) for start, end, term in found if not term.is_ambiguous]
        mentions = {
            (start, end, term.skill)
            for start, end, term in found
            if not term.is_ambiguous or in_context(text, start, end, term, sure)
        }
        return [Mention(skill, start, end, *sentence(text, start, end)) for start, end, skill in sorted(mentions)]

    def with_implied(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions, and after each that of every skill it implies, on the same words.

        For texts of people: "inglés avanzado" shows English. A posting that asks for it asks for no second skill.
        """
        found: list[Mention] = []
        for mention in mentions:
            skill: int | None = mention.skill
            seen: set[int] = set()
            while skill is not None and skill not in seen:
                seen.add(skill)
                found.append(mention._replace(skill=skill))
                skill = self.implied.get(skill)
        return found


def parted(text: str) -> tuple[str, list[int]]:
    """``text`` with spaces round glued signs, and for each of its characters the place in ``text``."""
    pieces: list[str] = []
    places: list[int] = []
    last = 0
    for match in GLUE.finditer(text):
        start, end = match.span()
        pieces += [text[last:start], " ", match.group(), " "]
        places += [*range(last, start), start, *range(start, end), end - 1]
        last = end
    pieces.append(text[last:])
    places += range(last, len(text))
    return UNPRINTED.sub(" ", "".join(pieces)), places


def forms(name: str, language: str, *, is_name: bool = False) -> set[str]:
    """The folded name and its simple plurals: first word, last word, every word."""
    words = name.split()
    if is_name or not words or not all(re.fullmatch(r"[a-z]{2,}", word) for word in words) or len(words) > 5:
        return {name}
    many = [plural(word, language) for word in words]
    one = [singular(word, language) for word in words]
    variants = {name, " ".join(many), " ".join(one)}
    variants.add(" ".join([*words[:-1], many[-1]]))
    variants.add(" ".join([*words[:-1], one[-1]]))
    variants.add(" ".join([many[0], *words[1:]]))
    variants.add(" ".join([one[0], *words[1:]]))
    return variants


SMALL_WORDS = frozenset("de del la el los las en y e o con para por a al the of and for in to on with".split())


def plural(word: str, language: str) -> str:
    """A simple plural; words that are plural already, and function words, stay."""
    if word in SMALL_WORDS or word.endswith("s") or len(word) < 3:
        return word
    if language == "en" and word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    if word[-1] in "aeiou":
        return word + "s"
    if language == "es":
        return word[:-1] + "ces" if word.endswith("z") else word + "es"
    return word + "es" if word.endswith(("x", "ch", "sh")) else word + "s"


def singular(word: str, language: str) -> str:
    """A simple singular; the inverse of ``plural`` where one can tell."""
    if word in SMALL_WORDS or not word.endswith("s") or word.endswith(("ss", "sis", "us", "ics")) or len(word) < 5:
        return word
    if language == "en" and word.endswith("ies"):
        return word[:-3] + "y"
    if language == "es" and word.endswith("es") and word[-3] in "lrndj":
        return word[:-2]
    if language == "es" and word.endswith("ces"):
        return word[:-3] + "z"
    return word[:-1]


def in_context(text: str, start: int, end: int, term: Term, sure: list[tuple[int, int]]) -> bool:
    """Whether an ordinary word ("Go", "R", "C") stands for the skill here.

    A name with a capital must be written as the name is written, and a surer skill or a cue such as "language" must
    be near.
    """
    if term.text != term.text.lower() and text[start:end] != term.text:
        return False
    left, right = max(0, start - CONTEXT), min(len(text), end + CONTEXT)
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", end) if "\n" in text[end:] else len(text)
    left, right = max(left, line_start), min(right, line_end)
    if CUE.search(fold(text[left:right])):
        return True
    return any(left <= other_start and other_end <= right for other_start, other_end in sure)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentence around ``text[start:end]``, cut to ``SENTENCE_LIMIT`` at spaces, trimmed."""
    left = 0
    for match in SENTENCE_END.finditer(text, max(0, start - SENTENCE_LIMIT), start):
        left = match.end()
    right_match = SENTENCE_END.search(text, end)
    right = right_match.end() if right_match else len(text)
    room = max(0, SENTENCE_LIMIT - (end - start)) // 2
    if left < start - room:
        left = text.find(" ", start - room, start) + 1 or start
    if right > end + room:
        right = text.rfind(" ", end, end + room)
        right = end if right == -1 else right
    while left < start and text[left] in " \t\r\n\f-–*•·●▪o" and not text[left : left + 2].isalpha():
        left += 1
    while right > end and text[right - 1].isspace():
        right -= 1
    return left, right
