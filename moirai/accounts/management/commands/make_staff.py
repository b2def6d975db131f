"""Make a member of staff; there is no account of staff before somebody does this."""

from __future__ import annotations

import secrets
from getpass import getpass
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from moirai.accounts.models import User

RANDOM_BYTES = 18  # 144 bits


class Command(BaseCommand):
    help = "Make an administrator. The password is random and printed once, or asked for with --prompt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="full name")
        parser.add_argument("--prompt", action="store_true", help="ask for the password, twice, instead of making one")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"{email} is no e-mail address.") from error
        if User.objects.filter(email__iexact=email).exists():
            raise CommandError(f"{email} has an account. Change its role in the admin.")
        password = asked() if options["prompt"] else secrets.token_urlsafe(RANDOM_BYTES)
        with transaction.atomic():
            user = User.objects.create_superuser(email, password, full_name=options["name"])
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.stdout.write(f"{email} may enter the admin, and sets up a second factor at the first sign-in.")
        if not options["prompt"]:
            self.stdout.write(f"Password, shown this once: {password}")


def asked() -> str:
    """A password typed twice that the site would take."""
    password = getpass("Password: ")
    if password != getpass("Again: "):
        raise CommandError("The two are not the same.")
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
