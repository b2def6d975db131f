"""Calendar files (RFC 5545): events in UTC, which every calendar shows in its own zone."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from jobs.models import Interview

OCTETS = 75  # of a line, its end not counted (section 3.1)


def calendar_file(interview: Interview, *, summary: str, url: str, host: str) -> bytes:
    """The file of an agreed or cancelled interview; the same UID with a higher SEQUENCE moves the entry."""
    is_cancelled = interview.status == Interview.Status.CANCELLED
    event = interview_event(interview, summary=summary, url=url, host=host)
    return calendar([event], method="CANCEL" if is_cancelled else "PUBLISH")


def calendar(events: list[list[str]], *, method: str = "PUBLISH") -> bytes:
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Moirai//Interviews//EN", f"METHOD:{method}"]
    lines = [*head, *(line for event in events for line in event), "END:VCALENDAR"]
    return b"".join(folded(line) for line in lines)


def interview_event(interview: Interview, *, summary: str, url: str, host: str) -> list[str]:
    assert interview.starts_at is not None
    assert interview.ends_at is not None
    is_cancelled = interview.status == Interview.Status.CANCELLED
    return [
        "BEGIN:VEVENT",
        f"UID:{interview.public_id}@{host}",
        f"DTSTAMP:{_utc(interview.updated_at)}",
        f"DTSTART:{_utc(interview.starts_at)}",
        f"DTEND:{_utc(interview.ends_at)}",
        f"SEQUENCE:{interview.sequence}",
        f"STATUS:{'CANCELLED' if is_cancelled else 'CONFIRMED'}",
        f"SUMMARY:{escaped(summary)}",
        f"LOCATION:{escaped(interview.place)}",
        f"URL:{url}",
        "END:VEVENT",
    ]


def moment_event(*, uid: str, at: datetime, changed_at: datetime, summary: str, url: str) -> list[str]:
    """Something that happens at one moment and takes no time."""
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{_utc(changed_at)}",
        f"DTSTART:{_utc(at)}",
        "TRANSP:TRANSPARENT",
        f"SUMMARY:{escaped(summary)}",
        f"URL:{url}",
        "END:VEVENT",
    ]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """A value of type TEXT (section 3.3.11); control characters, which it may not hold, become blanks."""
    text = re.sub(r"([\\;,])", r"\\\1", text.strip())
    text = re.sub(r"\r\n|\r|\n", r"\\n", text)
    return re.sub(r"[\x00-\x1f\x7f]", " ", text)


def folded(line: str) -> bytes:
    """A content line cut after at most 75 octets, never inside a character; what follows begins with a blank."""
    parts: list[bytes] = []
    part = b""
    for character in line:
        octets = character.encode()
        if len(part) + len(octets) > OCTETS - bool(parts):
            parts.append(part)
            part = b""
        part += octets
    return b"\r\n ".join([*parts, part]) + b"\r\n"
