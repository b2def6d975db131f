"""What the words of notifications are made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _


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


def texts(data: dict[str, Any], *names: str) -> list[str]:
    return [str(data.get(name, "")) for name in names]


def number(data: dict[str, Any], name: str) -> int:
    value = data.get(name, 0)
    return value if isinstance(value, int) else 0


def day(data: dict[str, Any], pattern: str = "DATE_FORMAT") -> str:
    """The date in the reader's format and the site's time zone; empty where there is none that can be read."""
    text = str(data.get("date", ""))
    try:
        value = parse_datetime(text) or parse_date(text)
    except ValueError:  # well-formed, such as the 31st of February
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return date_format(value, pattern) if value else ""


def posting(job: str) -> str:
    return _("Posting: %(job)s.") % {"job": job} if job else ""


def sentences(*said: str) -> str:
    return " ".join(filter(None, said))
