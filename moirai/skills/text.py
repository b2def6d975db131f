"""Words of a text: folding, tokens with offsets, stems, and the language they are in.

Nothing here imports Django, so the scorer and the extractor of skills share it. Every function keeps
character offsets true: folding is one character to one character, and a token knows where it stands.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data"
WORDS = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
STOP_WORDS = frozenset(word for words in WORDS["stop_words"].values() for word in words.split())
MARKERS = {language: frozenset(words.split()) for language, words in WORDS["markers"].items()}
LANGUAGES = ("es", "en")
SNOWBALL = {"es": "spanish", "en": "english"}

# A word: letters and digits, with the signs that belong to names such as C++, C#, .NET and Node.js.
WORD = re.compile(r"\.net\b|[a-z]\+\+|[a-z]#|[a-z0-9]+(?:\.js\b)?")
# Endings that only tell the sex of the person: enfermero/a, gestor(a), alumn@s, todxs.
GENDER_ENDING = re.compile(r"(?<=[a-z]{3})(?:/|\()(?:a|as|o|os|ra|ras|ora|oras)\b\)?|(?<=[a-z]{3})@(?=s?\b)")
CONTACT = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"  # e-mail
    r"|(?:https?://|www\.)\S+"
    r"|\b(?:linkedin|github|gitlab|facebook|instagram)\.com\S*"
    r"|\+?\(?\d[\d\s().-]{7,}\d"  # telephone
)
PERSONAL_LINE = re.compile(
    r"^\s*(?:nombre|name|full name|nombre completo|sexo|sex|gender|genero|edad|age|fecha de nacimiento|date of birth"
    r"|birth ?date|estado civil|marital status|nacionalidad|nationality|domicilio|direccion|address|foto|photo"
    r"|curp|rfc|nss|telefono|phone|celular|mobile|correo|e-?mail|pronombres|pronouns|lugar de nacimiento"
    r"|place of birth|religion|hijos|children)\s*[:：][^\n]*$",
    re.MULTILINE,
)


class Token(NamedTuple):
    """One word of a text: ``text[start:end]`` folded, and its stem in the language of the text."""

    start: int
    end: int
    word: str
    stem: str


def _folding_table() -> dict[int, str]:
    table = {}
    for code in range(0xC0, 0x250):
        base = unicodedata.normalize("NFKD", chr(code))[0].lower()
        table[code] = base if base.isascii() else chr(code).lower()[0]
    table.update({ord("’"): "'", ord("‘"): "'", ord("–"): "-", ord("—"): "-", 0xA0: " "})
    return table


FOLDING = _folding_table()
FOLDING.update({code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)})


def fold(text: str) -> str:
    """Lower case without accents, one character for one: ``len(fold(text)) == len(text)``."""
    return text.translate(FOLDING)


def without_personal_lines(text: str) -> str:
    """The text with contact details and lines such as ``Edad: 24`` blanked, at unchanged offsets."""
    folded = fold(text)
    for pattern in (PERSONAL_LINE, CONTACT):
        for match in pattern.finditer(folded):
            start, end = match.span()
            text = text[:start] + " " * (end - start) + text[end:]
    return text


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    return Stemmer.Stemmer(SNOWBALL[language])


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """Snowball stem of a folded word; languages without a stemmer here are read as English."""
    return str(_stemmer(language if language in SNOWBALL else "en").stemWord(word))


def tokens(text: str, language: str) -> Iterator[Token]:
    """Every word of the text that is not a stop word, in order, with offsets into ``text``."""
    folded = GENDER_ENDING.sub(lambda match: " " * len(match.group()), fold(text))
    for match in WORD.finditer(folded):
        word = match.group()
        if is_content(word):
            yield Token(match.start(), match.end(), word, stem(word, language))


def stems(text: str, language: str) -> list[str]:
    """Stems of the content words of a text, in order, without stop words and boilerplate."""
    folded = GENDER_ENDING.sub(" ", fold(text))
    return [stem(word, language) for word in WORD.findall(folded) if is_content(word)]


@lru_cache(maxsize=200_000)
def is_content(word: str) -> bool:
    """Whether a folded word says anything: no stop word, no number, no single letter except R and C."""
    if word in STOP_WORDS or word.isdigit():
        return False
    return len(word) > 1 or word in {"r", "c"}


def words_in(text: str) -> int:
    """How many words that say something a text has."""
    return sum(1 for word in re.findall(r"\w+", text.lower()) if is_content(word))


def language_of(text: str, default: str = "es") -> str:
    """``es``, ``en`` or ``other``; ``default`` where the text is too short to tell.

    Function words decide where there are enough of them (exact and fast); py3langid decides the rest.
    """
    words = WORD.findall(fold(text[:4000]))
    spanish, english = (sum(word in MARKERS[language] for word in words) for language in LANGUAGES)
    if spanish + english >= max(2, len(words) // 7) and abs(spanish - english) > (spanish + english) / 3:
        return "es" if spanish > english else "en"
    if len(words) < 4:
        return default
    import py3langid

    found, _ = py3langid.classify(text[:4000].lower())
    if found in LANGUAGES:
        return str(found)
    return "other" if len(words) >= 12 and spanish + english <= len(words) / 12 else default
