"""Revisions of companies and postings, as staff compare them."""

from __future__ import annotations

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class Revisions(HistoricalRecords):
    """A revision for each save that changes what people wrote or decided; marks of background work make none."""

    def post_save(self, instance: models.Model, created: bool, using: str | None = None, **kwargs: Any) -> None:
        changed = kwargs.get("update_fields")
        if changed and set(changed) <= {*self.excluded_fields}:
            return
        super().post_save(instance, created, using=using, **kwargs)
