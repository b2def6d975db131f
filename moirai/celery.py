"""The Celery application; tasks are found by the names of the installed apps."""

import os

from celery import Celery

from moirai import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")

broker.install()
app = Celery("moirai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
