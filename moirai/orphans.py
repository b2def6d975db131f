"""Processes of a worker end with the worker, even when it was killed without a word."""

from __future__ import annotations

import os
import threading
import time
from typing import Any

from celery.signals import beat_embedded_init, worker_process_init

EVERY = 1.0  # seconds


@worker_process_init.connect
@beat_embedded_init.connect
def watch_parent(**_: Any) -> None:
    """In a pool process or the beat process of a worker: look after the parent from now on."""
    threading.Thread(target=_end_with, args=(os.getppid(),), name="watches-parent", daemon=True).start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(EVERY)
    os._exit(1)
