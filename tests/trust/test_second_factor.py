"""Staff see no page of the admin without a second factor; everybody may have one."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from moirai.accounts.tests.factories import StaffFactory, UserFactory
from tests.trust.routes import routes

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse"


@pytest.fixture(autouse=True)
def required(settings):
    settings.REQUIRE_STAFF_SECOND_FACTOR = True
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MFA_RATE_LIMITS = False
    # allauth looks each session of a person up by itself.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "accounts.User", "field": "get()"}]


def code(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def signed_in(user):
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    return client


def activate(client):
    """Through the pages, as a person does; returns the secret."""
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    secret = re.search(r"<code>(\w+)</code>", page)[1]
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 422
    response = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert response["Location"] == reverse("mfa_view_recovery_codes")
    return secret


def admin_addresses():
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield from (reverse(f"{name}_changelist"), reverse(f"{name}_add"))
        yield from (reverse(f"{name}_{action}", args=[1]) for action in ("change", "delete", "history"))
    yield from (reverse(f"admin:{page}") for page in ("index", "jsi18n", "password_change", "autocomplete"))


def test_no_page_of_the_admin_without_a_second_factor(figure):
    client = signed_in(StaffFactory())
    served = [url for url in admin_addresses() if client.get(url).get("Location") != reverse("mfa_index")]
    figure(11, f"{len(served)} of {len(list(admin_addresses()))} pages of the admin without a second factor")
    assert not served
    assert len(list(admin_addresses())) > 100


def test_staff_activate_an_app_get_codes_and_are_asked_at_the_next_sign_in():
    staff = StaffFactory()
    client = signed_in(staff)
    secret = activate(client)
    assert client.get(reverse("admin:index")).status_code == 200
    codes = re.findall(r"<code>(\w+)</code>", client.get(reverse("mfa_view_recovery_codes")).content.decode())
    assert len(codes) == 10

    again = signed_in(staff)
    assert "_auth_user_id" not in again.session
    assert again.get(reverse("admin:index")).status_code == 302
    assert again.post(reverse("mfa_authenticate"), {"code": "123456"}).status_code == 422
    again.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert again.get(reverse("admin:index")).status_code in (200, 302)
    third = signed_in(staff)
    third.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert third.get(reverse("admin:index")).status_code == 200
    fourth = signed_in(staff)
    assert fourth.post(reverse("mfa_authenticate"), {"code": codes[0]}).status_code == 422, "a code works once"


def test_a_code_of_the_app_works_once():
    staff = StaffFactory()
    secret = activate(signed_in(staff))
    totp_code = code(secret)
    answers = [signed_in(staff).post(reverse("mfa_authenticate"), {"code": totp_code}).status_code for _ in range(2)]
    assert answers[1] == 422


def test_everybody_may_have_one_and_nobody_else_must(client):
    user = UserFactory()
    client = signed_in(user)
    assert client.get(reverse("account")).status_code == 200
    activate(client)
    assert Authenticator.objects.filter(user=user).count() == 2
    for route in routes():
        if route.name.startswith("mfa_") and "<" not in route.path:
            assert client.get(reverse(route.name)).status_code in (200, 302), route.name


def test_the_pages_of_keys_have_what_their_script_asks_for():
    client = signed_in(UserFactory())
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_add_webauthn")).content.decode()
    assert 'id="js_data"' in page
    assert 'id="mfa_webauthn_add"' in page
    assert 'name="credential"' in page


def test_the_demo_may_do_without(settings):
    settings.REQUIRE_STAFF_SECOND_FACTOR = False
    assert signed_in(StaffFactory()).get(reverse("admin:index")).status_code == 200
