"""Aliases that people propose: what staff see first, approve, decline and take back."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.urls import reverse

from conftest import HOUR, NOW
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.skills import effects
from moirai.skills.aliases import (
    AliasRefusedError,
    AliasTakenError,
    AlreadyDecidedError,
    approve_alias,
    decline_alias,
    propose_alias,
    take_back_alias,
)
from moirai.skills.effects import effect_of, register_counter
from moirai.skills.models import AliasProposal, SkillAlias
from moirai.skills.signals import aliases_changed
from moirai.skills.tests.factories import SkillFactory
from moirai.skills.vocabulary import extractor

pytestmark = pytest.mark.django_db


@pytest.fixture
def skill():
    return SkillFactory(code="accounting", name_es="Contabilidad", name_en="Accounting")


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.fixture
def counted(monkeypatch):
    """One counter of our own in place of those of the upper floors."""
    monkeypatch.setattr(effects, "_counters", {})
    register_counter("test", lambda text: len(text), label="CVs")


def propose(skill, text="llevar  los libros", **values):
    defaults = {"language": "es", "sentence": "Sé llevar los libros.", "by": UserFactory(), "at": NOW}
    return propose_alias(skill=skill, text=text, **(defaults | values))


def test_the_same_words_for_the_same_skill_wait_once(skill):
    first = propose(skill)

    assert first.text == "llevar los libros"
    assert propose(skill, "LLEVAR LOS LIBROS") == first
    assert AliasProposal.objects.count() == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 201, "a\x00b"])
def test_what_is_no_name_cannot_be_proposed(skill, text):
    with pytest.raises(AliasRefusedError):
        propose(skill, text)


def test_words_that_name_a_skill_already_cannot_be_proposed(skill):
    with pytest.raises(AliasTakenError):
        propose(SkillFactory(), "contabilidad")


def test_an_approved_alias_is_found_in_texts_and_the_sentence_is_forgotten(skill):
    proposal, staff = propose(skill), StaffFactory()
    heard = []
    aliases_changed.connect(lambda sender, texts, **kwargs: heard.extend(texts), weak=False, dispatch_uid="test")
    assert extractor().find("Sé llevar los libros") == []

    alias = approve_alias(proposal=proposal, by=staff, at=NOW + HOUR)

    aliases_changed.disconnect(dispatch_uid="test")
    assert (alias.skill, alias.source) == (skill, "staff")
    assert [mention.skill for mention in extractor().find("Sé llevar los libros")] == [skill.pk]
    assert (proposal.status, proposal.decided_by, proposal.decided_at) == ("approved", staff, NOW + HOUR)
    assert proposal.sentence == ""
    assert heard == ["llevar los libros"]


def test_an_alias_taken_back_is_gone_and_can_be_proposed_again(skill):
    proposal, staff = propose(skill), StaffFactory()
    approve_alias(proposal=proposal, by=staff, at=NOW)

    take_back_alias(proposal=proposal, by=staff, at=NOW + HOUR)

    assert not SkillAlias.objects.filter(folded="llevar los libros").exists()
    assert proposal.status == "withdrawn"
    assert propose(skill) != proposal


def test_two_who_decide_at_once_do_not_both_succeed(skill):
    proposal, staff = propose(skill), StaffFactory()
    stale = AliasProposal.objects.get(pk=proposal.pk)
    decline_alias(proposal=proposal, by=staff, at=NOW)

    with pytest.raises(AlreadyDecidedError):
        approve_alias(proposal=stale, by=staff, at=NOW)
    with pytest.raises(AlreadyDecidedError):
        take_back_alias(proposal=stale, by=staff, at=NOW)

    assert not SkillAlias.objects.filter(source="staff").exists()


def test_the_same_words_cannot_be_approved_for_a_second_skill(skill):
    first, second = propose(skill), propose(SkillFactory())
    approve_alias(proposal=first, by=StaffFactory(), at=NOW)

    with pytest.raises(AliasTakenError):
        approve_alias(proposal=second, by=StaffFactory(), at=NOW)

    second.refresh_from_db()
    assert second.status == "proposed"


def test_registered_counters_say_the_effect(counted):
    assert effect_of("abc") == [("CVs", 3)]


def act(client, action, *proposals, **values):
    data = {"action": action, ACTION_CHECKBOX_NAME: [proposal.pk for proposal in proposals]} | values
    return client.post(reverse("admin:skills_aliasproposal_changelist"), data)


def test_staff_see_the_effect_before_they_approve(client, staff, skill, counted):
    proposal = propose(skill)

    response = act(client, "approve", proposal)

    page = response.content.decode()
    assert "llevar los libros" in page
    assert "CVs: 17" in page
    assert "Sé llevar los libros." in page
    assert not SkillAlias.objects.filter(source="staff").exists()

    response = act(client, "approve", proposal, confirmed="yes")

    assert response.status_code == 302
    assert SkillAlias.objects.get(source="staff").skill == skill


def test_a_confirmation_sent_twice_approves_once(client, staff, skill):
    proposal = propose(skill)

    act(client, "approve", proposal, confirmed="yes")
    response = act(client, "approve", proposal, confirmed="yes")

    assert response.status_code == 302
    assert SkillAlias.objects.filter(source="staff").count() == 1


def test_an_alias_that_is_taken_says_so_and_the_others_are_approved(client, staff, skill):
    taken, free = propose(skill), propose(skill, "cuadrar la caja")
    SkillAlias.objects.create(skill=SkillFactory(), language="es", text=taken.text, folded=taken.folded)

    act(client, "approve", taken, free, confirmed="yes")

    assert SkillAlias.objects.get(source="staff").text == "cuadrar la caja"
    taken.refresh_from_db()
    assert taken.status == "proposed"


def test_staff_decline_and_take_back(client, staff, skill):
    declined, approved = propose(skill), propose(skill, "cuadrar la caja")
    act(client, "decline", declined, confirmed="yes")
    act(client, "approve", approved, confirmed="yes")
    act(client, "take_back", approved)
    assert SkillAlias.objects.filter(source="staff").exists(), "it asks first"

    act(client, "take_back", declined, approved, confirmed="yes")

    assert set(AliasProposal.objects.values_list("status", flat=True)) == {"declined", "withdrawn"}
    assert not SkillAlias.objects.filter(source="staff").exists()
