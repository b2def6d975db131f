"""One click ends a kind of mail, without sign-in and without a token of the form; nothing else does."""

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from conftest import NOW
from moirai.accounts.tests.factories import UserFactory
from notifications.models import Channel, Kind, OutboxMail, Preference
from notifications.preferences import channels_of, choose
from notifications.tests.telling import told
from notifications.writing import UNSUBSCRIBE_SALT, unsubscribe_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def program():
    """A mail program: no session, no cookie, no page."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("language", ["es-mx", "en"])
def test_the_address_in_a_mail_ends_its_kind(program, settings, language):
    user = UserFactory(language=language)
    told(user, kind=Kind.MESSAGE, data={"who": "Ana"})
    path = OutboxMail.objects.get().unsubscribe_url.removeprefix(settings.SITE_URL)
    assert path.startswith("/en/" if language == "en" else "/avisos/")
    page = program.get(path)
    assert page.status_code == 200
    assert user.email not in page.content.decode()
    assert channels_of(user)[Kind.MESSAGE] == Channel.NOW  # looking changes nothing
    for _ in range(2):
        response = program.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert 'role="status"' in response.content.decode()
    assert list(Preference.objects.values_list("user", "kind", "channel")) == [(user.pk, "message", "app")]
    told(user, "next", kind=Kind.MESSAGE)
    assert OutboxMail.objects.count() == 1


@pytest.mark.parametrize("digest", ["daily", "weekly"])
def test_the_address_in_a_digest_ends_the_digest(program, digest):
    user = UserFactory()
    choose(user=user, channels={Kind.CV_READ: Channel.DAILY, Kind.NEW_MATCHES: Channel.WEEKLY})
    program.post(unsubscribe_path(user, digest))
    assert digest not in channels_of(user).values()
    assert {"daily", "weekly"} - {digest} <= set(channels_of(user).values())


def test_a_mail_of_a_saved_search_ends_that_search():
    told(UserFactory(), kind=Kind.SAVED_SEARCH, data={"new": 1, "unsubscribe": "/alertas/baja/abc/"})
    assert OutboxMail.objects.get().unsubscribe_url.endswith("/alertas/baja/abc/")


def signed(value, salt=UNSUBSCRIBE_SALT):
    return signing.Signer(salt=salt).sign_object(value)


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a:b",
        "%00",
        "\ud7ff",
        "9" * 3000,
        signed([1, "message"], "other"),
        signed(["x", "message"]),
        signed([None, "message"]),
        signed([10**30, "message"]),
        signed([1]),
        signed({"a": 1}),
        signed([1, ["x"]]),
        signed([1, "now"]),
        signed([99999, "message"]),
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_token_that_is_not_ours_is_not_found(program, token, method):
    UserFactory(pk=1)
    response = getattr(program, method)(reverse("notifications:unsubscribe", args=[token]))
    assert response.status_code in (400, 404)
    assert not Preference.objects.exists()


def test_what_must_be_known_goes_on(program):
    user = UserFactory()
    assert program.post(unsubscribe_path(user, Kind.PRIVACY_REQUEST)).status_code == 200
    assert not Preference.objects.exists()


def test_every_other_post_of_this_app_asks_for_the_token_of_a_form(program):
    user = UserFactory()
    program.force_login(user)
    row = told(user, mail=False, now=NOW)
    names = [("read_all", []), ("open", [row.pk]), ("preferences", []), ("mail_again", [])]
    assert {program.post(reverse(f"notifications:{name}", args=args)).status_code for name, args in names} == {403}
