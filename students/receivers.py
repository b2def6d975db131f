"""What students do when the taxonomy learns or forgets a name: the CVs that hold it are read again."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from moirai.skills.signals import aliases_changed
from students import enrich
from students.models import CV


@receiver(aliases_changed)
def read_again(texts: list[str], **_: Any) -> None:
    """Mark current CVs that name any of ``texts``; an empty list means every CV. The sweep finds the marks."""
    enrich.read_again(cvs=CV.objects.current().naming_any(texts), now=timezone.now())
