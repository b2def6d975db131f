"""What belongs to no app of the ground floor: the permission to read reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Report(models.Model):
    """No table: the reports of `moirai.office` are computed, and this names the permission to read them."""

    class Meta:
        managed = False
        default_permissions = ()
        permissions = [("view_reports", _("Can read the reports"))]
        verbose_name = _("report")
        verbose_name_plural = _("reports")

    def __str__(self) -> str:
        return "reports"
