"""The words of a notification, in the language that is active: made from kind and data when somebody reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format

from moirai.stops import one_stop
from notifications.wordings import CHANGED, WORDINGS, Sentence, Wording
from students.models import CV

MOST_ITEMS = 10  # of a list inside one notification
NUMBERS = ("new", "waiting", "skills", "changed", "errors")
TEXTS = ("search", "job", "company", "who", "note")


@dataclass(frozen=True)
class Item:
    """A line of a list that leads somewhere; ``url`` is a path of the site or empty."""

    text: str
    url: str


@dataclass(frozen=True)
class Words:
    title: str
    text: str
    action: str
    items: list[Item] = field(default_factory=list)


def words(kind: str, data: dict[str, Any]) -> Words:
    """What to say; data of an older version, or of a kind that is gone, never breaks the page.

    Beside what the sentences name, ``data`` may have ``status``, ``is_reminder``, ``failure`` (a `CV.Failure`) and
    ``jobs``, a list of ``{title, company, url}``.
    """
    wording = WORDINGS.get(kind, CHANGED)
    values = _values(wording, data)
    status = "reminder" if data.get("is_reminder") else str(data.get("status", ""))
    heading, sentences = wording.title, wording.text
    if isinstance(heading, Mapping):
        heading = heading.get(status, heading[""])
    if isinstance(sentences, Mapping):
        sentences = sentences.get(status, sentences[""])
    title = _said(heading, values) or str(wording.nameless or heading % defaultdict(str, values))
    text = " ".join(filter(None, (_said(sentence, values) for sentence in sentences)))
    return Words(one_stop(title), one_stop(text), str(wording.action), _items(data.get("jobs")))


def _said(sentence: Sentence, values: dict[str, str | int]) -> str:
    """The sentence with its data; empty where some is missing."""
    try:
        return str(sentence % values)
    except KeyError:
        return ""


def _values(wording: Wording, data: dict[str, Any]) -> dict[str, str | int]:
    """The data that is there, as sentences take it."""
    failure = str(data.get("failure", ""))
    texts = {name: str(data.get(name, "")) for name in TEXTS} | {
        "who": str(data.get("who") or wording.who),
        "date": _date(str(data.get("date", "")), wording.date_format),
        "reason": str(CV.Failure(failure).label) if failure in CV.Failure.values else "",
    }
    numbers = {name: value if isinstance(value := data.get(name), int) else 0 for name in NUMBERS}
    return {name: text for name, text in texts.items() if text} | numbers | {"count": numbers[wording.count]}


def _date(text: str, pattern: str) -> str:
    """The date in the reader's format and the site's time zone; empty where there is none that can be read."""
    try:
        value = parse_datetime(text) or parse_date(text)
    except ValueError:  # well-formed, such as the 31st of February
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, pattern) if value else ""


def _items(jobs: Any) -> list[Item]:
    rows = [row for row in jobs if isinstance(row, dict)][:MOST_ITEMS] if isinstance(jobs, list) else []
    texts = [[str(row.get(name, "")) for name in ("title", "company", "url")] for row in rows]
    return [Item(" · ".join(filter(None, (title, company))), url) for title, company, url in texts]
