"""A match is advice: no code refuses anybody by a number; a refusal has a person who signs it and a reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from conftest import NOW
from jobs import pipeline
from jobs.models import Application, ApplicationEvent, Side
from jobs.tests.factories import ApplicationFactory, RecruiterFactory

ROOT = Path(settings.BASE_DIR)
REFUSED = "REJECTED"
#: Where the word may stand: the status itself, the way of an application, the recruiter's form, and words for it.
MAY_SAY_IT = {
    "jobs/models/application.py", "jobs/pipeline.py", "jobs/application_forms.py", "jobs/views/pipeline.py",
    "jobs/timeline.py", "jobs/response.py", "notifications/wordings.py", "notifications/receivers.py",
    "notifications/applications.py", "matching/board.py",
}  # fmt: skip


def sources():
    for package in ("moirai", "students", "jobs", "matching", "notifications"):
        for path in (ROOT / package).rglob("*.py"):
            name = path.relative_to(ROOT).as_posix()
            if not any(part in name for part in ("/tests/", "/migrations/", "/demo/")):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_only_the_pipeline_and_its_words_know_of_refusals(figure):
    """Tasks, the scorer, beat and the admin cannot refuse: they do not name the status, nor its stored value."""
    sayers, count = set(), 0
    for name, tree in sources():
        count += 1
        for node in ast.walk(tree):
            said = isinstance(node, ast.Attribute) and node.attr == REFUSED
            said |= isinstance(node, ast.Constant) and node.value == Application.Status.REJECTED.value
            if said:
                sayers.add(name)
    assert sayers <= MAY_SAY_IT, sayers - MAY_SAY_IT
    figure(22, f"{count} files read: 0 refuse without the pipeline, which wants a person and a reason")


def test_neither_the_clock_nor_the_student_can_refuse():
    for side in (Side.CLOCK, Side.STUDENT):
        assert all(pipeline.S.REJECTED not in ends for ends in pipeline.TRANSITIONS[side].values())
    assert pipeline.S.REJECTED not in pipeline.BULK


@pytest.mark.django_db
@pytest.mark.parametrize("status", [status for status in Application.Status if status != "rejected"])
def test_a_refusal_without_a_person_or_a_reason_is_none(status):
    application = ApplicationFactory(status=status)
    actor = RecruiterFactory(company=application.job.company).user
    for side in Side:
        for by, note in ((None, "porque sí"), (actor, "  ")):
            with pytest.raises((pipeline.NotAllowedError, pipeline.ReasonMissingError)):
                pipeline.move(application=application, to="rejected", actor=by, side=side, now=NOW, note=note)
    application.refresh_from_db()
    assert application.status == status
    assert not ApplicationEvent.objects.exists()
