"""Why a file could not be read. Plain Python: the child process that parses knows no Django."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Failure(StrEnum):
    """The same values as ``CV.Failure``, which adds the words people read."""

    EMPTY = "empty"
    UNKNOWN = "unknown"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    SCANNED = "scanned"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    INFECTED = "infected"


class UnreadableError(Exception):
    """The file itself is at fault; reading it again will not help."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class ReaderCrashedError(Exception):
    """The reader died for a reason that need not be the file's: memory of the machine, a kill, a broken install."""


class Reading(NamedTuple):
    """Text of a file, its pages parted by form feeds, and how many pages those are."""

    text: str
    pages: int
