"""Names that students give skills, and what their approval does to the texts that hold them."""

from __future__ import annotations

import pytest

from conftest import NOW
from jobs.models import Job
from jobs.tests.factories import JobFactory
from moirai.accounts.tests.factories import StaffFactory
from moirai.skills.aliases import approve_alias, take_back_alias
from moirai.skills.effects import effect_of
from moirai.skills.models import AliasProposal
from moirai.skills.tests.factories import SkillFactory
from students.models import CV
from students.tests.factories import CVFactory

pytestmark = pytest.mark.django_db


def proposed(client, cv) -> AliasProposal:
    """The student calls Power BI "Pauer BI", and chooses it from the spellings that the page offers."""
    client.force_login(cv.student.user)
    data = {"name": "Pauer BI", "statement": "Hice un tablero en Pauer BI.", "chosen": "Power BI"}
    assert client.post("/perfil/habilidades/agregar/", data).status_code == 302
    return AliasProposal.objects.get()


def test_a_name_that_a_student_used_comes_before_staff_and_its_approval_reads_those_texts_again(client):
    SkillFactory(code="power-bi", name_es="Power BI")
    cv, other = CVFactory(text="Publiqué un tablero en PAUER BI.\n"), CVFactory()
    job = JobFactory(search_text="analista con pauer bi")
    proposal = proposed(client, cv)
    assert (proposal.text, proposal.skill.code) == ("Pauer BI", "power-bi")
    assert dict(effect_of("Pauer BI")) == {"CV": 1, "vacantes": 1}

    approve_alias(proposal=proposal, by=StaffFactory(), at=NOW)

    assert set(CV.objects.waiting()) == {cv}
    assert set(Job.objects.waiting_for_detection()) == {job}
    assert not CV.objects.waiting().filter(pk=other.pk).exists()

    CV.objects.update(needs_reading_since=None)
    take_back_alias(proposal=AliasProposal.objects.get(), by=StaffFactory(), at=NOW)
    assert set(CV.objects.waiting()) == {cv}


def test_a_name_that_means_something_already_is_not_proposed(client):
    SkillFactory(code="power-bi", name_es="Power BI")
    cv = CVFactory()
    client.force_login(cv.student.user)
    data = {"name": "power bi", "statement": "Hice un tablero en Power BI.", "chosen": "Power BI"}
    client.post("/perfil/habilidades/agregar/", data)
    assert not AliasProposal.objects.exists()
