"""The taxonomy in the admin: every list at two sizes, and what staff write is staff's."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from zeal import zeal_ignore

from conftest import NOW
from moirai.accounts.tests.factories import StaffFactory
from moirai.skills.models import (
    AliasProposal,
    EnrichmentLog,
    Occupation,
    OccupationAlias,
    OccupationGroup,
    OccupationPhrase,
    Skill,
    SkillAlias,
    SkillRelation,
)
from moirai.skills.tests.factories import OccupationFactory, OccupationGroupFactory, SkillFactory

pytestmark = pytest.mark.django_db
MODELS = [
    Skill,
    SkillAlias,
    SkillRelation,
    AliasProposal,
    OccupationGroup,
    Occupation,
    OccupationAlias,
    OccupationPhrase,
    EnrichmentLog,
]


@pytest.fixture(autouse=True)
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


def fill(count, user):
    for number in range(count):
        group = OccupationGroupFactory(code=f"{OccupationGroup.objects.count():04}")
        occupation = OccupationFactory(group=group)
        occupation.aliases.create(language="es", text="otro")
        occupation.phrases.create(text_es="frase", text_en="phrase", is_essential=True)
        first, second = SkillFactory(), SkillFactory()
        SkillRelation.objects.create(lower=first, upper=second)
        AliasProposal.objects.create(
            skill=first, language="es", text="x", folded="x", proposed_at=NOW, proposed_by=user, decided_by=user,
            decided_at=NOW, status="declined",
        )  # fmt: skip
        EnrichmentLog.objects.create(subject="cv", subject_id=number, extractor_version="1", started_at=NOW)


def queries_of(client, url):
    with CaptureQueriesContext(connection) as context:
        response = client.get(url)
    assert response.status_code == 200
    return len(context)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_list_takes_as_many_queries_for_many_rows_as_for_few(client, staff, model):
    url = reverse(f"admin:skills_{model._meta.model_name}_changelist")
    fill(2, staff)
    client.get(url)
    few = queries_of(client, url)
    fill(10, staff)

    assert queries_of(client, url) <= few


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_row_opens_and_every_list_can_be_searched(client, staff, model):
    fill(1, staff)
    row = model.objects.first()

    assert client.get(reverse(f"admin:skills_{model._meta.model_name}_change", args=[row.pk])).status_code == 200
    assert client.get(reverse(f"admin:skills_{model._meta.model_name}_changelist"), {"q": "a"}).status_code == 200


def test_nobody_writes_the_log_of_readings(client, staff):
    fill(1, staff)
    log = EnrichmentLog.objects.get()

    assert client.get(reverse("admin:skills_enrichmentlog_add")).status_code == 403
    assert client.post(reverse("admin:skills_enrichmentlog_delete", args=[log.pk]), {"post": "yes"}).status_code == 403
    assert client.post(reverse("admin:skills_enrichmentlog_change", args=[log.pk]), {"reason": "x"}).status_code == 403


def skill_form(skill, *aliases):
    data = {
        "code": skill.code,
        "kind": skill.kind,
        "name_es": skill.name_es,
        "name_en": skill.name_en,
        "implies": "",
        "aliases-TOTAL_FORMS": str(len(aliases)),
        "aliases-INITIAL_FORMS": "0",
    }
    for index, text in enumerate(aliases):
        data |= {f"aliases-{index}-language": "es", f"aliases-{index}-text": text, f"aliases-{index}-skill": skill.pk}
    return data


def test_an_alias_that_staff_add_is_folded_and_theirs(client):
    skill = SkillFactory(code="accounting")

    client.post(reverse("admin:skills_skill_change", args=[skill.pk]), skill_form(skill, "Llevar  la Caja"))

    alias = skill.aliases.get(folded="llevar la caja")
    assert (alias.text, alias.source) == ("Llevar la Caja", "staff")
    skill.refresh_from_db()
    assert skill.source == "seed", "only its aliases changed"


def test_the_same_alias_twice_or_of_another_skill_is_refused_at_the_field(client):
    skill, other = SkillFactory(code="accounting"), SkillFactory(code="welding", name_es="soldadura")
    url = reverse("admin:skills_skill_change", args=[skill.pk])

    twice = client.post(url, skill_form(skill, "caja", "CAJA"))
    taken = client.post(url, skill_form(skill, "Soldadura"))

    assert (twice.status_code, taken.status_code) == (200, 200)
    assert not SkillAlias.objects.filter(folded="caja").exists()
    assert SkillAlias.objects.get(language="es", folded="soldadura").skill == other


def test_a_skill_that_staff_change_is_theirs(client):
    skill = SkillFactory(code="accounting")

    client.post(reverse("admin:skills_skill_change", args=[skill.pk]), skill_form(skill) | {"name_es": "Cuentas"})

    skill.refresh_from_db()
    assert (skill.name_es, skill.source) == ("Cuentas", "staff")


def test_near_skills_are_stored_lower_id_first_and_once(client):
    first, second = SkillFactory(), SkillFactory()
    url = reverse("admin:skills_skillrelation_add")

    with zeal_ignore():  # two fields point at skills, so a form reads two skills
        client.post(url, {"lower": second.pk, "upper": first.pk})
        again = client.post(url, {"lower": first.pk, "upper": second.pk})
        itself = client.post(url, {"lower": first.pk, "upper": first.pk})

    relation = SkillRelation.objects.get()
    assert (relation.lower, relation.upper, relation.source) == (first, second, "staff")
    assert (again.status_code, itself.status_code) == (200, 200)
