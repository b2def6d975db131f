"""Texts of a student as a company may read them before it knows who it is."""

from __future__ import annotations

import re

from moirai.skills.text import fold, without_personal_lines
from students.models import Student

HIDDEN = "▒"


def names_of(student: Student) -> re.Pattern[str] | None:
    """A pattern of what names the person: the words of the name, and the schools as a whole."""
    hidden = set(re.findall(r"\w{3,}", fold(student.name)))
    hidden |= {fold(entry.organisation.strip()) for entry in student.schools}
    words = sorted(filter(None, hidden), key=lambda word: (-len(word), word))
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, words)) + r")(?!\w)") if words else None


def hidden(text: str, names: re.Pattern[str] | None) -> str:
    """The text with names, contact details and personal lines hidden, character for character."""
    blanked = without_personal_lines(text)
    shown = "".join(old if old == new or old.isspace() else HIDDEN for old, new in zip(text, blanked, strict=True))
    if names:
        for match in names.finditer(fold(text)):
            shown = shown[: match.start()] + HIDDEN * (match.end() - match.start()) + shown[match.end() :]
    return shown
