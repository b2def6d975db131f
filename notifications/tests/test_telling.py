"""Telling once, and the way that the person prefers."""

import pytest

from conftest import NOW
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from notifications.bounces import bury
from notifications.models import Channel, Kind, Notification, OutboxMail, Preference
from notifications.preferences import DEFAULTS, NECESSARY, channels_for, channels_of, choose, stop_mails
from notifications.tests.telling import told

pytestmark = pytest.mark.django_db


def test_telling_twice_makes_one_row_and_one_mail():
    user = UserFactory()
    told(user)
    told(user)
    assert Notification.objects.count() == OutboxMail.objects.count() == 1


def test_a_mail_speaks_its_readers_language_and_leads_to_the_site(settings):
    settings.SITE_URL = "https://moirai.example"
    told(UserFactory(language="en", full_name="Ana <b>Cruz"))
    row = OutboxMail.objects.get()
    assert row.subject == "42 new postings share threads with your CV"
    assert "See my postings: https://moirai.example/para-ti/" in row.text
    assert row.text.startswith("Moirai\n\nHello, Ana:\n\n42 new postings")


def test_what_breaks_a_header_is_taken_out_of_a_subject():
    told(UserFactory(), kind=Kind.APPLICATION_RECEIVED, data={"job": "x\r\nBcc: all@example.com\n" + "y" * 500})
    subject = OutboxMail.objects.get().subject
    assert "\n" not in subject
    assert "\r" not in subject
    assert len(subject) == 200


# Chosen; what the caller says of mail; rows, mails, digest.
WAYS = [
    ("now", False, 1, 1, ""),
    ("now", None, 1, 1, ""),
    ("app", True, 1, 0, ""),
    ("daily", True, 1, 0, "daily"),
    ("weekly", None, 1, 0, "weekly"),
    ("never", True, 0, 0, ""),
    (None, True, 1, 1, ""),
    (None, False, 1, 0, ""),
    (None, None, 1, 0, "weekly"),  # the default of new matches
]


@pytest.mark.parametrize(("chosen", "mail", "rows", "mails", "digest"), WAYS)
def test_what_a_person_chose_holds(chosen, mail, rows, mails, digest):
    user = UserFactory()
    if chosen:
        Preference.objects.create(user=user, kind=Kind.NEW_MATCHES, channel=chosen)
    told(user, mail=mail)
    assert Notification.objects.filter(digest=digest).count() == rows
    assert OutboxMail.objects.count() == mails


@pytest.mark.parametrize("kind", sorted(NECESSARY))
def test_what_must_be_known_is_told_whatever_was_chosen(kind):
    user = UserFactory()
    Preference.objects.create(user=user, kind=kind, channel=Channel.NEVER)
    told(user, kind=kind, mail=False)
    assert OutboxMail.objects.get().unsubscribe_url == ""
    with pytest.raises(ValueError, match="cannot"):
        choose(user=user, channels={kind: Channel.NEVER})


def test_every_default_is_a_way_that_may_be_chosen():
    wrong = [(r, k) for r, kinds in DEFAULTS.items() for k, way in kinds.items() if way not in channels_for(k)]
    assert not wrong


def test_what_waits_for_a_digest_moves_with_the_choice():
    user, other = UserFactory(), UserFactory()
    for somebody in (user, other):
        told(somebody, mail=None)
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY})
    assert [row.digest for row in Notification.objects.order_by("pk")] == ["daily", "weekly"]
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.NOW})
    assert Notification.objects.of(user).get().digest == "daily"
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.APP})
    assert Notification.objects.of(user).get().digest == ""


def test_one_click_ends_a_kind_or_a_digest():
    user = UserFactory()
    stop_mails(user=user, kind=Kind.MESSAGE)
    choose(user=user, channels={Kind.CV_READ: Channel.WEEKLY})
    stop_mails(user=user, digest="weekly")
    ways = channels_of(user)
    assert {ways[kind] for kind in (Kind.MESSAGE, Kind.NEW_MATCHES, Kind.CV_READ)} == {Channel.APP}
    assert ways[Kind.INTERVIEW] == Channel.NOW


def test_nobody_writes_to_an_address_that_refuses_mail_until_it_changes():
    user = UserFactory()
    bury(user=user, reason="550", now=NOW)
    told(user, "one", kind=Kind.PRIVACY_REQUEST)
    assert not OutboxMail.objects.exists()
    user.email = "new@universidad.example"
    user.save()
    told(user, "two")
    assert OutboxMail.objects.count() == 1


def test_the_office_decides_about_few_kinds():
    assert set(channels_of(StaffFactory())) == set(DEFAULTS["staff"])
