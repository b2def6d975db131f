"""Sentences that prove something: found in a text, kept as offsets, shown with the words that count."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from moirai.skills import sections
from moirai.skills.extract import SENTENCE_LIMIT
from moirai.skills.text import Token, tokens

SHORTEST = 3  # content words that a sentence needs to be worth quoting


@dataclass(frozen=True, slots=True)
class Quote:
    """``sentence[start:end]`` are the words; ``offset`` is the sentence's place in the text it comes from."""

    sentence: str
    start: int
    end: int
    offset: int
    section: str = ""
    page: int | None = None
    evidence_id: int | None = None


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Bounds of the sentences and list items of a text, without signs around them, cut to a quotable length."""
    for start, end in sections.sentences(text):
        while start < end and not text[start].isalnum():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, min(end, start + SENTENCE_LIMIT)


class Passages:
    """The sentences of a text with their words, which are read once however many are looked for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._read: dict[str, list[tuple[int, int, list[Token]]]] = {}

    def read(self, language: str) -> list[tuple[int, int, list[Token]]]:
        """Start, end and words of each sentence."""
        if language not in self._read:
            self._read[language] = [
                (left, right, list(tokens(self.text[left:right], language))) for left, right in sentences(self.text)
            ]
        return self._read[language]


def best_sentence(passages: Passages, language: str, weights: dict[str, float]) -> Quote | None:
    """The sentence that says most of what ``weights`` (stem -> weight) stand for, its heaviest word marked.

    None when no sentence with enough words holds any of them.
    """
    best: tuple[float, Quote] | None = None
    for left, right, found in passages.read(language):
        worth = sum(weights.get(stem, 0.0) for stem in {token.stem for token in found})
        if len(found) < SHORTEST or worth <= 0:
            continue
        worth /= len(found) ** 0.5  # or the longest sentence would win
        if best is None or worth > best[0]:
            heaviest = max(found, key=lambda token: weights.get(token.stem, 0.0))
            best = worth, Quote(passages.text[left:right], heaviest.start, heaviest.end, left)
    return best[1] if best else None


def quote_word(passages: Passages, language: str, stem: str) -> Quote | None:
    """The first sentence that holds a word with this stem, that word marked."""
    for left, right, found in passages.read(language):
        for token in found:
            if token.stem == stem:
                return Quote(passages.text[left:right], token.start, token.end, left)
    return None
