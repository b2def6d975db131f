"""The hand-written material of the demo, read from the TOML files beside this module."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Role:
    """A post that companies of a field offer."""

    title: str
    kind: str
    about: str
    duties: list[str]
    must: list[str]
    nice: list[str]
    lang: str = "es"
    company: str = ""


@dataclass(frozen=True)
class Field:
    """A degree programme: blocks that CVs and postings are made of."""

    id: str
    programme: str
    courses: str
    profiles: list[str]
    skills: list[str]
    experience: list[list[str]]
    projects: list[list[str]]
    roles: list[Role]
    pay: float
    remote: bool


@dataclass(frozen=True)
class Content:
    fields: dict[str, Field]
    companies: list[dict[str, Any]]
    people: dict[str, Any]
    students: list[dict[str, Any]]
    jobs: list[dict[str, Any]]
    english_cvs: dict[str, str]


def read() -> Content:
    """All files; the order of fields is that of file names and of the rows in them."""
    fields = [_field(row) for path in sorted(FOLDER.glob("fields-*.toml")) for row in load(path.name)["field"]]
    return Content(
        fields={field.id: field for field in fields},
        companies=load("companies.toml")["company"],
        people=load("people.toml"),
        students=load("heroes-students.toml")["student"],
        jobs=load("heroes-jobs.toml")["job"],
        english_cvs={row["field"]: row["text"].strip() for row in load("cvs-english.toml")["cv"]},
    )


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _field(row: dict[str, Any]) -> Field:
    roles = [Role(**role) for role in row.pop("role")]
    return Field(**{"pay": 1.0, "remote": False, **row}, roles=roles)
