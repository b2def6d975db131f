"""One beat at a time: a second one waits for the lock of the first and takes over when that has ended."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from typing import IO

from celery.beat import PersistentScheduler
from django.conf import settings

EVERY = 1.0  # seconds


class Scheduler(PersistentScheduler):
    def setup_schedule(self) -> None:
        self._turn = take_turn(Path(settings.DATA_DIR) / "beat.lock")
        super().setup_schedule()


def take_turn(path: Path) -> IO[str]:
    """Wait until no other process holds the lock; it is ours until we end, however we end."""
    lock = path.open("a")
    parent = os.getppid()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if os.getppid() != parent:  # the beat of a worker that has gone
                os._exit(1)
            time.sleep(EVERY)
        else:
            return lock
