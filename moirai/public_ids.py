"""Opaque ids for addresses: nobody learns from one how many others there are."""

from __future__ import annotations

import secrets

from django.urls import register_converter

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/i/l, u: read aloud without mistakes
LENGTH = 10


def new_public_id() -> str:
    """Ten random characters of 30: 49 bits, so a unique constraint is never hit in practice."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdConverter:
    """``<public_id:name>`` in URL patterns."""

    regex = f"[{ALPHABET}]{{{LENGTH}}}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(PublicIdConverter, "public_id")
