"""The Celery application; tasks are found by the names of the installed apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moirai.settings")

app = Celery("moirai")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
