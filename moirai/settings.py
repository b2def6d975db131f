"""All settings of Moirai, read from the environment and `.env`; `.env.example` explains every key."""

from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from moirai.accounts.saml import saml_app, sign_in_page
from moirai.crypto.ring import read_ring

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(BASE_DIR / ".env")

# --- The machine -----------------------------------------------------------------------------------------------------

DEBUG = env.bool("DEBUG", default=False)
SHOWS_COMPONENTS = DEBUG  # /estilo/, for whoever builds pages
SECRET_KEY = env("SECRET_KEY")  # no default: a missing key must stop the start
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY is empty. Put a long random value into .env; `make run` writes one.")
ENCRYPTION_KEYS = read_ring(env.list("ENCRYPTION_KEYS", default=[]))  # the first encrypts, all decrypt
LOOKUP_KEYS = read_ring(env.list("LOOKUP_KEY", default=[]), "LOOKUP_KEY")  # the first writes, all find
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
SITE_URL = env("SITE_URL", default="http://127.0.0.1:8000")  # links in mails
SITE_NAME = env("SITE_NAME", default="Universidad Demo")
DATA_DIR = Path(env("DATA_DIR", default=str(BASE_DIR / "var")))
try:
    DATA_DIR.mkdir(parents=True, exist_ok=True, mode=0o700)
except OSError as error:
    raise ImproperlyConfigured(f"DATA_DIR ({DATA_DIR}) cannot be made: {error.strerror}. Name another.") from None

# --- Applications ----------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "django_htmx",
    "simple_history",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "moirai",
    "moirai.crypto",
    "moirai.accounts",
    "moirai.api",
    "moirai.privacy",
    "moirai.skills",
    "students",
    "jobs",
    "matching",
    "notifications",
]
MIDDLEWARE = [
    "moirai.middleware.Observe",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "moirai.middleware.SendPermissionsPolicy",
    "moirai.middleware.RefuseUnstorableText",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "moirai.accounts.middleware.KeepNothing",
    "moirai.accounts.middleware.LimitSessions",
    "moirai.accounts.middleware.TrackSessions",
    "moirai.accounts.middleware.RequireSecondFactor",
    "django_htmx.middleware.HtmxMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "moirai.urls"
WSGI_APPLICATION = "moirai.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["template_partials.templatetags.partials"],
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "moirai.context.site",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: SQLite by default, PostgreSQL by DATABASE_URL alone ---------------------------------------------------

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'moirai.sqlite3'}")}
if DATABASES["default"].get("ENGINE") not in ("django.db.backends.sqlite3", "django.db.backends.postgresql"):
    raise ImproperlyConfigured("DATABASE_URL is wrong: it must begin with postgres:// or sqlite:///.")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("DB_CONN_MAX_AGE", default=3600)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = env.bool("DB_CONN_HEALTH_CHECKS", default=True)
DATABASES["default"]["DISABLE_SERVER_SIDE_CURSORS"] = env.bool("DB_PGBOUNCER", default=False)
MIGRATION_LOCK_SECONDS = env.int("MIGRATION_LOCK_SECONDS", default=5)  # then `migrate` ends and can be run again
WEB_THREADS = env.int("WEB_THREADS", default=8)
WORKER_PROCESSES = env.int("WORKER_PROCESSES", default=2)
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured with eight writers: the defaults fail 686 of 1,200 writes, these none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;",
    }

# --- Cache, broker, background work ----------------------------------------------------------------------------------

CACHES = {"default": env.cache("CACHE_URL", default=f"filecache://{DATA_DIR / 'cache'}")}
CELERY_BROKER_URL = env("CELERY_BROKER_URL", default="filesystem://localhost")
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
TASK_TIME_LIMIT = env.int("TASK_TIME_LIMIT", default=1800)
if CELERY_BROKER_URL.startswith("filesystem"):
    _broker_folders = {name: DATA_DIR / "broker" / name for name in ("messages", "control")}
    for _folder in _broker_folders.values():
        _folder.mkdir(parents=True, exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_broker_folders["messages"]),
        "data_folder_out": str(_broker_folders["messages"]),
        "control_folder": str(_broker_folders["control"]),
        "polling_interval": 0.1,
    }
elif CELERY_BROKER_URL.startswith("redis"):
    # Redis redelivers what a dead worker held only after this time, so it must stay above the hard time limit.
    CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": TASK_TIME_LIMIT + 60, "unacked_restore_interval": 10}
CELERY_TIMEZONE = env("TIME_ZONE", default="America/Mexico_City")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = WORKER_PROCESSES
CELERY_TASK_TIME_LIMIT = TASK_TIME_LIMIT
CELERY_TASK_SOFT_TIME_LIMIT = TASK_TIME_LIMIT - 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "moirai.beat:Scheduler"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "sweep-unread-cvs": {"task": "students.tasks.sweep", "schedule": 30},
    "sweep-undetected-postings": {"task": "jobs.tasks.sweep", "schedule": 30},
    "ask-graduates": {"task": "students.tasks.ask_graduates", "schedule": crontab(minute="*/10", hour="9-18")},
    "send-alerts": {"task": "jobs.tasks.sweep_alerts", "schedule": crontab(minute="*/10")},
    "fetch-careers-pages": {"task": "jobs.tasks.sweep_careers_pages", "schedule": crontab(minute=15)},
    "learn-words-of-postings": {"task": "jobs.tasks.refresh_words", "schedule": crontab(minute=25)},
    "refresh-search-nightly": {"task": "jobs.tasks.refresh_search", "schedule": crontab(hour=3, minute=40)},
    "sweep-unmatched": {"task": "matching.tasks.sweep", "schedule": 30},
    "keep-applications-moving": {"task": "jobs.tasks.keep_moving", "schedule": crontab(hour=7, minute=0)},
    "refit-model-nightly": {"task": "matching.tasks.refit_model", "schedule": crontab(hour=3, minute=10)},
    "warn-the-inactive": {"task": "moirai.privacy.tasks.notify_inactive", "schedule": crontab(hour=4, minute=10)},
    "erase-who-is-due": {"task": "moirai.privacy.tasks.erase", "schedule": crontab(hour=4, minute=20)},
    "count-and-erase-the-old": {"task": "moirai.privacy.tasks.anonymise", "schedule": crontab(hour=4, minute=30)},
    "send-outbox": {"task": "notifications.tasks.send_outbox", "schedule": 30},
    "send-webhooks": {"task": "notifications.tasks.send_webhooks", "schedule": 30},
    "write-digests": {"task": "notifications.tasks.write_digests", "schedule": crontab(minute="*/10")},
}

# --- Who may enter ---------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # the address is unique whatever its case, by a constraint of its own
AUTHENTICATION_BACKENDS = ["moirai.accounts.signed_in.SignedIn"]
PASSWORD_HASHERS = [
    "moirai.accounts.hashing.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "moirai.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "moirai.accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True  # only in the browser that signed up
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
USERSESSIONS_TRACK_ACTIVITY = True
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = SITE_NAME
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG
REQUIRE_STAFF_SECOND_FACTOR = env.bool("REQUIRE_STAFF_SECOND_FACTOR", default=True)  # before any page of the admin
SESSION_ENGINE = "moirai.crypto.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_IDLE_SECONDS", default=14 * 24 * 3600)  # without a visit
SESSION_ABSOLUTE_SECONDS = env.int("SESSION_ABSOLUTE_SECONDS", default=30 * 24 * 3600)  # since the sign-in
STAFF_SESSION_IDLE_SECONDS = env.int("STAFF_SESSION_IDLE_SECONDS", default=3600)
STAFF_SESSION_ABSOLUTE_SECONDS = env.int("STAFF_SESSION_ABSOLUTE_SECONDS", default=12 * 3600)

# Single sign-on by OpenID Connect: the button appears when OIDC_CLIENT_ID is set.
OIDC_CLIENT_ID = env("OIDC_CLIENT_ID", default="")
OIDC_SERVER_URL = env("OIDC_SERVER_URL", default="")
SAML_APP = saml_app(env, name=env("SAML_NAME", default=SITE_NAME))  # or by SAML: moirai/accounts/saml.py
SOCIALACCOUNT_ADAPTER = "moirai.accounts.adapter.SocialAccountAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False  # the first time a person picks a role and reads the notice
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # the university says whose address it is; no other provider is configured
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "universidad",
                "name": env("OIDC_NAME", default=SITE_NAME),
                "client_id": OIDC_CLIENT_ID,
                "secret": env("OIDC_CLIENT_SECRET", default=""),
                "settings": {"server_url": OIDC_SERVER_URL},
            }
        ]
        if OIDC_CLIENT_ID
        else [],
    },
    "saml": {"APPS": [SAML_APP] if SAML_APP else []},
}
INSTALLED_APPS += ["allauth.socialaccount.providers.saml"] if SAML_APP else []
_SIGN_IN_PAGES = filter(None, [OIDC_SERVER_URL, sign_in_page(SAML_APP, env)])
PRIVACY_NOTICE_VERSION = "2026-11"  # a changed notice gets another, and consents say which they answered
ERASE_AFTER_DAYS = env.int("ERASE_AFTER_DAYS", default=30)  # between closing an account and erasing it
PRIVACY_ANSWER_WORKING_DAYS = env.int("PRIVACY_ANSWER_WORKING_DAYS", default=20)  # LFPDPPP, ARCO requests
INACTIVE_AFTER_DAYS = env.int("INACTIVE_AFTER_DAYS", default=730)  # without a sign-in, until a mail warns
INACTIVE_GRACE_DAYS = env.int("INACTIVE_GRACE_DAYS", default=60)  # between that mail and erasing
APPLICATION_KEEP_DAYS = env.int("APPLICATION_KEEP_DAYS", default=730)  # since its last step; then it is a count
IMPORTED_KEEP_DAYS = env.int("IMPORTED_KEEP_DAYS", default=730)  # imported profiles whose person never signed up
SURVEY_KEEP_DAYS = env.int("SURVEY_KEEP_DAYS", default=1825)  # answers of graduates, after their survey has closed
NOTICE_KEEP_DAYS = env.int("NOTICE_KEEP_DAYS", default=365)
SMALLEST_GROUP = env.int("SMALLEST_GROUP", default=10)  # reports and statistics tell of no fewer people
STUDENT_EMAIL_DOMAINS = env.list("STUDENT_EMAIL_DOMAINS", default=[])  # empty: any address may be a student's

# --- Mail ------------------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email("EMAIL_URL", default="filemail://")
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = EMAIL_CONFIG.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = EMAIL_CONFIG.get("EMAIL_USE_SSL", False)
EMAIL_FILE_PATH = str(DATA_DIR / "mail")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Moirai <moirai@localhost>")
MAIL_REPLY_TO = env("MAIL_REPLY_TO", default="")  # where answers of people go; empty: to the sender
MAIL_BOUNCES_TO = env("MAIL_BOUNCES_TO", default="")  # where mail servers report; empty: to the sender

# --- Language, time, formats -----------------------------------------------------------------------------------------

LANGUAGE_CODE = "es-mx"
LANGUAGES = [("es-mx", _("Spanish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["moirai.formats"]
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = env("TIME_ZONE", default="America/Mexico_City")
USE_TZ = True

# --- Files -----------------------------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Names with hashes need the list that collectstatic makes; without it the finders serve.
_is_collected = STATIC_ROOT.exists() or "collectstatic" in sys.argv
WHITENOISE_USE_FINDERS = not _is_collected
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Never under a public path: only views that ask who is there hand these files out.
        "OPTIONS": {"location": DATA_DIR / "media", "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _is_collected
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
CV_MAX_BYTES = env.int("CV_MAX_BYTES", default=5 * 1024 * 1024)
CV_READER_SECONDS = env.int("CV_READER_SECONDS", default=15)  # CPU time of the child process that reads one CV
CV_READER_MEGABYTES = env.int("CV_READER_MEGABYTES", default=1024)  # its address space
CLAMAV_SOCKET = env("CLAMAV_SOCKET", default="")  # a path or host:port; empty: files are not scanned for viruses
FILE_UPLOAD_HANDLERS = [
    "moirai.uploads.RefuseLargeUploads",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Security --------------------------------------------------------------------------------------------------------

HTTPS = env.bool("HTTPS", default=SITE_URL.startswith("https://"))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *("/".join(page.split("/")[:3]) for page in _SIGN_IN_PAGES)],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# How many of our own proxies have written into X-Forwarded-For; what visitors write before them counts for nothing.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=int(BEHIND_PROXY))
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), publickey-credentials-get=(self)"
SECURITY_CONTACT = env("SECURITY_CONTACT", default="")  # mailto: or https: address in /.well-known/security.txt
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True  # forms carry the token; no script reads the cookie
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"

# --- API: closed to everything but tokens, whatever an endpoint forgets ----------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["moirai.api.authentication.BearerAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["moirai.api.authentication.InScope"],
    "DEFAULT_THROTTLE_CLASSES": ["moirai.api.authentication.PerAddress", "moirai.api.authentication.PerToken"],
    "DEFAULT_THROTTLE_RATES": {
        "address": env("API_RATE_ADDRESS", default="60/min"),
        "token": env("API_RATE_TOKEN", default="300/min"),
    },
    "NUM_PROXIES": ALLAUTH_TRUSTED_PROXY_COUNT,
    "DEFAULT_PARSER_CLASSES": ["moirai.api.parsing.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "moirai.api.problems.as_problem",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Moirai",
    "DESCRIPTION": "Open postings for everybody; matches with their reasons, and applications, with a token.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["moirai.api.schema.add_problems"],
}

# --- Logs and metrics ------------------------------------------------------------------------------------------------

LOG_JSON = env.bool("LOG_JSON", default=not DEBUG)
LOG_LEVEL = env("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "moirai.logs.Json"},
        "line": {"()": "moirai.logs.Discreet", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
    },
    "filters": {"by_route": {"()": "moirai.logs.ByRoute"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "json" if LOG_JSON else "line",
            "filters": ["by_route"],
        }
    },
    "loggers": {"moirai.requests": {"level": LOG_LEVEL if LOG_JSON else "WARNING"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
METRICS_TOKEN = env("METRICS_TOKEN", default="")  # what Prometheus sends as a bearer token; empty: no metrics
if METRICS_TOKEN:  # read by prometheus_client when it is imported; each machine counts in a folder of its own
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(DATA_DIR / "metrics" / socket.gethostname()))
