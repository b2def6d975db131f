"""Background work on CVs. The mark in the row is the queue; a message only hurries it."""

from __future__ import annotations

from celery import Task, shared_task
from django.utils import timezone

from moirai.queueing import queue
from students import enrich, inviting
from students.cohort_work import work
from students.models import CV, Cohort, Student
from students.survey import tell_graduates

SWEPT_AT_ONCE = 500


def queue_reading(cv: CV) -> None:
    """Queue the reading once the transaction stands; with the broker down the mark waits for the sweep."""
    queue(read_cv, cv_id=cv.pk)


@shared_task(acks_late=True, bind=True)
def read_cv(self: Task, *, cv_id: int) -> bool:
    """Read one CV; safe to deliver twice, because a CV is claimed before work and its evidence is replaced."""
    if (self.request.delivery_info or {}).get("redelivered"):  # the process that had it was killed
        enrich.let_go(cv_id=cv_id, now=timezone.now())
    cv = CV.objects.waiting().filter(pk=cv_id).select_related("student").first()
    if cv is None:  # read already, given up, or deleted
        return False
    return enrich.enrich(cv=cv, now=timezone.now())


def queue_cohort(cohort: Cohort) -> None:
    queue(work_on_cohort, cohort_id=cohort.pk)


@shared_task(acks_late=True)
def work_on_cohort(*, cohort_id: int) -> bool:
    """Check, store or undo an import; safe to deliver twice, because each piece moves its cursor under lock."""
    return work(cohort_id=cohort_id, now=timezone.now())


@shared_task(acks_late=True)
def invite_student(*, student_id: int) -> bool:
    """Send the mail that this row waits for; delivered twice, it is sent once."""
    return inviting.send_invitation(student_id=student_id, now=timezone.now())


@shared_task(acks_late=True)
def sweep() -> int:
    """Queue again what waits: imports, invitations, every CV that nobody is reading; give up what has no attempts."""
    now = timezone.now()
    for student_id in Student.objects.waiting_to_be_invited().values_list("pk", flat=True)[:SWEPT_AT_ONCE]:
        invite_student.delay(student_id=student_id)
    for cohort_id in Cohort.objects.waiting().values_list("pk", flat=True):
        work_on_cohort.delay(cohort_id=cohort_id)
    enrich.give_up_on_exhausted(now=now)
    waiting = CV.objects.waiting().not_being_read(at=now).order_by("needs_reading_since", "pk")
    ids = list(waiting.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
    for cv_id in ids:
        read_cv.delay(cv_id=cv_id)
    return len(ids)


@shared_task(acks_late=True)
def ask_graduates() -> int:
    """Invite to surveys and remind; safe to deliver twice, because each row is marked before its person is told."""
    return tell_graduates(now=timezone.now())
