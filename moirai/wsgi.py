"""The WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")
application = get_wsgi_application()

from moirai.crypto.known import refuse_wrong_keys  # noqa: E402 - models, so after the set-up

refuse_wrong_keys()
