"""A student lets one company look, and takes that back; both hold from the next request on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jobs.models import Company, CompanyGrant
from jobs.models.grant import closed_to
from moirai.accounts.audit import record
from moirai.accounts.models import AuditEvent, User
from students.models import Student, StudentQuerySet


def visible_to(company: Company) -> StudentQuerySet:
    """Students who agreed to be shown, anonymously, to companies, and did not take that back from this one."""
    return Student.objects.visible_to_companies().exclude(closed_to(student="pk", company=company))


@transaction.atomic
def grant(*, student: Student, company: Company, now: datetime, source: CompanyGrant.Source) -> CompanyGrant:
    """The consent of this pair, in force; one that was taken back is given anew."""
    row, is_new = CompanyGrant.objects.select_for_update().get_or_create(
        student=student, company=company, defaults={"source": source, "given_at": now}
    )
    if not is_new and row.revoked_at is not None:
        row.source, row.given_at, row.revoked_at = source, now, None
        row.save(update_fields=["source", "given_at", "revoked_at"])
    return row


@transaction.atomic
def revoke(*, student: Student, company: Company, actor: User, now: datetime) -> bool:
    """Close profile, CV and applications of this student to the company; False where they are closed already."""
    changed = CompanyGrant.objects.of(student).in_force().filter(company=company).update(revoked_at=now)
    if changed:
        record(
            action=AuditEvent.Action.COMPANY_CLOSED,
            actor=actor,
            subject=student.public_id,
            thing=f"company:{company.pk}",
            at=now,
        )
    return bool(changed)
