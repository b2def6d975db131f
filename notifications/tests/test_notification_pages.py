"""The list, the bell, the preferences and the admin."""

import pytest
from django.urls import reverse

from conftest import DAY, HOUR, NOW
from jobs.tests.factories import RecruiterFactory
from moirai.accounts.models import AuditEvent
from moirai.accounts.tests.factories import StaffFactory, UserFactory
from notifications.bounces import bury
from notifications.models import Channel, DeadAddress, Kind, Notification, OutboxMail, Preference
from notifications.tests.telling import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_the_list_costs_the_same_queries_at_any_length(client, reader, django_assert_max_num_queries):
    told(reader, "first", mail=False)
    client.get(reverse("notifications:list"))
    for number in range(45):
        told(reader, f"k{number}", mail=False)
    with django_assert_max_num_queries(5):
        page = client.get(reverse("notifications:list"))
    assert "?page=2" in page.content.decode()


@pytest.mark.parametrize("language", ["", "/en"])
def test_an_empty_list_says_what_will_come(client, reader, language):
    assert 'class="empty"' in client.get(language + reverse("notifications:list")).content.decode()


@pytest.mark.parametrize("page", ["0", "999", "x", "\ud7ff", "9" * 40])
def test_pages_that_are_not_there_show_one_that_is(client, reader, page):
    told(reader, mail=False)
    assert client.get(reverse("notifications:list"), {"page": page}).status_code == 200


def test_read_ones_can_be_left_out(client, reader):
    told(reader, "old", mail=False, data={"new": 7})
    Notification.objects.update(read_at=NOW)
    told(reader, "new", mail=False, data={"new": 9})
    page = client.get(reverse("notifications:list"), {"ver": "nuevos"}).content.decode()
    assert "9 vacantes nuevas" in page
    assert "7 vacantes nuevas" not in page


def test_opening_marks_read_and_leads_on(client, reader):
    row = told(reader, mail=False)
    assert client.post(reverse("notifications:open", args=[row.pk]))["Location"] == "/para-ti/"
    assert Notification.objects.get().read_at


def test_a_foreign_address_in_a_row_leads_nowhere(client, reader):
    row = told(reader, mail=False, url="https://evil.example/")
    assert client.get(reverse("notifications:open", args=[row.pk]))["Location"] == reverse("notifications:list")


def test_other_peoples_notifications_are_not_there(client, reader):
    row = told(UserFactory(), mail=False)
    assert client.get(reverse("notifications:open", args=[row.pk])).status_code == 404
    client.post(reverse("notifications:read_all"))
    assert Notification.objects.get().read_at is None


def test_all_are_marked_read_by_post_only(client, reader):
    told(reader, mail=False)
    assert client.get(reverse("notifications:read_all")).status_code == 405
    client.post(reverse("notifications:read_all"))
    assert Notification.objects.get().read_at


def test_the_bell_counts_what_is_unread(client, reader):
    for number in range(3):
        told(reader, f"k{number}", mail=False)
    assert '<span class="count" aria-hidden="true">3</span>' in client.get(reverse("help")).content.decode()


@pytest.mark.parametrize("kind", [*Kind.values, "gone"])
@pytest.mark.parametrize("data", [{}, {"new": 1, "skills": 1, "failure": "x", "status": "?", "job": "<i>"}])
def test_rows_of_any_age_can_be_shown(client, reader, kind, data):
    told(reader, mail=False, kind=kind, data=data)
    page = client.get(reverse("notifications:list")).content.decode()
    assert "<i>" not in page
    assert 'class="unread"' in page


# --- Preferences ------------------------------------------------------------------------------------------------------


def chosen(**changes):
    """What the form of a student sends, with changes."""
    from notifications.preferences import DEFAULTS

    return {kind.value: way.value for kind, way in DEFAULTS["student"].items()} | changes


def test_a_choice_is_kept_only_where_it_is_not_the_default(client, reader):
    response = client.post(reverse("notifications:preferences"), chosen(new_matches="never", cv_read="daily"))
    assert response["Location"] == reverse("notifications:preferences")
    kept = set(Preference.objects.values_list("kind", "channel"))
    assert kept == {("new_matches", "never"), ("cv_read", "daily")}
    client.post(reverse("notifications:preferences"), chosen())
    assert not Preference.objects.exists()


@pytest.mark.parametrize("value", ["x", "", "now\x01", "NEVER", "9" * 5000])
def test_a_choice_that_is_none_is_refused_and_nothing_is_kept(client, reader, value):
    response = client.post(reverse("notifications:preferences"), chosen(new_matches="never", message=value))
    assert response.status_code == 422
    assert 'role="alert"' in response.content.decode()
    assert not Preference.objects.exists()


def test_what_must_be_known_cannot_be_switched_off(client, reader):
    page = client.get(reverse("notifications:preferences")).content.decode()
    assert "privacy_request" not in page
    client.post(reverse("notifications:preferences"), chosen(privacy_request="never", mail_bounced="never"))
    assert not Preference.objects.exists()


def test_a_recruiter_decides_about_other_kinds_than_a_student(client):
    client.force_login(RecruiterFactory().user)
    page = client.get(reverse("notifications:preferences")).content.decode()
    assert 'name="application_received"' in page
    assert 'name="new_matches"' not in page


def test_the_preferences_cost_few_queries(client, reader, django_assert_max_num_queries):
    client.get(reverse("notifications:preferences"))
    with django_assert_max_num_queries(7):
        client.get(reverse("notifications:preferences"))


# --- The banner -------------------------------------------------------------------------------------------------------


def test_a_banner_stays_until_the_address_works_again(client, reader):
    bury(user=reader, reason="550 5.1.1", now=NOW)
    client.post(reverse("notifications:read_all"))
    client.get(reverse("notifications:open", args=[Notification.objects.get().pk]))
    assert 'class="msg bad"' in client.get(reverse("help")).content.decode()
    assert reverse("notifications:mail_again") in client.get(reverse("notifications:preferences")).content.decode()
    client.post(reverse("notifications:mail_again"))
    assert not DeadAddress.objects.exists()
    assert 'class="msg bad"' not in client.get(reverse("help")).content.decode()


# --- The admin --------------------------------------------------------------------------------------------------------


@pytest.fixture
def staff(client):
    user = StaffFactory()
    client.force_login(user)
    return user


@pytest.mark.parametrize("model", ["notification", "outboxmail", "deadaddress", "preference"])
def test_the_admin_lists_with_a_constant_number_of_queries(client, staff, model, django_assert_max_num_queries):
    for number in range(12):
        user = UserFactory()
        told(user, f"k{number}")
        bury(user=user, reason="550", now=NOW)
        Preference.objects.create(user=user, kind=Kind.MESSAGE, channel=Channel.DAILY)
    client.get("/admin/")
    url = reverse(f"admin:notifications_{model}_changelist")
    with django_assert_max_num_queries(6):
        assert client.get(url + "?q=person@x.example").status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get(url).status_code == 200


def test_staff_find_mails_by_the_whole_address_only(client, staff):
    users = [UserFactory(email="ana@uni.example"), UserFactory(email="anna@uni.example")]
    for user in users:
        told(user)
    url = reverse("admin:notifications_outboxmail_changelist")
    found = client.get(url, {"q": " ANA@uni.example "}).context["cl"].queryset
    assert [row.user for row in found] == users[:1]
    assert not client.get(url, {"q": "@uni.example"}).context["cl"].queryset.exists()


def test_the_words_of_a_mail_open_with_a_reason_that_is_written_down(client, staff):
    told(UserFactory())
    row = OutboxMail.objects.get()
    url = reverse("admin:notifications_outboxmail_change", args=[row.pk])
    assert "vacantes nuevas" not in client.get(url).content.decode()
    assert "vacantes nuevas" not in client.get(reverse("admin:notifications_outboxmail_changelist")).content.decode()
    client.post(url, {"reason": "La persona dice que no le llegó."})
    assert "vacantes nuevas" in client.get(url).content.decode()
    event = AuditEvent.objects.get()
    assert (event.action, event.actor, event.thing) == ("staff_opened", staff, f"notifications.outboxmail:{row.pk}")


def test_staff_send_a_failed_mail_again_but_not_one_without_words(client, staff):
    for number, fields in enumerate([{}, {"forgotten_at": NOW}]):
        told(UserFactory(), f"k{number}")
        OutboxMail.objects.filter(key=f"k{number}").update(status=OutboxMail.Status.FAILED, **fields)
    ids = list(OutboxMail.objects.values_list("pk", flat=True))
    action = {"action": "send_again", "_selected_action": ids}
    client.post(reverse("admin:notifications_outboxmail_changelist"), action)
    assert list(OutboxMail.objects.order_by("key").values_list("status", flat=True)) == ["waiting", "failed"]


def test_staff_let_an_address_be_written_to_again(client, staff):
    bury(user=UserFactory(), reason="550", now=NOW)
    action = {"action": "write_again", "_selected_action": [DeadAddress.objects.get().pk]}
    client.post(reverse("admin:notifications_deadaddress_changelist"), action)
    assert not DeadAddress.objects.exists()


def test_staff_see_for_how_long_mails_wait(client, staff, time_machine):
    time_machine.move_to(NOW + 2 * DAY, tick=False)
    url = reverse("admin:notifications_outboxmail_changelist")
    client.force_login(staff)
    assert "Ningún correo espera" in client.get(url).content.decode()
    told(UserFactory())
    assert "2\xa0días" in client.get(url).content.decode()


def test_readyz_says_since_when_mails_wait(client, time_machine):
    time_machine.move_to(NOW + HOUR, tick=False)
    told(UserFactory())
    assert client.get("/readyz").json()["oldest_waiting_seconds"] >= 3600
