"""The steps of an application as its student reads them: what was, what is, what may come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.text import capfirst

from jobs.models import Application
from jobs.pipeline import S

WAY: tuple[S, ...] = (S.SENT, S.SEEN, S.IN_REVIEW, S.INTERVIEW)


@dataclass(frozen=True)
class Step:
    status: str
    label: str
    at: datetime | None
    note: str
    state: str  # "now", "next", or nothing for what is past


def timeline(application: Application) -> list[Step]:
    """Every recorded step in order, the last one current, then the stages that are still ahead."""
    events = list(application.events.order_by("at", "id"))
    last = len(events) - 1
    steps = [
        Step(event.status, capfirst(event.get_status_display()), event.at, event.note, "now" if index == last else "")
        for index, event in enumerate(events)
    ]
    if application.is_ended or application.status not in WAY:
        return steps
    ahead = WAY[WAY.index(S(application.status)) + 1 :]
    return [*steps, *(Step(status, str(capfirst(status.label)), None, "", "next") for status in ahead)]
