"""Ciphertext as it stands in a column, ``m1.<key id>.<nonce, AES-256-GCM and tag in base64>``, and in a file.

Each value is bound to its column: moved to another one it does not open. A column that people are found by begins with
the keyed hash of the value: ``<43 characters>.m1.…``. SELECT appends ``|`` and the wrapped key (`fields.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from secrets import token_bytes

from cryptography.exceptions import InvalidTag

from moirai.crypto import ring
from moirai.crypto.keys import cipher_of, meet, wrapped_key
from moirai.crypto.models import KEY_ID_LENGTH
from moirai.crypto.ring import NONCE_BYTES, UnreadableError

VERSION = "m1."
HASH_LENGTH = 43
FILE_MAGIC = b"moirai1\n"
_BODY = len(VERSION) + KEY_ID_LENGTH + 1


@dataclass(frozen=True, slots=True)
class Sealed:
    """Ciphertext on its way into a column."""

    token: str


def seal_text(text: str, *, key_id: str, about: str) -> str:
    """``about`` names the column (``students.cv.text``); the same words are needed to open."""
    nonce = token_bytes(NONCE_BYTES)
    raw = text.encode("utf-8", "surrogatepass")
    return f"{VERSION}{key_id}.{ring.encode(nonce + cipher_of(key_id).encrypt(nonce, raw, about.encode()))}"


def open_text(stored: str, *, about: str) -> str:
    """What ``seal_text`` hid; empty once the key was destroyed. Raises UnreadableError where it cannot be read."""
    token, has_key, wrapped = stored.partition("|")
    key_id, raw = _parts(token, about)
    if not has_key:
        found = wrapped_key(key_id)
        if found is None:
            raise UnreadableError(f"{about}: the key {key_id} is missing from the table of keys.")
        wrapped = found
    if not wrapped:
        return ""
    if has_key:
        meet(key_id, wrapped)
    cipher = ring.cipher(wrapped, key_id=key_id)
    try:
        return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode()).decode("utf-8", "surrogatepass")
    except InvalidTag:
        raise UnreadableError(f"{about}: a value was changed, or moved here, after it was written.") from None


def _parts(token: str, about: str) -> tuple[str, bytes]:
    if not token.startswith(VERSION) or token[_BODY - 1 : _BODY] != ".":
        raise UnreadableError(f"{about}: a value was never encrypted, or is not whole.")
    try:
        raw = ring.decode(token[_BODY:])
    except ValueError:
        raise UnreadableError(f"{about}: a value is not whole.") from None
    return token[len(VERSION) : _BODY - 1], raw


def seal_bytes(content: bytes, *, key_id: str, about: str) -> bytes:
    nonce = token_bytes(NONCE_BYTES)
    return FILE_MAGIC + key_id.encode() + nonce + cipher_of(key_id).encrypt(nonce, content, about.encode())


def open_bytes(stored: bytes, *, about: str) -> bytes:
    """What ``seal_bytes`` hid; empty once the key was destroyed. Raises UnreadableError where it cannot be read."""
    start = len(FILE_MAGIC)
    if not stored.startswith(FILE_MAGIC):
        raise UnreadableError(f"{about}: a file was never encrypted.")
    key_id = stored[start : start + KEY_ID_LENGTH].decode("ascii", "replace")
    wrapped = wrapped_key(key_id)
    if wrapped is None:
        raise UnreadableError(f"{about}: the key {key_id} is missing from the table of keys.")
    if not wrapped:
        return b""
    raw = stored[start + KEY_ID_LENGTH :]
    try:
        return ring.cipher(wrapped, key_id=key_id).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], about.encode())
    except InvalidTag:
        raise UnreadableError(f"{about}: a file was changed after it was written.") from None
