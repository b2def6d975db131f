"""Who acts for a company: only the invited address joins, only the owner invites, removes and hands over."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs import team
from jobs.models import Recruiter, TeamInvitation
from jobs.team import NotAllowedError, TooManyError, token_of
from jobs.tests.addresses import english
from jobs.tests.factories import RecruiterFactory
from moirai.accounts.tests.factories import UserFactory
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client, time_machine):
    time_machine.move_to(NOW, tick=False)
    owner = RecruiterFactory(user__full_name="Olga Owner")
    client.force_login(owner.user)
    return owner


def invite(client, email):
    client.post(reverse("jobs:team"), {"email": email})
    return TeamInvitation.objects.get(email=email)


def link(invitation):
    return reverse("jobs:join_team", args=[token_of(invitation)])


def test_from_the_invitation_to_the_team(client, owner):
    colleague = UserFactory(role="recruiter", email="ana@telar.example")
    invitation = invite(client, "Ana@Telar.example")
    (sent,) = mail.outbox
    assert sent.to == ["ana@telar.example"]
    assert link(invitation) in sent.body
    assert owner.company.name in sent.subject
    assert "ana@telar.example" in client.get(reverse("jobs:team")).content.decode()

    client.force_login(colleague)
    assert owner.company.name in client.get(link(invitation)).content.decode()
    assert client.post(link(invitation), {"position": "Talento"})["Location"] == reverse("jobs:company_home")
    member = Recruiter.objects.get(user=colleague)
    assert (member.company, member.is_owner, member.position) == (owner.company, False, "Talento")
    assert not TeamInvitation.objects.exists()
    assert client.get(link(invitation)).status_code == 404


@pytest.mark.parametrize("wrong", ["other address", "expired", "taken back", "invited again", "forged", "garbage"])
def test_nobody_joins_by_a_link_that_is_not_theirs(client, owner, wrong, time_machine):
    colleague = UserFactory(role="recruiter", email="ana@telar.example")
    invitation = invite(client, "ana@telar.example")
    address = link(invitation)
    if wrong == "other address":
        colleague = UserFactory(role="recruiter", email="eva@telar.example")
    elif wrong == "taken back":
        client.post(reverse("jobs:cancel_team_invitation", args=[invitation.pk]))
    elif wrong == "expired":
        time_machine.move_to(NOW + 7 * DAY, tick=False)
    elif wrong == "invited again":
        time_machine.move_to(NOW + HOUR, tick=False)
        invite(client, "ana@telar.example")
    elif wrong == "forged":
        address = reverse("jobs:join_team", args=["WzEsMV0:" + token_of(invitation).partition(":")[2]])
    else:
        address = reverse("jobs:join_team", args=["x" * 300])
    client.force_login(colleague)
    for send in (client.get, client.post):
        assert send(address).status_code == 404
    assert not Recruiter.objects.filter(user=colleague).exists()


@pytest.mark.parametrize("kind", ["student", "recruiter of another company"])
def test_an_account_that_cannot_join_is_told_why(client, owner, kind):
    other = StudentFactory().user if kind == "student" else RecruiterFactory().user
    invitation = invite(client, other.email)
    client.force_login(other)
    for send in (client.get, client.post):
        answer = send(english("jobs:join_team", token_of(invitation)))
        assert answer.status_code == 422
        assert "already acts for a company" in answer.content.decode()
    assert not Recruiter.objects.filter(user=other, company=owner.company).exists()


def test_only_the_owner_invites_removes_and_hands_over(client, owner):
    colleague, third = (RecruiterFactory(company=owner.company, is_owner=False) for _ in range(2))
    invitation = invite(client, "ana@telar.example")
    client.get(reverse("jobs:team"))  # reads the message that names the address
    client.force_login(colleague.user)
    text = client.get(english("jobs:team")).content.decode()
    assert "Only the person in charge" in text
    assert "ana@telar.example" not in text
    assert client.post(reverse("jobs:team"), {"email": "x@telar.example"}).status_code == 404
    assert client.post(reverse("jobs:cancel_team_invitation", args=[invitation.pk])).status_code == 404
    for name in ("remove_member", "hand_over"):
        assert client.post(reverse(f"jobs:{name}", args=[third.pk])).status_code == 404
        assert client.get(reverse(f"jobs:{name}", args=[owner.pk])).status_code == 404
    assert Recruiter.objects.filter(company=owner.company).count() == 3


def test_a_colleague_who_is_removed_has_no_company_and_their_invitations_are_void(client, owner):
    colleague = RecruiterFactory(company=owner.company, is_owner=True)
    TeamInvitation.objects.create(
        company=owner.company, email="x@telar.example", invited_by=colleague.user, invited_at=NOW
    )
    address = reverse("jobs:remove_member", args=[colleague.pk])
    assert client.get(address).status_code == 200
    assert Recruiter.objects.filter(pk=colleague.pk).exists()
    client.post(address)
    assert not Recruiter.objects.filter(pk=colleague.pk).exists()
    assert not TeamInvitation.objects.exists()
    assert client.post(address).status_code == 404
    client.force_login(colleague.user)
    assert client.get(reverse("jobs:company_home"))["Location"] == reverse("jobs:register_company")


def test_handing_over_makes_one_the_owner_and_the_other_a_colleague(client, owner):
    colleague = RecruiterFactory(company=owner.company, is_owner=False)
    client.post(reverse("jobs:hand_over", args=[colleague.pk]))
    assert dict(Recruiter.objects.values_list("pk", "is_owner")) == {owner.pk: False, colleague.pk: True}
    assert client.post(reverse("jobs:hand_over", args=[colleague.pk])).status_code == 404


def test_owners_touch_no_team_but_their_own(client, owner):
    stranger = RecruiterFactory(is_owner=False)
    theirs = TeamInvitation.objects.create(
        company=stranger.company, email="x@y.example", invited_by=stranger.user, invited_at=NOW
    )
    for name in ("remove_member", "hand_over"):
        for pk in (stranger.pk, owner.pk, 999_999):
            assert client.post(reverse(f"jobs:{name}", args=[pk])).status_code == 404
    assert client.post(reverse("jobs:cancel_team_invitation", args=[theirs.pk])).status_code == 404
    with pytest.raises(NotAllowedError):
        team.remove(owner=owner, member=stranger)
    with pytest.raises(NotAllowedError):
        team.remove(owner=owner, member=owner)
    assert Recruiter.objects.count() == 2


@pytest.mark.parametrize("email", ["", "no-address", "a" * 250 + "@x.example", "a\x00@x.example", "a@b"])
def test_a_wrong_address_is_said_at_its_field(client, owner, email):
    answer = client.post(reverse("jobs:team"), {"email": email})
    assert answer.status_code in (400, 422)
    assert not TeamInvitation.objects.exists()


def test_invitations_have_a_cap_and_old_ones_make_room(owner):
    for number in range(team.MOST_OPEN):
        team.invite(owner=owner, email=f"p{number}@x.example", now=NOW)
    with pytest.raises(TooManyError):
        team.invite(owner=owner, email="one.more@x.example", now=NOW)
    team.invite(owner=owner, email="p1@x.example", now=NOW)  # again is not one more
    assert team.invite(owner=owner, email="later@x.example", now=NOW + 7 * DAY + timedelta(seconds=1))


def test_a_mail_server_that_is_down_leaves_no_invitation(client, owner, monkeypatch):
    def fail(*_args, **_kwargs):
        raise OSError("down")

    monkeypatch.setattr("jobs.views.team.send_invitation", fail)
    answer = client.post(english("jobs:team"), {"email": "ana@telar.example"}, follow=True)
    assert "could not be sent" in answer.content.decode()
    assert not TeamInvitation.objects.exists()


@pytest.mark.parametrize("number", [1, 15])
def test_the_team_page_asks_the_same_number_of_questions_at_any_size(
    client, owner, number, django_assert_max_num_queries
):
    for n in range(number):
        RecruiterFactory(company=owner.company)
        TeamInvitation.objects.create(
            company=owner.company, email=f"p{n}@x.example", invited_by=owner.user, invited_at=NOW
        )
    client.get(reverse("jobs:team"))
    with django_assert_max_num_queries(10):
        client.get(reverse("jobs:team"))
