"""The list of erased people, by the opaque ids of their keys: kept beside database and back-ups, which forget it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings

from moirai.crypto.models import KEY_ID_LENGTH, PersonKey

NAME = "erased.txt"


def note(key_ids: Iterable[str], *, at: datetime) -> None:
    """Add to the list of this installation, once what was destroyed is gone for good."""
    lines = "".join(f"{key_id} {at:%Y-%m-%d}\n" for key_id in key_ids)
    with (Path(settings.DATA_DIR) / NAME).open("a", encoding="ascii") as file:
        file.write(lines)


def read(path: Path) -> dict[str, str]:
    """Ids with their dates. A line that was cut off by a crash is passed over."""
    if not path.exists():
        return {}
    split = [line.split() for line in path.read_text(encoding="ascii", errors="replace").splitlines()]
    return {parts[0]: parts[1] for parts in split if len(parts) == 2 and len(parts[0]) == KEY_ID_LENGTH}


def known_here() -> dict[str, str]:
    """What database and DATA_DIR know; either may be newer."""
    destroyed = PersonKey.objects.filter(destroyed_at__isnull=False).values_list("pk", "destroyed_at")
    return {pk: f"{at:%Y-%m-%d}" for pk, at in destroyed if at} | read(Path(settings.DATA_DIR) / NAME)


def write(path: Path, ids: dict[str, str]) -> None:
    """In one step, so that nobody finds half a list."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text("".join(f"{key_id} {date}\n" for key_id, date in sorted(ids.items())), encoding="ascii")
    os.replace(part, path)
