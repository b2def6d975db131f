"""From an uploaded CV to text, and from text to skills with evidence.

An attempt is counted before any work, so a CV that kills its worker is given up after three. While a reading runs, its
EnrichmentLog row is the lease that keeps other workers away.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import Case, F, Value, When

from moirai.crypto.fields import seal
from moirai.skills.extract import VERSION
from moirai.skills.models import EnrichmentLog
from moirai.skills.text import language_of, words_in
from moirai.skills.vocabulary import extractor
from students import scanning
from students.evidence import find_skills, replace_evidence
from students.models import CV, CVQuerySet, Student, mark_for_matching
from students.reading import Reading, UnreadableError, read_file
from students.scanning import ScannerDownError, refuse_infected
from students.signals import cv_read, student_changed

logger = logging.getLogger(__name__)


def enrich(*, cv: CV, now: datetime) -> bool:
    """Read a CV that waits and replace its student's evidence; False where another worker has it.

    A file that cannot be read is final at once. Any other error is raised again after the attempt is closed, and the
    sweep tries again until the attempts are used up.
    """
    if scanning.state() == "down":
        logger.error("CV %s waits: the virus scanner does not answer", cv.pk)
        return False
    log = _claim(cv, now)
    if log is None:
        return False
    began = monotonic()
    try:
        reading = _read(cv)
        CV.objects.filter(pk=cv.pk).update(pages=reading.pages)  # progress that the student sees
        _store(cv, log, reading, now=now, began=began)
    except UnreadableError as error:
        _fail(cv, log, error.failure.value, at=_later(now, began))
    except ScannerDownError:
        logger.exception("CV %s waits: the virus scanner did not answer", cv.pk)
        _put_back(cv, log, at=_later(now, began))
    except Exception as error:
        _close(log, EnrichmentLog.Outcome.FAILED, reason=type(error).__name__[:40], at=_later(now, began))
        if cv.attempts >= CV.MAX_ATTEMPTS:
            give_up_on_exhausted(now=_later(now, began))
        raise
    return True


def _later(now: datetime, began: float) -> datetime:
    return now + timedelta(seconds=monotonic() - began)


@transaction.atomic
def _claim(cv: CV, now: datetime) -> EnrichmentLog | None:
    """Count the attempt and open its log; None where another worker counted first or is still at it."""
    reading = Case(When(is_current=True, then=Value(CV.Status.READ)), default=Value(CV.Status.READING))
    mine = CV.objects.waiting().not_being_read(at=now).filter(pk=cv.pk, attempts=cv.attempts)
    if not mine.update(attempts=F("attempts") + 1, status=reading):
        return None
    cv.attempts += 1
    let_go(cv_id=cv.pk, now=now)
    return EnrichmentLog.objects.create(
        subject=EnrichmentLog.Subject.CV, subject_id=cv.pk, extractor_version=VERSION, started_at=now
    )


def let_go(*, cv_id: int, now: datetime) -> None:
    """End the readings of a CV whose workers have gone without a word."""
    running = EnrichmentLog.objects.filter(subject=EnrichmentLog.Subject.CV, subject_id=cv_id)
    running.filter(outcome=EnrichmentLog.Outcome.RUNNING).update(
        outcome=EnrichmentLog.Outcome.FAILED, reason="lost", finished_at=now
    )


def _read(cv: CV) -> Reading:
    """The text of the file, if no virus is in it; an imported CV has no file and is its own text."""
    if not cv.file:
        return Reading(cv.text, cv.text.count("\f") + 1)
    with cv.file.open("rb") as file:
        data = file.read()
    refuse_infected(data)
    return read_file(data)


def _store(cv: CV, log: EnrichmentLog, reading: Reading, *, now: datetime, began: float) -> None:
    cv.text, cv.pages, cv.language = reading.text, reading.pages, language_of(reading.text)
    found = find_skills(cv.text, extractor=extractor(), language=cv.language)
    with transaction.atomic():
        Student.objects.select_for_update().get(pk=cv.student_id)  # two CVs of a student take their turns
        at = _later(now, began)
        others = CV.objects.filter(student=cv.student_id).exclude(pk=cv.pk)
        is_newest = not others.filter(is_current=True, uploaded_at__gt=cv.uploaded_at).exists()
        if is_newest:
            others.filter(is_current=True).update(is_current=False)
        CV.objects.filter(pk=cv.pk).update(
            **seal(cv, text=cv.text),
            words=words_in(cv.text),
            pages=cv.pages,
            language=cv.language,
            status=CV.Status.READ,
            failure="",
            is_current=is_newest,
            needs_reading_since=None,
            read_at=at,
        )
        if is_newest:
            replace_evidence(cvs=[cv], found={cv.pk: found})
            mark_for_matching(cv.student, at=at)
        log.language, log.characters = cv.language, len(cv.text)
        log.skills_found = len({item.mention.skill for item in found})
        _close(log, EnrichmentLog.Outcome.DONE, at=at)
        if is_newest:
            student_changed.send(CV, student_id=cv.student_id)
        cv_read.send(CV, cv_id=cv.pk)
    cv.refresh_from_db()


def _close(log: EnrichmentLog, outcome: EnrichmentLog.Outcome, *, at: datetime, reason: str = "") -> None:
    log.outcome, log.reason, log.finished_at = outcome, reason, at
    log.save()


@transaction.atomic
def _fail(cv: CV, log: EnrichmentLog, failure: str, *, at: datetime) -> None:
    _close(log, EnrichmentLog.Outcome.FAILED, reason=failure, at=at)
    _give_up(cv, failure=failure)


@transaction.atomic
def _put_back(cv: CV, log: EnrichmentLog, *, at: datetime) -> None:
    """Let the CV wait as if nobody had tried: what hindered us is not the file's fault."""
    _close(log, EnrichmentLog.Outcome.FAILED, reason="scanner_down", at=at)
    waiting = Case(When(is_current=True, then=Value(CV.Status.READ)), default=Value(CV.Status.WAITING))
    CV.objects.filter(pk=cv.pk).update(attempts=F("attempts") - 1, status=waiting)


def _give_up(cv: CV, *, failure: str) -> None:
    """End the waiting. A current CV that was only to be read again stays what it is."""
    waiting = CV.objects.filter(pk=cv.pk, needs_reading_since__isnull=False)
    if cv.is_current:
        waiting.update(needs_reading_since=None)
    elif waiting.update(needs_reading_since=None, status=CV.Status.FAILED, failure=failure):
        cv_read.send(CV, cv_id=cv.pk)


def give_up_on_exhausted(*, now: datetime) -> int:
    """Fail every CV whose attempts are used up and that nobody is reading: it crashed or killed each of its workers."""
    exhausted = list(CV.objects.exhausted().not_being_read(at=now))
    for cv in exhausted:
        logger.error("CV %s was given up after %d attempts", cv.pk, cv.attempts)
        with transaction.atomic():
            _give_up(cv, failure="")
    return len(exhausted)


@transaction.atomic
def read_again(*, cvs: CVQuerySet, now: datetime) -> int:
    """Mark CVs to be read once more, with fresh attempts; the caller queues the tasks."""
    waiting = Case(When(is_current=True, then=Value(CV.Status.READ)), default=Value(CV.Status.WAITING))
    return cvs.update(needs_reading_since=now, attempts=0, failure="", status=waiting)
