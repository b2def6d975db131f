"""Each index of ours serves a query that somebody makes: PostgreSQL says so itself, over tables of some size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from conftest import NOW
from jobs.models import (
    Application,
    ApplicationEvent,
    Company,
    Interview,
    Invitation,
    Job,
    Message,
    Report,
    SavedJob,
    SavedSearch,
)
from matching.models import EncodedText, Match, MatchRun
from moirai.accounts.models import AuditEvent
from moirai.privacy.models import Consent, PrivacyRequest
from moirai.skills.models import EnrichmentLog
from notifications.models import Delivery, Notification, OutboxMail, Webhook
from students.models import CV, Evidence, ProfileEntry, Student
from tests.test_database import OURS

ROWS = 20_000
OWNERS = 500  # rows of one table belong to this many rows of another
FEW = "CASE WHEN n % 400 = 0 THEN {} ELSE {} END"  # one row in 400 waits
SINCE = "timestamptz '2026-10-01' + n * interval '1 minute'"

# What is special about the rows of a table; every other column gets a value from its type.
SPECIAL: dict[type[models.Model], dict[str, str]] = {
    Student: {
        "needs_matching_since": FEW.format(SINCE, "NULL"),
        "visibility": FEW.format("'companies'", "'private'"),
        "wants_matching": "true",
    },
    CV: {"needs_reading_since": FEW.format(SINCE, "NULL"), "status": "'waiting'"},
    Evidence: {
        "is_contested": "n % 400 = 0",
        "contested_at": FEW.format(SINCE, "NULL"),
        "student_skill_id": "n",
        "cv_id": "n % 500 + 1",
        "start": "0",
        "end": "2",
        "sentence_start": "0",
        "sentence_end": "3",
    },
    ProfileEntry: {"kind": "(ARRAY['education', 'experience', 'project'])[n % 3 + 1]", "started_on": "NULL"},
    Company: {"status": FEW.format("'pending'", "'verified'"), "verified_at": SINCE},
    Job: {
        "status": "CASE WHEN n % 10 = 0 THEN 'published' WHEN n % 401 = 0 THEN 'in_review' ELSE 'draft' END",
        "published_at": SINCE,
        "closes_at": f"{SINCE} + interval '90 days'",
        "lexemes": "array_to_tsvector(ARRAY['w' || n % 500])",
        "review_since": SINCE,
        "needs_detection_since": FEW.format(SINCE, "NULL"),
        "needs_matching_since": FEW.format(SINCE, "NULL"),
    },
    Application: {
        "student_id": "n * 7919 % 20000 / 50 + 1",
        "job_id": "n * 7919 % 20000 % 50 + 1",
        "status": "CASE WHEN n % 19 = 0 THEN 'sent' ELSE 'rejected' END",
    },
    ApplicationEvent: {"status": "'sent'"},
    Message: {"side": "(ARRAY['student', 'company'])[n % 2 + 1]", "application_id": "n % 500 + 1"},
    Invitation: {
        "job_id": "n % 400 + 1",
        "student_id": "(n - 1) / 400 + 1",
        "company_id": "n % 400 + 1",
        "status": "'expired'",
        "sent_at": SINCE,
    },
    Report: {
        "job_id": "n",
        "reason": "'fake'",
        "closed_at": FEW.format("NULL", SINCE),
        "outcome": FEW.format("''", "'dismissed'"),
    },
    Interview: {"application_id": "n", "status": "'cancelled'"},
    SavedJob: {"job_id": "n", "created_at": SINCE},
    SavedSearch: {"query": "'q=' || n", "due_at": SINCE, "frequency": "'daily'"},
    Match: {
        "student_id": "n % 500 + 1",
        "job_id": "(n - 1) / 500 + 1",
        "score": "n % 9000",
        "occupation_points": "n % 9000",
        "requirement_points": "0",
        "word_points": "0",
    },
    MatchRun: {
        "scope": FEW.format("'all'", "'student'"),
        "student_id": FEW.format("NULL", "n % 500 + 1"),
        "status": "'done'",
        "started_at": SINCE,
        "finished_at": SINCE,
    },
    EncodedText: {"side": "(ARRAY['student', 'job'])[n % 2 + 1]", "subject_id": "n", "model_version": "'v1'"},
    EnrichmentLog: {"subject": "'cv'", "subject_id": "n / 3"},
    Notification: {
        "kind": "'new_matches'",
        "read_at": FEW.format("NULL", SINCE),
        "digest": FEW.format("'daily'", "''"),
    },
    Consent: {"purpose": "'matching'"},
    PrivacyRequest: {
        "user_id": "n",
        "kind": "'erase'",
        "closed_at": FEW.format("NULL", SINCE),
        "outcome": FEW.format("'open'", "'done'"),
    },
    AuditEvent: {"subject": "'s' || n % 500"},
    Webhook: {"company_id": "n"},
    Delivery: {
        "status": FEW.format("'waiting'", "'sent'"),
        "next_attempt_at": SINCE,
        "created_at": SINCE,
        "webhook_id": "n % 500 + 1",
    },
    OutboxMail: {
        "status": FEW.format("'waiting'", "'sent'"),
        "address_mark": "'m' || n % 500",
        "forgotten_at": FEW.format("NULL", SINCE),
    },
}

STUDENT, JOB, COMPANY, USER = Student(pk=7), Job(pk=7), Company(pk=7), 7


def _queries() -> dict[str, models.QuerySet]:
    """For each index of ours, the query that it is there for."""
    logs = EnrichmentLog.objects.filter(subject="cv", subject_id=7)
    runs = MatchRun.objects.filter(scope="all", status="done")
    return {
        "enrichment_of_a_subject": logs.order_by("-started_at"),
        "student_waits_to_be_invited": Student.objects.waiting_to_be_invited()[:500],
        "student_waits_for_matches": Student.objects.waiting_for_matches().order_by("needs_matching_since")[:500],
        "student_is_visible": Student.objects.visible_to_companies(),
        "cvs_of_a_student_newest_first": CV.objects.filter(student=STUDENT).order_by("-uploaded_at")[:5],
        "cv_waits_to_be_read": CV.objects.waiting().order_by("needs_reading_since"),
        "contested_evidence_by_age": Evidence.objects.filter(is_contested=True).order_by("contested_at")[:20],
        "entries_of_a_profile_by_kind": ProfileEntry.objects.filter(student=STUDENT, kind="education"),
        "companies_by_status_and_age": Company.objects.filter(status="pending").order_by("created_at")[:20],
        "published_jobs_newest_first": Job.objects.filter(status="published").newest_first()[:20],
        "jobs_of_a_company": Job.objects.of(COMPANY).order_by("-created_at")[:10],
        "postings_waiting_for_review": Job.objects.waiting_for_review()[:20],
        "open_reports_by_age": Report.objects.open().order_by("created_at")[:20],
        "job_waits_for_its_skills": Job.objects.waiting_for_detection().order_by("needs_detection_since"),
        "job_waits_for_matches": Job.objects.waiting_for_matches().order_by("needs_matching_since"),
        "applications_of_a_student": Application.objects.filter(student=STUDENT).order_by("-created_at")[:20],
        "applications_to_a_job": Application.objects.of_job(JOB).unanswered(),
        "saved_jobs_newest_first": SavedJob.objects.filter(student=STUDENT).newest_first()[:20],
        "searches_that_are_due": SavedSearch.objects.due(at=NOW - timedelta(days=31)).order_by("due_at", "pk")[:500],
        "messages_of_an_application": Message.objects.filter(application_id=7).order_by("at"),
        "invitations_of_a_student": Invitation.objects.filter(student=STUDENT).newest_first()[:20],
        "invitations_of_a_company": Invitation.objects.filter(company=COMPANY, sent_at__gt=NOW - timedelta(days=7)),
        "steps_of_an_application": ApplicationEvent.objects.filter(application_id=7).order_by("at"),
        "last_complete_run_of_a_scope": runs.order_by("-finished_at")[:1],
        "match_runs_of_a_student": MatchRun.objects.filter(student=STUDENT).order_by("-created_at")[:1],
        "matches_of_a_student_best": Match.objects.filter(student=STUDENT).order_by("-score", "job_id")[:10],
        "matches_of_a_job_best": Match.objects.of_job(JOB).order_by("-score", "student_id")[:10],
        "texts_encoded_since": EncodedText.objects.filter(
            model_version="v1", side="job", encoded_at__gt=NOW - timedelta(minutes=5)
        ),
        "notifications_newest_first": Notification.objects.filter(user_id=USER).newest_first()[:20],
        "unread_notifications": Notification.objects.filter(user_id=USER).unread(),
        "notifications_for_a_digest": Notification.objects.awaiting_digest("daily", before=NOW),
        "consents_of_a_person": Consent.objects.filter(user_id=USER, purpose="matching").order_by("-at")[:1],
        "requests_that_are_due": PrivacyRequest.objects.erasures().due(at=NOW).order_by("due_at", "pk"),
        "events_about_a_person": AuditEvent.objects.about("s7").newest_first()[:20],
        "deliveries_that_wait": Delivery.objects.due(at=NOW).order_by("next_attempt_at", "id")[:50],
        "mails_to_an_address": OutboxMail.objects.filter(address_mark="m7"),
        "mails_with_words": OutboxMail.objects.with_words_of(before=NOW - timedelta(days=30)),
        "mails_waiting_to_be_sent": OutboxMail.objects.waiting().order_by("next_attempt_at")[:50],
    }


def test_every_index_of_ours_has_a_query():
    ours = {index.name for label in OURS for m in apps.get_app_config(label).get_models() for index in m._meta.indexes}
    assert ours == set(_queries())


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker) -> Iterator[None]:
    """Tables of 20,000 rows, each filled by one statement, gone with the transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys would cost minutes
            for model, special in SPECIAL.items():
                cursor.execute(_insert(model, special))
                cursor.execute(f"ANALYZE {model._meta.db_table}")
            if connection.vendor == "postgresql":  # entries that wait for a vacuum make it look dear
                cursor.execute("SELECT gin_clean_pending_list('words_of_postings')")
        yield
        transaction.set_rollback(True)


def _insert(model: type[models.Model], special: dict[str, str]) -> str:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(special.get(field.column) or _value(field) for field in fields)
    return f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {values} FROM generate_series(1, {ROWS}) AS n"


def _value(field: models.Field) -> str:
    """A value of the column's type: unique where it must be, empty where it may be."""
    if field.primary_key:
        return "n"
    if field.null:
        return "NULL"
    if isinstance(field, models.ForeignKey):
        return f"n % {OWNERS} + 1"
    for kind, value in (
        (models.DateTimeField, SINCE),
        (models.BooleanField, "false"),
        (models.JSONField, "'{}'"),
        (models.BinaryField, "''::bytea"),
        (models.IntegerField, "1"),
        (models.BigIntegerField, "1"),
    ):
        if isinstance(field, kind):
            return value
    return "'x' || n" if field.unique or field.name == "key" else "''"


@pytest.mark.postgresql
@pytest.mark.django_db
def test_words_of_postings_are_found_by_their_index(filled):
    """Not among the model's own indexes: other databases have no such kind."""
    plan = Job.objects.filter(lexemes__words=[("w7",)]).explain()
    assert "words_of_postings" in plan, plan


@pytest.mark.postgresql
@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(_queries()))
def test_the_index_serves_its_query(filled, name):
    plan = _queries()[name].explain()
    assert name in plan, plan
