"""Papers of a company: judged by content, stored encrypted."""

from __future__ import annotations

import unicodedata
from datetime import datetime

from django.core.files.base import File
from django.db import transaction

from jobs.models import Company, CompanyDocument
from moirai.accounts.models import User

MOST = 10  # documents of one company
MAGIC = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))


class TooManyError(Exception):
    """The company has as many documents as it may."""


def content_type_of(file: File) -> str:
    """What the file is by its first bytes; empty for what is no PDF, PNG or JPEG."""
    file.seek(0)
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" in head:
        return "application/pdf"
    return next((name for magic, name in MAGIC if head.startswith(magic)), "")


@transaction.atomic
def add_document(*, company: Company, kind: str, file: File, uploaded_by: User, now: datetime) -> CompanyDocument:
    """Store one; the same kind and size again within the minute is a second click and gives the row there is."""
    Company.objects.select_for_update().get(pk=company.pk)
    known = company.documents.filter(kind=kind, size=file.size)
    twin = next((row for row in known if (now - row.uploaded_at).total_seconds() < 60), None)
    if twin is not None:
        return twin
    if company.documents.count() >= MOST:
        raise TooManyError
    name = (file.name or "").replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(c for c in name if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn"})
    document = CompanyDocument(
        company=company,
        kind=kind,
        original_name=shown.strip()[:255] or "–",
        content_type=content_type_of(file),
        size=file.size,
        uploaded_by=uploaded_by,
        uploaded_at=now,
    )
    document.file.save("document", file, save=False)
    try:
        document.save()
    except BaseException:
        document.file.delete(save=False)  # no row, no file
        raise
    return document
