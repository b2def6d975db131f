"""``python -m moirai.crypto.make_key`` prints a new key; with the name of a ``.env`` it writes what that file lacks."""

from __future__ import annotations

import os
import sys
from base64 import urlsafe_b64encode
from pathlib import Path
from secrets import token_bytes, token_urlsafe

SECOND_FACTOR = "# The demo lets staff in with a password alone. Take this line out before real people use the site.\n"


def new_key() -> str:
    return urlsafe_b64encode(token_bytes(32)).decode()


def complete(path: Path) -> None:
    """Write the file if there is none; to an older one add the keys it lacks, and change nothing else."""
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"# Made by make; .env.example explains every key.\nSECRET_KEY={token_urlsafe(50)}\n")
            file.write(f"{SECOND_FACTOR}REQUIRE_STAFF_SECOND_FACTOR=false\n")
    text = path.read_text(encoding="utf-8")
    there = {line.split("=")[0].strip() for line in text.splitlines()} | set(os.environ)
    missing = [name for name in ("ENCRYPTION_KEYS", "LOOKUP_KEY") if name not in there]
    if missing:
        added = "".join(f"{name}={new_key()}\n" for name in missing)
        head = "# Without these two nothing in the database can be read: keep a copy of them in another place.\n"
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{'' if text.endswith(chr(10)) else chr(10)}{head}{added}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        complete(Path(sys.argv[1]))
    else:
        print(new_key())
