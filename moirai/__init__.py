"""Moirai: the careers office of a university as software."""

from moirai.celery import app as celery_app

__all__ = ["celery_app"]
__version__ = "0.1.0"
