"""The operator's keys: the ring that wraps the keys of people, and the key of look-ups.

``ENCRYPTION_KEYS`` is the ring: the first key wraps, all unwrap. ``LOOKUP_KEY`` makes keyed hashes: it is one key, save
while it is changed; then the first writes and all find. Nothing here touches the database, so settings can read the
keys at start and refuse bad ones with a sentence.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import unicodedata
from functools import lru_cache
from secrets import token_bytes

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES = 32
NONCE_BYTES = 12
HOW = "`python -m moirai.crypto.make_key` prints a new one; docs/security.md says where to keep it"

Ring = tuple[bytes, ...]


class UnreadableError(Exception):
    """A stored value that these keys do not open: a key is missing, or somebody changed the value."""


class WrongKeyError(ImproperlyConfigured):
    """The keys of the environment are not those that the database was written with."""


def encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def read_key(name: str, text: str) -> bytes:
    """A key of 32 bytes from its base64; says which setting is wrong and what to do, never what it holds."""
    text = text.strip()
    if not text:
        raise ImproperlyConfigured(f"{name} is missing: put a key into the environment or .env; {HOW}.")
    try:
        key = base64.b64decode(text.replace("-", "+").replace("_", "/") + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ImproperlyConfigured(f"{name} is malformed: it must be the base64 of 32 bytes; {HOW}.") from None
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} holds {len(key)} bytes and must hold 32; {HOW}.")
    return key


def read_ring(texts: list[str], name: str = "ENCRYPTION_KEYS") -> Ring:
    """The keys of a setting: at least one, none twice."""
    keys = tuple(read_key(name, text) for text in texts or [""])
    if len(set(keys)) != len(keys):
        raise ImproperlyConfigured(f"{name} names a key twice: take one of them out.")
    return keys


def ring() -> Ring:
    keys: Ring = settings.ENCRYPTION_KEYS
    return keys


def lookup_keys() -> Ring:
    keys: Ring = settings.LOOKUP_KEYS
    return keys


@lru_cache(maxsize=64)
def fingerprint(key: bytes) -> str:
    """Names a key without telling it: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(key).hexdigest()[:16]


def wrap(key: bytes, *, key_id: str) -> str:
    """``key`` encrypted by the first key of the ring, and bound to ``key_id``."""
    nonce = token_bytes(NONCE_BYTES)
    return f"{fingerprint(ring()[0])}.{encode(nonce + AESGCM(ring()[0]).encrypt(nonce, key, key_id.encode()))}"


def unwrap(wrapped: str, *, key_id: str) -> bytes:
    """The key that ``wrap`` hid; raises UnreadableError where the ring lacks the key or the text was changed."""
    return _unwrap(ring(), wrapped, key_id)


def _unwrap(keys: Ring, wrapped: str, key_id: str) -> bytes:
    name, _, text = wrapped.partition(".")
    outer = next((key for key in keys if fingerprint(key) == name), None)
    if outer is None:
        raise UnreadableError(f"ENCRYPTION_KEYS lacks the key {name}, which wraps the key {key_id}: put it back.")
    raw = decode(text)
    try:
        return AESGCM(outer).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], key_id.encode())
    except InvalidTag:
        raise UnreadableError(f"The wrapped key {key_id} was changed after it was written.") from None


@lru_cache(maxsize=4096)
def _cipher(keys: Ring, wrapped: str, key_id: str) -> AESGCM:
    return AESGCM(_unwrap(keys, wrapped, key_id))


def cipher(wrapped: str, *, key_id: str) -> AESGCM:
    """The unwrapped key, ready to use. Kept by the wrapped text itself, so a destroyed key is never found by it."""
    return _cipher(ring(), wrapped, key_id)


def normalised(text: str) -> str:
    """What counts as the same when people are looked up: case, width and surrounding space do not."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def keyed_hashes(text: str, *, about: str) -> list[str]:
    """HMAC-SHA256 under each of ``LOOKUP_KEY``, 43 characters; ``about`` keeps hashes of different columns apart."""
    said = f"{about}\0{text}".encode("utf-8", "surrogatepass")
    return [encode(hmac.digest(key, said, "sha256")) for key in lookup_keys()]


def keyed_hash(text: str, *, about: str) -> str:
    """The hash that is written: that of the first key."""
    return keyed_hashes(text, about=about)[0]
