"""The broker of the embedded way to run: kombu's files, written so that nobody reads half of one.

Kombu opens a file and then writes it; a worker that looks in between reads nothing and ends with "Unrecoverable error".
Here each file appears under its name with its whole content, or not at all.
"""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path
from typing import Any

from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"  # kombu reads in the order of names
        _appear(Path(self.data_folder_out) / name, payload)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        bound = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        queues = self.get_table(exchange)
        if bound not in queues:
            _appear(self._exchange_file(exchange), [bound, *queues])


class Transport(filesystem.Transport):
    Channel = Channel


def _appear(path: Path, content: Any) -> None:
    """Write ``content`` as JSON to ``path`` in one step."""
    part = path.parent / f".{uuid.uuid4()}.part"
    part.write_bytes(str_to_bytes(dumps(content)))
    os.replace(part, path)


def install() -> None:
    """Let ``filesystem://`` mean this transport."""
    TRANSPORT_ALIASES["filesystem"] = "moirai.broker:Transport"
