"""Settings of the site that the browser tests visit: as in production, without limits on how often one may try."""

from moirai.settings import *  # noqa: F403

DEBUG = False
SHOWS_COMPONENTS = True
ACCOUNT_RATE_LIMITS = False
REQUIRE_STAFF_SECOND_FACTOR = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ROOT_URLCONF = "tests.browser.urls"
