"""What the outside sees: headers, cookies, security.txt, throttles that a forged header does not walk past."""

import os
import subprocess
import sys
import time

import pytest
from argon2 import PasswordHasher, extract_parameters
from django.conf import settings as configured
from django.test import Client
from django.urls import reverse

from moirai import settings as ours
from moirai.accounts.hashing import Argon2PasswordHasher
from moirai.accounts.models import User
from moirai.accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
PRODUCTION = {
    "DEBUG": "false", "SITE_URL": "https://bolsa.universidad.example", "BEHIND_PROXY": "true",
    "ALLOWED_HOSTS": "bolsa.universidad.example", "REQUIRE_STAFF_SECOND_FACTOR": "true",
    "SECRET_KEY": "".join(map(chr, range(40, 126))) * 2,
}  # fmt: skip


def manage(*arguments):
    command = [sys.executable, "manage.py", *arguments]
    environment = os.environ | PRODUCTION
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # ours, for tests after those in Chromium
    return subprocess.run(
        command, cwd=configured.BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.embedded
def test_check_deploy_has_no_warning_under_production_settings(figure):
    done = manage("check", "--deploy", "--fail-level", "WARNING")
    figure(13, f"check --deploy: {done.stderr.count('?:')} warnings")
    assert done.returncode == 0, done.stderr


@pytest.mark.embedded
def test_cookies_of_production_are_bound_to_the_host():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_HSTS_SECONDS".split()
    code = f"from django.conf import settings as s; print([getattr(s, n) for n in {names!r}])"
    printed = manage("shell", "-v", "0", "-c", code).stdout
    assert "['__Host-session', '__Host-csrf', True, True, 31536000]" in printed


def test_every_answer_carries_the_headers(client):
    for url in ("/", reverse("account_login"), "/nada/", reverse("account")):
        headers = client.get(url).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "default-src 'none'"):
            assert part in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_security_txt_says_whom_to_write(client, settings):
    settings.SECURITY_CONTACT = "mailto:seguridad@universidad.example"
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Contact: mailto:seguridad@universidad.example\nExpires: 2" in response.content.decode()


# --- Throttles --------------------------------------------------------------------------------------------------------


def try_out(count, *, user=None, headers=None):
    """How many of ``count`` wrong passwords were compared with a hash."""
    client = Client()
    user = user or UserFactory()
    compared = []
    check = type(user).check_password
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(user), "check_password", lambda self, raw: compared.append(1) or check(self, raw))
        for number in range(count):
            sent = {name: value.format(number % 250) for name, value in (headers or {}).items()}
            client.post(reverse("account_login"), {"login": user.email, "password": f"no-{number}"}, headers=sent)
    return len(compared)


@pytest.mark.parametrize("proxies", [0, 1])
def test_a_thousand_guesses_reach_few_hashes_and_a_forged_address_does_not_help(settings, proxies, figure):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    forged = "10.0.0.{}" if proxies == 0 else "10.0.0.{}, 192.0.2.7"  # the last part is what our proxy wrote
    reached = try_out(1000, headers={"X-Forwarded-For": forged})
    figure(10, f"{proxies} proxies: {reached} hashes reached in 1,000 tries with forged addresses")
    assert reached <= 10


def test_many_accounts_from_one_address_are_throttled_too():
    reached = sum(try_out(4) for _ in range(15))
    assert reached <= 40


PAGES = {
    "account_login": {"login": "{}", "password": "no"},
    "account_reset_password": {"email": "{}"},
    "account_signup": {
        "email": "{}", "full_name": "Ana", "role": "student", "password1": "telar-de-añil-7", "accepts_notice": "on",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
def test_known_and_unknown_addresses_take_as_long(settings, name, figure):
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    settings.ACCOUNT_RATE_LIMITS = False
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "zeal" not in name]

    def took(email):
        client, form = Client(), {field: value.format(email) for field, value in PAGES[name].items()}
        client.handler.load_middleware()  # of a process that serves already
        began = time.process_time()  # not the clock's: other programs keep this one waiting
        response = client.post(reverse(name), form)
        return time.process_time() - began, (response.status_code, response.headers.get("Location"))

    emails = [UserFactory().email for _ in range(6)]
    took(emails[0]), took("nadie@universidad.example")
    known, unknown = [], []
    for number, email in enumerate(emails[1:]):
        known.append(took(email))
        unknown.append(took(f"nadie{number}@universidad.example"))
    slow, fast = (min(seconds for seconds, _ in times) * 1000 for times in (known, unknown))
    figure(10, f"{name}: known {slow:.0f} ms, unknown {fast:.0f} ms")
    assert {answer for _, answer in known} == {answer for _, answer in unknown}
    # Signing up where the address is free also writes an account; whoever measures that leaves one behind each time.
    share = 0.6 if name == "account_signup" else 0.35
    assert abs(slow - fast) < max(share * max(slow, fast), 30)


def test_passwords_are_hashed_with_argon2id_of_owasp_strength():
    encoded = Argon2PasswordHasher().encode("x", "saltsaltsalt")
    parameters = extract_parameters(encoded.removeprefix("argon2"))
    assert ours.PASSWORD_HASHERS[0] == "moirai.accounts.hashing.Argon2PasswordHasher"
    assert encoded.startswith("argon2$argon2id$")
    assert parameters.memory_cost >= 19 * 1024
    assert parameters.time_cost >= 2


def test_a_hash_with_other_parameters_changes_at_the_next_sign_in(settings):
    settings.PASSWORD_HASHERS = ours.PASSWORD_HASHERS
    user = UserFactory()
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("telar-de-añil-7")
    User.objects.filter(pk=user.pk).update(password=f"argon2{old}")
    assert (
        Client().post(reverse("account_login"), {"login": user.email, "password": "telar-de-añil-7"}).status_code == 302
    )
    user.refresh_from_db()
    assert extract_parameters(user.password.removeprefix("argon2")).memory_cost == Argon2PasswordHasher.memory_cost
    assert user.check_password("telar-de-añil-7")
