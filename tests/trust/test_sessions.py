"""A session is new at sign-in, dies at sign-out, can be closed by its owner, and ends by itself."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from moirai.accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"
START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)


def signed_in(user, client=None):
    client = client or Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert "_auth_user_id" in client.session
    return client


def is_in(client):
    return client.get(reverse("account")).status_code == 200


def cookie(client):
    return client.cookies[configured.SESSION_COOKIE_NAME].value


def replay(value):
    client = Client()
    client.cookies[configured.SESSION_COOKIE_NAME] = value
    return client


def test_sign_in_gives_a_new_id(client):
    client.get(reverse("account_login"))
    client.session["anything"] = 1
    client.session.save()
    planted = client.session.session_key
    signed_in(UserFactory(), client)
    assert cookie(client) != planted
    assert not is_in(replay(planted))


def test_a_cookie_is_worth_nothing_after_sign_out(figure):
    client = signed_in(UserFactory())
    stolen = cookie(client)
    assert is_in(replay(stolen))
    client.post(reverse("account_logout"))
    accepted = sum(is_in(replay(stolen)) for _ in range(5))
    figure(9, f"{accepted} of 5 replays accepted after sign-out")
    assert accepted == 0


def test_what_is_read_signed_in_stays_in_no_cache(client):
    assert "Cache-Control" not in client.get(reverse("jobs:job_list"))
    signed_in(UserFactory(), client)
    for page in ("jobs:job_list", "account"):
        response = client.get(reverse(page))
        assert response["Cache-Control"] == "private, no-store"
        assert '"historyCacheSize":0' in response.content.decode()  # nor in htmx's storage
    assert client.post(reverse("account_logout"))["Cache-Control"] == "private, no-store"


def test_a_changed_password_ends_every_session():
    user = UserFactory()
    mine, other = signed_in(user), signed_in(user)
    new = {"oldpassword": PASSWORD, "password1": "telar-grana-77", "password2": "telar-grana-77"}
    assert mine.post(reverse("account_change_password"), new).status_code == 302
    assert not is_in(other)


def test_a_closed_account_ends_every_session():
    user = UserFactory()
    client = signed_in(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)


def test_the_owner_closes_the_others(settings):
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "accounts.User", "field": "get()"}]
    user = UserFactory()
    mine, other, stranger = signed_in(user), signed_in(user), signed_in(UserFactory())
    assert all(map(is_in, (mine, other, stranger)))
    mine.post(reverse("usersessions_list"))
    assert [is_in(client) for client in (mine, other, stranger)] == [True, False, True]


@pytest.mark.parametrize(("factory", "idle"), [(UserFactory, 14 * 24 * 3600), (StaffFactory, 3600)])
def test_a_session_without_visits_ends(factory, idle):
    with time_machine.travel(START, tick=False) as clock:
        client = signed_in(factory())
        assert is_in(client)
        clock.move_to(START + timedelta(seconds=idle - 1))
        assert is_in(client)
        clock.move_to(START + timedelta(seconds=2 * idle + 600))
        assert not is_in(client)


@pytest.mark.parametrize(
    ("factory", "absolute", "step"), [(UserFactory, 30 * 86400, 86400), (StaffFactory, 43200, 1800)]
)
def test_a_session_ends_some_time_after_the_sign_in_whatever_was_visited(factory, absolute, step):
    with time_machine.travel(START, tick=False) as clock:
        client = signed_in(factory())
        for seconds in range(0, absolute, step):
            clock.move_to(START + timedelta(seconds=seconds))
            assert is_in(client), seconds
        clock.move_to(START + timedelta(seconds=absolute))
        assert not is_in(client)
