"""The roles of the careers office, which a migration made as groups: their names for people."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

NAMES = {
    "reviewer": _("Reviewer: companies, postings, reports of fraud"),
    "counsellor": _("Counsellor: students, applications, cohorts"),
    "faculty": _("Faculty: reports alone, no person"),
    "privacy officer": _("Privacy officer: requests, consents, the ledger"),
    "ops": _("Operations: runs, mails, webhooks"),
}


def name_of(group: Group) -> str:
    """In the reader's language; a group of the office's own has the name that it was given."""
    return str(NAMES.get(group.name, group.name))
