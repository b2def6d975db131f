"""Daily and weekly mails: at eight, whatever clocks do; once a period; late, one; never empty; in the end quiet."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from conftest import DAY, HOUR, NOW
from moirai.accounts.tests.factories import UserFactory
from notifications import digests, tasks
from notifications.bounces import bury
from notifications.models import Channel, Kind, Notification, OutboxMail
from notifications.preferences import choose
from notifications.tests.telling import told

pytestmark = pytest.mark.django_db
TIJUANA = ZoneInfo("America/Tijuana")  # has summer time; Mexico City has none since 2022


@pytest.fixture(autouse=True)
def in_mexico_city(settings):
    settings.TIME_ZONE = "America/Mexico_City"


def local(*parts, zone="America/Mexico_City"):
    return datetime(*parts, tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.fixture
def reader():
    user = UserFactory(last_login=local(2026, 11, 1), date_joined=local(2026, 1, 1))
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY, Kind.MESSAGE: Channel.WEEKLY})
    return user


def matches(user, now, key="k", **data):
    return told(user, key, mail=None, now=now, data={"new": 3} | data)


def message(user, now, key="m"):
    return told(user, key, kind=Kind.MESSAGE, mail=None, now=now, data={"who": "Ana"})


def test_a_daily_mail_waits_for_eight_in_the_morning(reader):
    matches(reader, local(2026, 11, 3, 15))
    assert digests.send_due(now=local(2026, 11, 3, 19)) == 0
    assert digests.send_due(now=local(2026, 11, 4, 7, 59)) == 0
    assert digests.send_due(now=local(2026, 11, 4, 8)) == 1
    assert OutboxMail.objects.get().key == "digest:daily:2026-11-04"


def test_a_weekly_mail_waits_for_monday(reader):
    message(reader, local(2026, 11, 3, 15))
    for day in range(4, 9):
        assert digests.send_due(now=local(2026, 11, day, 8, 10)) == 0
    assert digests.send_due(now=local(2026, 11, 9, 8, 10)) == 1
    assert "Ana te escribió" in OutboxMail.objects.get().text


def test_run_again_and_again_one_mail_leaves(reader):
    matches(reader, local(2026, 11, 3, 15))
    assert [digests.send_due(now=local(2026, 11, 4, hour)) for hour in range(8, 20)] == [1] + [0] * 11
    matches(reader, local(2026, 11, 4, 9), "late")  # after eight: tomorrow's
    assert digests.send_due(now=local(2026, 11, 4, 10)) == 0
    assert digests.send_due(now=local(2026, 11, 5, 8)) == 1
    assert not Notification.objects.exclude(digest="").exists()


def test_a_worker_that_comes_late_sends_one_mail_and_none_at_night(reader):
    for day in (3, 4, 5):
        matches(reader, local(2026, 11, day, 15), f"k{day}")
    assert digests.send_due(now=local(2026, 11, 6, 3)) == 0
    assert digests.send_due(now=local(2026, 11, 6, 11, 30)) == 1
    assert OutboxMail.objects.get().text.count("3 vacantes nuevas") == 3


def test_nothing_new_or_all_of_it_read_sends_nothing(reader):
    matches(reader, local(2026, 11, 3, 15))
    Notification.objects.update(read_at=local(2026, 11, 3, 16))
    assert digests.send_due(now=local(2026, 11, 4, 8)) == 0
    assert not OutboxMail.objects.exists()


@pytest.mark.parametrize("zone", ["America/Tijuana", "America/Mexico_City"])
@pytest.mark.parametrize("changes", [(2026, 3, 8), (2026, 11, 1)])
def test_it_stays_eight_o_clock_when_clocks_change(settings, time_machine, zone, changes):
    """Every ten minutes of the five days around the change, as the beat runs it: one mail a day, at eight."""
    settings.TIME_ZONE = zone
    start = local(*changes, zone=zone) - 2 * DAY
    user = UserFactory(last_login=start, date_joined=start)
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY, Kind.MESSAGE: Channel.WEEKLY})
    at = start
    while at < start + 5 * DAY:
        time_machine.move_to(at, tick=False)
        if at.minute == 0:
            matches(user, at, at.isoformat())
        tasks.write_digests()
        at += timedelta(minutes=10)
    sent = [row.astimezone(ZoneInfo(zone)) for row in OutboxMail.objects.values_list("created_at", flat=True)]
    assert [(when.hour, when.minute) for when in sent] == [(8, 0)] * 5
    assert len({when.date() for when in sent}) == 5


def test_the_week_of_a_change_of_clocks_has_one_weekly_mail(settings):
    settings.TIME_ZONE = "America/Tijuana"
    user = UserFactory(last_login=local(2026, 10, 20))
    choose(user=user, channels={Kind.MESSAGE: Channel.WEEKLY})
    at, sent = local(2026, 10, 25, 0, 0, zone="America/Tijuana"), []
    while at < local(2026, 11, 9, 0, zone="America/Tijuana"):
        message(user, at, at.isoformat())
        if digests.send_due(now=at):
            sent.append(at.astimezone(TIJUANA).isoformat())
        at += HOUR
    assert sent == ["2026-10-26T08:00:00-07:00", "2026-11-02T08:00:00-08:00"]


def test_kinds_are_grouped_and_long_ones_cut():
    user = UserFactory(last_login=NOW)
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY, Kind.MESSAGE: Channel.DAILY})
    for number in range(150):
        matches(user, NOW - DAY + timedelta(seconds=number), f"k{number}")
    message(user, NOW - DAY)
    assert digests.send_due(now=local(2026, 11, 2, 8)) == 1
    row = OutboxMail.objects.get()
    assert row.text.count("3 vacantes nuevas") == digests.MOST_OF_A_KIND
    assert "y 142 más" in row.text
    assert "Ana te escribió" in row.text
    assert row.subject == "151 avisos para ti"


def test_the_longest_mail_stays_under_75_kb():
    user = UserFactory(last_login=NOW)
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY})
    for number, kind in enumerate(list(Kind) * 9):
        data = {"job": "ñ" * 200, "company": "é" * 150, "who": "á" * 150, "note": "ú" * 500, "search": "ó" * 100}
        key = f"k{number}"
        Notification.objects.create(
            user=user, kind=kind, data=data, url="/x" * 100, key=key, digest="daily", created_at=NOW - DAY
        )
    digests.send_due(now=local(2026, 11, 2, 8))
    size = len(OutboxMail.objects.get().html.encode())
    assert size <= 75_000


def test_who_does_not_come_any_more_gets_one_last_mail():
    user = UserFactory(last_login=local(2026, 8, 1), date_joined=local(2026, 1, 1))
    choose(user=user, channels={Kind.NEW_MATCHES: Channel.DAILY})
    for day in (3, 4, 5):
        matches(user, local(2026, 11, day, 7), f"k{day}")
        digests.send_due(now=local(2026, 11, day, 8))
    assert "¿Sigues ahí? Llevas 60 días" in OutboxMail.objects.get().text
    user.last_login = local(2026, 11, 5, 12)  # back again
    user.save()
    matches(user, local(2026, 11, 6, 7), "back")
    digests.send_due(now=local(2026, 11, 6, 8))
    assert OutboxMail.objects.count() == 2
    assert "¿Sigues" not in OutboxMail.objects.order_by("-pk")[0].text


def test_what_the_law_asks_for_is_sent_however_long_somebody_is_away():
    told(UserFactory(last_login=NOW - 900 * DAY), kind=Kind.INACTIVE_WARNING, data={"date": "2026-12-24"}, mail=None)
    assert OutboxMail.objects.get().kind == Kind.INACTIVE_WARNING


def test_closed_accounts_and_dead_addresses_get_none(reader):
    closed = UserFactory(is_active=False)
    for user in (closed, reader):
        Notification.objects.create(
            user=user, kind=Kind.NEW_MATCHES, data={}, key="k", digest="daily", created_at=local(2026, 11, 3)
        )
    bury(user=reader, reason="550", now=NOW)
    assert digests.send_due(now=local(2026, 11, 4, 8)) == 0


def test_queries_of_the_people_who_have_nothing_do_not_grow(django_assert_num_queries):
    UserFactory.create_batch(20)
    with django_assert_num_queries(2):
        digests.send_due(now=local(2026, 11, 2, 8))


def test_a_digest_can_be_ended_by_one_click(reader):
    matches(reader, local(2026, 11, 3, 15))
    digests.send_due(now=local(2026, 11, 4, 8))
    assert "/avisos/baja/" in OutboxMail.objects.get().unsubscribe_url
