"""Whoever does not sign in for years is warned by mail and erased later; nobody else is."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse

from conftest import DAY, NOW
from jobs.tests.factories import RecruiterFactory
from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory
from moirai.privacy.models import PrivacyRequest
from students.tests.factories import StudentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_inactive_are_warned_and_erased_and_nobody_else(client, settings, figure):
    years, grace = timedelta(days=settings.INACTIVE_AFTER_DAYS), timedelta(days=settings.INACTIVE_GRACE_DAYS)
    people = {
        "long gone": StudentFactory(user__last_login=NOW - years - DAY).user,
        "never came": StudentFactory(user__last_login=None, user__date_joined=NOW - years - DAY).user,
        "comes back": StudentFactory(user__last_login=NOW - years - DAY).user,
        "gone recruiter": RecruiterFactory(user__last_login=NOW - years).user,
        "almost": StudentFactory(user__last_login=NOW - years + DAY).user,
        "new": StudentFactory(user__last_login=None, user__date_joined=NOW).user,
        "staff": StaffFactory(last_login=NOW - 2 * years),
        "closed": StudentFactory(user__last_login=NOW - 2 * years, user__is_active=False).user,
    }
    warned_people = {"long gone", "never came", "comes back", "gone recruiter"}
    call_command("notify_inactive", dry_run=True)
    assert not PrivacyRequest.objects.exists()
    for _ in range(2):
        call_command("notify_inactive")
    warned = {name for name, user in people.items() if user.privacy_requests.exists()}
    assert warned == warned_people
    mailed = {name for name, user in people.items() if user.mails.count() == 1}
    assert mailed == warned_people

    with time_machine.travel(NOW + grace - DAY, tick=False):
        call_command("erase")
        client.post(reverse("account_login"), {"login": people["comes back"].email, "password": "correct horse"})
    assert set(User.objects.values_list("pk", flat=True)) == {user.pk for user in people.values()}
    with time_machine.travel(NOW + grace, tick=False):
        call_command("erase")
    left = {name for name, user in people.items() if User.objects.filter(pk=user.pk).exists()}
    assert left == people.keys() - {"long gone", "never came", "gone recruiter"}
    figure(20, f"inactive: {len(warned)} of {len(people)} warned, {len(people) - len(left)} erased: the exact sets")
