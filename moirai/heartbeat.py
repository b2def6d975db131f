"""Workers say that they live: a thread of each writes the time to the cache, pages and `/readyz` read it."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from celery.signals import worker_ready, worker_shutting_down
from django.core.cache import cache

KEY = "worker-seen-at"
EVERY = 5  # seconds
logger = logging.getLogger(__name__)
_stop = threading.Event()


def seconds_since_worker() -> float | None:
    """Seconds since any worker was last seen alive; None when none was within the last hour."""
    seen = cache.get(KEY)
    return None if seen is None else max(0.0, time.time() - seen)


@worker_ready.connect
def start(**_: Any) -> None:
    """Begin to beat when the worker takes work."""
    threading.Thread(target=_beat, name="heartbeat", daemon=True).start()


@worker_shutting_down.connect
def stop(**_: Any) -> None:
    _stop.set()


def _beat() -> None:
    while not _stop.is_set():
        try:
            cache.set(KEY, time.time(), timeout=3600)
        except Exception:  # a cache that is away must not end the worker
            logger.exception("The heartbeat could not be written.")
        _stop.wait(EVERY)
