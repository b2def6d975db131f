"""What every column of every table holds, read once by a person: ``python -m tests.trust.held`` writes the rest.

`held.toml` has a section per model: why it is held, who sees it, and its columns, ``personal`` (they say something
about a person) or ``plain`` (numbers of rows, states, dates of the work, words of the house). A column that stands in
neither fails the build, and docs/privacy.md has the table made of this and of the retention rules.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HELD = Path(__file__).with_suffix(".toml")
DOCUMENT = ROOT / "docs" / "privacy.md"
BEGIN, END = "<!-- made by python -m tests.trust.held -->", "<!-- end -->"


@dataclass(frozen=True)
class Table:
    """One section of the file."""

    personal: frozenset[str]
    plain: frozenset[str]
    why: str
    who: str


def read() -> dict[str, Table]:
    sections: dict[str, dict[str, Any]] = tomllib.loads(HELD.read_text(encoding="utf-8"))
    return {
        label: Table(frozenset(row["personal"].split()), frozenset(row["plain"].split()), row["why"], row["who"])
        for label, row in sections.items()
    }


def columns() -> dict[str, set[str]]:
    """The columns of every model that has a table."""
    from django.apps import apps

    return {model._meta.label: {field.name for field in model._meta.concrete_fields} for model in apps.get_models()}


def unread() -> dict[str, set[str]]:
    """Columns that nobody has classified, by model."""
    known = read()
    found = {}
    for label, names in columns().items():
        table = known.get(label)
        if left := names - (table.personal | table.plain if table else set()):
            found[label] = left
    return found


def document() -> str:
    """The table of docs/privacy.md: every model that holds something about a person."""
    from moirai.privacy.registry import retention

    rules = retention()
    lines = ["| table | what | why | how long | who sees it |", "|--|--|--|--|--|"]
    for label, table in sorted(read().items()):
        if table.personal:
            what = ", ".join(sorted(table.personal))
            lines.append(f"| {label} | {what} | {table.why} | {rules[label]} | {table.who} |")
    return "\n".join(lines)


def put_into(text: str) -> str:
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n\n{document()}\n\n{END}{tail}"


def main() -> None:
    import django

    django.setup()
    DOCUMENT.write_text(put_into(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    for label, names in sorted(unread().items()):
        print(f"[{label}]  # nobody has read yet: {' '.join(sorted(names))}")


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")
    main()
