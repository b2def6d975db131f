"""The WSGI entry point for gunicorn."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")
application = get_wsgi_application()

from moirai.crypto.known import refuse_wrong_keys  # noqa: E402 - models, so after the set-up

refuse_wrong_keys()

gc.collect()
gc.freeze()  # what is loaded by now stays: no request need walk through it
