"""Postings out of a careers page: JobPosting data of schema.org, as JSON-LD, read as text and trusted with nothing."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from jobs.models import Job
from moirai.skills.models import Language
from moirai.skills.text import language_of

MOST = 200  # postings of one page
DEPTH = 8
BLOCK = re.compile(r"</?(p|div|li|ul|ol|br|h[1-6]|tr|table|section)\b[^>]*>", re.IGNORECASE)
TAG = re.compile(r"<[^>]*>")
KINDS = {
    "INTERN": Job.Kind.INTERNSHIP, "PART_TIME": Job.Kind.PART_TIME, "FULL_TIME": Job.Kind.FULL_TIME,
    "VOLUNTEER": Job.Kind.SOCIAL_SERVICE,
}  # fmt: skip


@dataclass(frozen=True)
class Found:
    """One posting as the page tells it: an id that stays the same, and fields of ours."""

    key: str
    fields: dict[str, Any] = field(default_factory=dict)


class _Scripts(HTMLParser):
    """Collects what stands in <script type="application/ld+json">; runs nothing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.texts: list[str] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = (dict(attrs).get("type") or "").split(";")[0].strip().lower()
        self.is_inside = tag == "script" and kind == "application/ld+json"
        if self.is_inside:
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.is_inside = False

    def handle_data(self, data: str) -> None:
        if self.is_inside:
            self.texts[-1] += data


def postings_in(page: str) -> list[Found]:
    """The postings of a page, each once, in its order; those without title or description are left out."""
    scripts = _Scripts()
    scripts.feed(page)
    scripts.close()
    found: dict[str, Found] = {}
    for text in scripts.texts:
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            continue
        for item in _job_postings(data, DEPTH):
            posting = _read(item)
            if posting is not None and len(found) < MOST:
                found.setdefault(posting.key, posting)
    return list(found.values())


def _job_postings(data: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Every JobPosting within lists, graphs and items, to some depth."""
    if depth and isinstance(data, list):
        for item in data:
            yield from _job_postings(item, depth - 1)
    elif depth and isinstance(data, dict):
        kinds = data.get("@type")
        if "JobPosting" in (kinds if isinstance(kinds, list) else [kinds]):
            yield data
        for name in ("@graph", "itemListElement", "item", "mainEntity"):
            yield from _job_postings(data.get(name), depth - 1)


def _read(item: dict[str, Any]) -> Found | None:
    title, description = _line(item.get("title"), 200), _text(item.get("description"), 20_000)
    if not title or not description:
        return None
    identifier = item.get("identifier")
    named = identifier.get("value") if isinstance(identifier, dict) else identifier
    key = _line(named, 500) or _line(item.get("url"), 500) or f"{title}\n{description}"
    return Found(
        hashlib.sha256(key.encode()).hexdigest()[:40],
        {
            "title": title,
            "description": description,
            "city": _city(item.get("jobLocation")),
            "modality": Job.Modality.REMOTE if item.get("jobLocationType") == "TELECOMMUTE" else Job.Modality.ONSITE,
            "kind": _kind(item.get("employmentType")),
            "language": language_of(description, Language.SPANISH),
        },
    )


def _kind(value: Any) -> Job.Kind:
    names = value if isinstance(value, list) else [value]
    return next((KINDS[name] for name in names if isinstance(name, str) and name in KINDS), Job.Kind.FIRST_JOB)


def _city(place: Any) -> str:
    place = place[0] if isinstance(place, list) and place else place
    address = place.get("address") if isinstance(place, dict) else None
    return _line(address.get("addressLocality"), 200) if isinstance(address, dict) else ""


def _line(value: Any, limit: int) -> str:
    return " ".join(_text(value, 4 * limit).split())[:limit]


def _text(value: Any, limit: int) -> str:
    """What a person would read: no tags, no control characters, at most ``limit`` characters."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)[:limit] if abs(value) < 10**18 else ""
    if not isinstance(value, str):
        return ""
    plain = html.unescape(TAG.sub("", BLOCK.sub("\n", html.unescape(value[: 4 * limit]))))
    plain = "".join(c for c in plain if c == "\n" or (c.isprintable() and not "\ud800" <= c <= "\udfff"))
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return "\n".join(line for line in lines if line)[:limit]
