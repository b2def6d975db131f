"""The rules as data: what to look for, how grave it is, which law it breaks, what to write instead."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
GROUPS = ("discrimination", "fraud", "conditions")
KNOWN = {
    "severity", "name", "laws", "instead", "patterns", "unless", "unless_anywhere", "where", "kinds", "languages",
    "check", "bare", "daily_minimum_mxn",
}  # fmt: skip


class Severity(IntEnum):
    """A finding that blocks stops the posting; a warning needs a person to decide; advice is between the two of us."""

    ADVISES = 1
    WARNS = 2
    BLOCKS = 3


@dataclass(frozen=True)
class Rule:
    """One rule; ``pattern`` or ``check`` finds what breaks it. Words are by language, ``es`` or ``en``."""

    id: str
    group: str
    severity: Severity
    names: Mapping[str, str]
    laws: tuple[Mapping[str, str], ...]
    insteads: Mapping[str, str]
    pattern: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    unless_anywhere: re.Pattern[str] | None = None
    check: str = ""
    title_only: bool = False
    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    values: Mapping[str, Any] = field(default_factory=dict)


def _compiled(alternatives: list[str], *, bare: bool = False) -> re.Pattern[str]:
    """One pattern for all; a blank is any run of blanks within a line, and words are whole unless ``bare``."""
    joined = "|".join(f"(?:{one})" for one in alternatives).replace(" ", r"[ \t]+").replace("[ \\t]+?", r"[ \t]?")
    return re.compile(joined if bare else rf"(?<!\w)(?:{joined})(?!\w)")


def _acquitting(words: str | None) -> re.Pattern[str] | None:
    return _compiled([words], bare=True) if words else None


def _rules() -> Iterator[Rule]:
    laws = tomllib.loads((FOLDER / "laws.toml").read_text("utf-8"))
    for group in GROUPS:
        for name, entry in tomllib.loads((FOLDER / f"{group}.toml").read_text("utf-8")).items():
            assert entry.keys() <= KNOWN, f"{name}: {entry.keys() - KNOWN}"
            yield Rule(
                id=name,
                group=group,
                severity=Severity[entry["severity"].upper()],
                names=entry["name"],
                laws=tuple(laws[law] for law in entry["laws"]),
                insteads=entry["instead"],
                pattern=_compiled(entry["patterns"], bare=entry.get("bare", False)) if "patterns" in entry else None,
                unless=_acquitting(entry.get("unless")),
                unless_anywhere=_acquitting(entry.get("unless_anywhere")),
                check=entry.get("check", ""),
                title_only=entry.get("where") == "title",
                kinds=frozenset(entry.get("kinds", ())),
                languages=frozenset(entry.get("languages", ())),
                values={key: value for key, value in entry.items() if key == "daily_minimum_mxn"},
            )


RULES: Mapping[str, Rule] = {rule.id: rule for rule in _rules()}
