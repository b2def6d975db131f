"""Tokens: shown once, kept as a hash, found by nothing but the secret."""

import re

import pytest
from allauth.account.internal.flows import login
from django.db import connection
from django.urls import reverse

from conftest import DAY, NOW
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.api.models import Scope, Token
from moirai.api.tokens import MOST, make_token, note_use, token_of
from moirai.privacy.registry import holdings

pytestmark = pytest.mark.django_db
FORM = {"name": "mi script", "scopes": ["matches:read"], "days": "30"}


def made(user, **fields):
    return make_token(**{"user": user, "name": "x", "scopes": Scope.values, "days": 30, "now": NOW} | fields)


@pytest.fixture
def person(client, time_machine):
    """A student who has just proved who they are."""
    time_machine.move_to(NOW, tick=False)
    user = UserFactory()
    client.force_login(user)
    session = client.session
    session[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": NOW.timestamp(), "reauthenticated": True}
    ]
    session[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
    session.save()
    return user


def test_the_secret_is_shown_once_and_stored_nowhere(client, person):
    page = client.post(reverse("api_tokens"), FORM).content.decode()
    secret = re.search(r"moi_[\w-]{43}", page)[0]
    assert secret not in client.get(reverse("api_tokens")).content.decode()
    token = Token.objects.get()
    assert token_of(secret, at=NOW) == token
    assert (token.name, token.scopes, token.expires_at) == ("mi script", ["matches:read"], NOW + 30 * DAY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, hash FROM api_token")
        stored = "".join(cursor.fetchone())
    assert secret not in stored
    assert secret.removeprefix("moi_") not in stored
    assert "mi script" not in stored


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "a" * 81}, {"name": "a\x00"}, {"scopes": ["all"]}, {"scopes": []},
     {"days": "9999"}],
)  # fmt: skip
def test_a_wrong_form_makes_no_token(client, person, wrong):
    response = client.post(reverse("api_tokens"), FORM | wrong)
    assert response.status_code == 422
    assert not Token.objects.exists()


def test_whoever_has_not_proved_who_they_are_lately_is_asked(client):
    client.force_login(UserFactory())
    response = client.get(reverse("api_tokens"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_reauthenticate"))


def test_a_recruiter_gets_no_scope_of_students():
    token, _secret = made(UserFactory(role="recruiter"))
    assert not {"saved:read", "office:read"} & {*token.scopes}
    assert "applications:write" in token.scopes


def test_staff_have_tokens_of_the_office_with_a_second_factor(client, settings):
    staff = StaffFactory()
    token, secret = made(staff)
    assert token.scopes == ["office:read", "office:import"]
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    client.force_login(staff)
    assert client.post(reverse("api_revoke", args=[token.public_id])).status_code in (302, 403)
    assert token_of(secret, at=NOW) == token


def test_somebody_elses_token_is_not_taken_back(client):
    token, secret = made(UserFactory())
    client.force_login(UserFactory())
    client.post(reverse("api_revoke", args=[token.public_id]))
    assert token_of(secret, at=NOW) == token


def test_a_token_taken_back_opens_nothing(client):
    user = UserFactory()
    token, secret = made(user)
    client.force_login(user)
    for _twice in range(2):
        assert client.post(reverse("api_revoke", args=[token.public_id])).status_code == 302
    assert token_of(secret, at=NOW) is None


def test_expired_closed_and_misspelt_tokens_open_nothing():
    user = UserFactory()
    _token, secret = made(user)
    assert token_of(secret, at=NOW + 30 * DAY) is None
    assert token_of(secret.lower(), at=NOW) is None
    assert token_of(secret[:-1], at=NOW) is None
    user.is_active = False
    user.save()
    assert token_of(secret, at=NOW) is None


def test_nobody_has_more_than_twenty(client, person):
    for _number in range(MOST):
        made(person)
    assert client.post(reverse("api_tokens"), FORM).status_code == 422
    assert Token.objects.count() == MOST


def test_use_is_written_down_now_and_then(django_assert_num_queries):
    token, _secret = made(UserFactory())
    note_use(token, now=NOW)
    token.refresh_from_db()
    assert token.last_used_at == NOW
    with django_assert_num_queries(0):
        note_use(token, now=NOW + DAY / 1000)


def test_tokens_are_exported_without_what_proves_them_and_end_with_the_account():
    user = UserFactory()
    _token, secret = made(user)
    holding = next(one for one in holdings() if one.name == "api")
    exported = holding.export(user)["tokens"]
    assert [row["name"] for row in exported] == ["x"]
    assert "hash" not in exported[0]
    holding.block(user, NOW)
    assert token_of(secret, at=NOW) is None


def test_tokens_expired_long_ago_are_deleted():
    user = UserFactory()
    made(user, days=7)
    made(user, days=365)
    holding = next(one for one in holdings() if one.name == "api")
    assert holding.expire(NOW + 36 * DAY) == 0
    assert holding.expire(NOW + 37 * DAY) == 1
    assert Token.objects.count() == 1
