"""Working days as the law counts them: Monday to Friday, without the days of rest of article 74 LFT."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

FIXED = {(1, 1), (5, 1), (9, 16), (12, 25)}
MONDAYS = {(2, 1), (3, 3), (11, 3)}  # month and which Monday of it
FIRST_HANDOVER, HANDOVER_EVERY = 2024, 6  # 1 October, when a new president takes office
MONDAY, FRIDAY = 0, 4


def is_working_day(day: date) -> bool:
    if day.weekday() > FRIDAY or (day.month, day.day) in FIXED:
        return False
    if day.weekday() == MONDAY and (day.month, (day.day - 1) // 7 + 1) in MONDAYS:
        return False
    return (day.month, day.day) != (10, 1) or (day.year - FIRST_HANDOVER) % HANDOVER_EVERY != 0


def after_working_days(start: datetime, days: int) -> datetime:
    """The same hour, ``days`` working days after the day of ``start``."""
    at = timezone.localtime(start)
    while days:
        at += timedelta(days=1)
        days -= is_working_day(at.date())
    return at
