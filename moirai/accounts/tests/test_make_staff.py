"""The first administrator is made by hand, with a secret that nobody else knows."""

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command

from moirai.accounts.management.commands import make_staff
from moirai.accounts.models import User

pytestmark = pytest.mark.django_db


def printed_password(capsys):
    return capsys.readouterr().out.split("shown this once: ")[1].strip()


def test_there_is_no_account_of_staff_before_somebody_makes_one():
    assert not User.objects.exists()


def test_the_password_is_random_printed_once_and_works(client, capsys):
    call_command("make_staff", "Oficina@Universidad.example", name="Ana")
    password = printed_password(capsys)
    user = User.objects.get()
    assert (user.email, user.full_name, user.role) == ("oficina@universidad.example", "Ana", "staff")
    assert user.is_staff
    assert user.is_superuser
    assert user.check_password(password)
    assert len(password) >= 24
    assert EmailAddress.objects.get().verified
    call_command("make_staff", "otra@universidad.example")
    assert printed_password(capsys) != password


@pytest.mark.parametrize("typed", [["telar-de-añil-7", "telar-de-añil-8"], ["12345678", "12345678"]])
def test_a_typed_password_that_differs_or_is_common_makes_nobody(monkeypatch, typed):
    monkeypatch.setattr(make_staff, "getpass", lambda _: typed.pop(0))
    with pytest.raises(CommandError):
        call_command("make_staff", "oficina@universidad.example", prompt=True)
    assert not User.objects.exists()


def test_a_typed_password_is_not_printed(monkeypatch, capsys):
    monkeypatch.setattr(make_staff, "getpass", lambda _: "telar-de-añil-7")
    call_command("make_staff", "oficina@universidad.example", prompt=True)
    assert User.objects.get().check_password("telar-de-añil-7")
    assert "telar" not in capsys.readouterr().out


@pytest.mark.parametrize("email", ["nada", "a@b", ""])
def test_what_is_no_address_is_refused(email):
    with pytest.raises(CommandError):
        call_command("make_staff", email)


def test_an_account_that_is_there_is_left_alone():
    call_command("make_staff", "oficina@universidad.example")
    with pytest.raises(CommandError):
        call_command("make_staff", "OFICINA@universidad.example")
    assert User.objects.count() == 1
