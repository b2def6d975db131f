"""The university's single sign-on, against a small provider on loopback."""

from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.usersessions.models import UserSession
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from django.urls import reverse

from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from moirai.privacy.models import Consent
from tests.trust import provider

pytestmark = [pytest.mark.django_db, pytest.mark.embedded]
PERSON = {"sub": "77", "email": "ana@universidad.example", "email_verified": True, "name": "Ana Cruz"}


@pytest.fixture
def university(settings):
    with provider.running(**PERSON) as server:
        app = {
            "provider_id": "universidad", "name": "Universidad", "client_id": "moirai", "secret": "s",
            "settings": {"server_url": server.url},
        }  # fmt: skip
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
        yield server


def go(client, code="a-code", state=None):
    """The browser's way: our button, the provider's page, and back."""
    there = client.post(reverse("openid_connect_login", args=["universidad"]))["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert asked["code_challenge_method"] == ["S256"]
    back = urlsplit(asked["redirect_uri"][0]).path
    return client.get(back, {"code": code, "state": state or asked["state"][0]})


def test_the_button_is_there_when_it_is_configured(client, university):
    assert "Universidad" in client.get(reverse("account_login")).content.decode()


def test_a_new_person_chooses_a_role_reads_the_notice_and_is_in(client, university):
    assert go(client)["Location"] == reverse("socialaccount_signup")
    page = client.get(reverse("socialaccount_signup")).content.decode()
    assert 'value="Ana Cruz"' in page
    assert client.post(reverse("socialaccount_signup"), {"role": "staff", "full_name": "A"}).status_code == 422
    form = {"role": "student", "full_name": "Ana Cruz", "email": PERSON["email"], "accepts_notice": "on"}
    client.post(reverse("socialaccount_signup"), form)
    user = User.objects.get()
    assert (user.email, user.role, user.full_name) == (PERSON["email"], "student", "Ana Cruz")
    assert not user.has_usable_password()
    assert client.session["_auth_user_id"] == str(user.pk)
    assert Consent.objects.filter(user=user, purpose="notice", is_given=True).exists()


def test_a_known_person_with_the_same_address_is_in(client, university):
    user = UserFactory(email=PERSON["email"])
    go(client)
    assert client.session["_auth_user_id"] == str(user.pk)


def test_an_address_that_the_university_has_not_verified_opens_no_account(client, university):
    university.claims = {**PERSON, "email_verified": False}
    StaffFactory(email=PERSON["email"])
    go(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(("code", "state"), [("another", None), ("a-code", "forged")])
def test_a_forged_return_opens_nothing(client, university, code, state):
    UserFactory(email=PERSON["email"])
    response = go(client, code, state)
    assert response.status_code in (200, 302, 401, 403)
    assert "_auth_user_id" not in client.session


def test_a_code_works_once(client, university):
    UserFactory(email=PERSON["email"])
    go(client)
    client.post(reverse("account_logout"))
    go(client)
    assert "_auth_user_id" not in client.session


def test_who_signs_out_at_the_university_is_signed_out_here(client, university):
    user, other = UserFactory(email=PERSON["email"]), Client()
    other.force_login(UserFactory())
    go(client)
    assert client.get(reverse("account")).status_code == other.get(reverse("account")).status_code == 200
    university_calls, there = Client(enforce_csrf_checks=True), reverse("back_channel_logout", args=["universidad"])
    refused = [
        "", "a.b.c", provider.logout_token(university, aud="another"), provider.logout_token(university, iss="https://x"),
        provider.logout_token(university, exp=1), provider.logout_token(university, nonce="n"),
        provider.logout_token(university, events={}), provider.logout_token(university, events=None),
        provider.logout_token(university, sub=None), provider.logout_token(university, exp=None),
        provider.logout_token(university, key=rsa.generate_private_key(public_exponent=65537, key_size=2048)),
        jwt.encode({"sub": "77"}, "k" * 32, algorithm="HS256", headers={"kid": "one"}),
        jwt.encode({"sub": "77"}, None, algorithm="none", headers={"kid": "one"}),
    ]  # fmt: skip
    assert {university_calls.post(there, {"logout_token": token}).status_code for token in refused} == {400}
    assert client.get(reverse("account")).status_code == 200
    token = provider.logout_token(university, jti="2")
    answer = university_calls.post(there, {"logout_token": token})
    assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
    assert client.get(reverse("account")).status_code == 302
    assert other.get(reverse("account")).status_code == 200
    assert not UserSession.objects.filter(user=user).exists()
    assert university_calls.post(there, {"logout_token": token}).status_code == 400  # once


def test_without_configuration_there_is_no_way_in(client):
    assert client.post(reverse("back_channel_logout", args=["universidad"])).status_code == 404
    assert client.get(reverse("openid_connect_login", args=["universidad"])).status_code == 404
