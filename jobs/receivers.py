"""What jobs do when the taxonomy learns or forgets a name: the postings that hold it are read again."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from jobs.models import Job
from moirai.skills.signals import aliases_changed


@receiver(aliases_changed)
def detect_again(texts: list[str], **_: Any) -> None:
    """Mark postings that name any of ``texts``; an empty list means every posting. The sweep finds the marks."""
    Job.objects.exclude(status=Job.Status.CLOSED).naming_any(texts).update(needs_detection_since=timezone.now())
