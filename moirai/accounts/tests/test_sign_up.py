"""Sign-up, verification, sign-in and recovery of the password."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db

FORM = {
    "role": "student",
    "full_name": "Ximena Rojas",
    "email": "ximena@universidad.example",
    "password1": "telar-de-añil-7",
    "accepts_notice": "on",
}


def sign_up(client, **changes):
    return client.post(reverse("account_signup"), {**FORM, **changes})


def link_in(mail):
    return re.search(r"https?://[^/]+(/\S+)", mail.body).group(1)


def test_a_person_signs_up_confirms_and_is_signed_in(client, mailoutbox):
    assert sign_up(client)["Location"] == reverse("account_email_verification_sent")
    assert "_auth_user_id" not in client.session
    (mail,) = mailoutbox
    assert mail.to == ["ximena@universidad.example"]
    assert mail.alternatives[0].mimetype == "text/html"
    address = link_in(mail)
    assert client.get(address).status_code == 200
    response = client.post(address)
    user = User.objects.get(email="ximena@universidad.example")
    assert (user.role, user.full_name, user.language, user.is_staff) == ("student", "Ximena Rojas", "es-mx", False)
    assert response["Location"] == reverse("start")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_mails_are_written_in_the_language_of_the_page(client, mailoutbox):
    client.post("/en" + reverse("account_signup"), FORM)
    assert mailoutbox[0].subject == "Confirm your address"
    assert User.objects.get().language == "en"


def test_an_unconfirmed_address_does_not_let_in_and_the_link_is_sent_again(client, mailoutbox):
    sign_up(client)
    login = {"login": FORM["email"], "password": FORM["password1"]}
    response = client.post(reverse("account_login"), login)
    assert "_auth_user_id" not in client.session
    assert response["Location"] == reverse("account_email_verification_sent")


def test_a_used_or_foreign_link_says_so(client):
    assert client.get(reverse("account_confirm_email", args=["nada"])).status_code == 200


@pytest.mark.parametrize("changes", [{"role": "staff"}, {"role": ""}, {"accepts_notice": ""}, {"full_name": "a" * 200}])
def test_a_form_that_is_not_right_creates_nobody(client, mailoutbox, changes):
    response = sign_up(client, **changes)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'role="alert"' in page
    assert f'value="{FORM["email"]}"' in page
    assert not User.objects.exists()
    assert not mailoutbox


def test_extra_fields_make_nobody_staff(client):
    sign_up(client, is_staff="on", is_superuser="on")
    assert not User.objects.get().is_staff


@pytest.mark.parametrize(("role", "status"), [("student", 422), ("recruiter", 302)])
def test_students_sign_up_with_an_address_of_the_university(client, settings, role, status):
    settings.STUDENT_EMAIL_DOMAINS = ["universidad.example"]
    assert sign_up(client, role=role, email="ana@correo.example").status_code == status
    assert sign_up(client, email="ANA@Universidad.Example").status_code == 302


def test_signing_up_twice_tells_only_the_mailbox(client, mailoutbox):
    UserFactory(email=FORM["email"])
    response = sign_up(client)
    assert response["Location"] == reverse("account_email_verification_sent")
    assert User.objects.count() == 1
    assert reverse("account_reset_password") in mailoutbox[0].body


def test_a_strange_address_gets_the_same_answer_as_a_known_one(client, mailoutbox):
    UserFactory(email=FORM["email"])
    answers = [
        client.post(reverse("account_reset_password"), {"email": email})["Location"]
        for email in (FORM["email"], "nadie@universidad.example")
    ]
    assert answers == [reverse("account_reset_password_done")] * 2


def test_a_wrong_password_and_a_strange_address_get_the_same_words(client):
    UserFactory(email=FORM["email"])
    pages = [
        client.post(reverse("account_login"), {"login": email, "password": "no es esta"})
        for email in (FORM["email"], "nadie@universidad.example")
    ]
    assert [page.status_code for page in pages] == [422, 422]
    errors = [page.context["form"].non_field_errors() or page.context["form"].errors for page in pages]
    assert errors[0] == errors[1]


def test_a_forgotten_password_is_replaced_by_a_link(client, mailoutbox):
    user = UserFactory(email=FORM["email"])
    client.post(reverse("account_reset_password"), {"email": user.email})
    form = client.get(link_in(mailoutbox[0]), follow=True)
    address = form.redirect_chain[-1][0]
    new = "otra-trama-grana-9"
    response = client.post(address, {"password1": new, "password2": new})
    assert response["Location"] == reverse("account_reset_password_from_key_done")
    assert client.post(reverse("account_login"), {"login": user.email, "password": new})["Location"] == reverse("start")
    assert client.get(link_in(mailoutbox[0])).context["token_fail"]


def test_staff_sign_in_goes_through_the_same_limited_page(client):
    response = client.get("/admin/login/?next=/admin/")
    assert response["Location"].startswith(reverse("account_login"))
    client.force_login(UserFactory())
    assert client.get("/admin/").status_code in (302, 403)
    client.force_login(StaffFactory())
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("name", ["account_change_password", "account_email", "usersessions_list", "account_logout"])
def test_pages_of_the_account_are_drawn_in_our_look(client, name):
    user = UserFactory()
    client.post(reverse("account_login"), {"login": user.email, "password": "correct horse"})
    response = client.get(reverse(name))
    assert response.status_code == 200
    assert 'class="brand"' in response.content.decode()


def test_too_many_attempts_get_a_page_of_ours(client):
    UserFactory(email=FORM["email"])
    login = {"login": FORM["email"], "password": "no es esta"}
    codes = {client.post(reverse("account_login"), login).status_code for _ in range(12)}
    assert codes <= {422, 429}


def test_the_admin_creates_users_and_refuses_an_entry_without_the_role(client):
    client.force_login(StaffFactory())
    fields = {"email": "N@x.example", "full_name": "N", "role": "student", "language": "en"}
    passwords = {"usable_password": "true", "password1": "telar-7-grana", "password2": "telar-7-grana"}
    assert client.post(reverse("admin:accounts_user_add"), {**fields, **passwords}).status_code == 302
    user = User.objects.get(email="n@x.example")
    response = client.post(reverse("admin:accounts_user_change", args=[user.pk]), {**fields, "is_staff": "on"})
    assert response.status_code == 200
    assert not User.objects.get(pk=user.pk).is_staff
    assert client.get(reverse("admin:accounts_user_changelist") + "?q=n@x").status_code == 200


def test_a_session_is_remembered_once_and_can_be_closed_from_another(client, settings):
    # allauth checks each session of the one person by itself.
    settings.ZEAL_ALLOWLIST = [*settings.ZEAL_ALLOWLIST, {"model": "accounts.User", "field": "get()"}]
    user = UserFactory()
    login = {"login": user.email, "password": "correct horse"}
    client.post(reverse("account_login"), login)
    other = Client()
    other.post(reverse("account_login"), login)
    assert other.get(reverse("account")).status_code == 200
    page = client.get(reverse("usersessions_list"))
    assert page.context["session_count"] == 2
    client.post(reverse("usersessions_list"))
    assert other.get(reverse("account")).status_code == 302
    assert client.get(reverse("account")).status_code == 200


def test_a_page_after_the_first_writes_nothing_about_the_session(client, django_assert_num_queries):
    client.force_login(UserFactory())
    client.get(reverse("help"))
    with django_assert_num_queries(2):  # session, user with the bell
        client.get(reverse("help"))
