"""How far the reading of a CV has come, told from rows alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from moirai.skills.models import EnrichmentLog
from students.models import CV

WAITS_NOTICEABLY = timedelta(seconds=30)
TAKES_LONG = timedelta(seconds=60)


@dataclass(frozen=True)
class ReadingProgress:
    """What the page says: one of waiting, reading, read, failed, and the numbers known so far."""

    cv: CV
    skills: int | None
    waits_since: datetime | None  # set once the wait is long enough to be told
    is_slow: bool
    long_ago: datetime  # a wait that began before this moment is told too

    @property
    def is_read(self) -> bool:
        return self.cv.status == CV.Status.READ

    @property
    def is_failed(self) -> bool:
        return self.cv.status == CV.Status.FAILED

    @property
    def percent(self) -> int:
        if self.is_read:
            return 66
        return 33 if self.cv.pages else 10


def progress_of(cv: CV, *, now: datetime) -> ReadingProgress:
    """Progress of one CV at the moment ``now``: one query."""
    logs = EnrichmentLog.objects.filter(subject=EnrichmentLog.Subject.CV, subject_id=cv.pk)
    done = logs.filter(outcome=EnrichmentLog.Outcome.DONE).order_by("-started_at").first()
    waiting = cv.needs_reading_since if cv.status == CV.Status.WAITING else None
    return ReadingProgress(
        cv=cv,
        skills=done.skills_found if done else None,
        waits_since=waiting if waiting and now - waiting > WAITS_NOTICEABLY else None,
        is_slow=now - cv.uploaded_at > TAKES_LONG,
        long_ago=now - WAITS_NOTICEABLY,
    )
