"""Log lines say what went wrong, not to whom: addresses and the values of refused rows are left out."""

from __future__ import annotations

import logging
import re

ADDRESS = re.compile(r"[^\s@'\"<>(),;:=]+@[^\s@'\"<>(),;:=]+")
VALUES = re.compile(r"^(DETAIL|CONTEXT):.*$", re.MULTILINE)  # PostgreSQL quotes the row after these
LONGEST = 20_000


class Discreet(logging.Formatter):
    """The whole line as it is about to be written, traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        line = VALUES.sub(r"\1: (left out)", super().format(record)[:LONGEST])
        return ADDRESS.sub("(address)", line)
