"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth import hashers


class Argon2PasswordHasher(hashers.Argon2PasswordHasher):
    """Argon2id as strong as OWASP asks at least; Django's own values take ten times the processor and 100 MB a hash,
    so that a lecture hall that signs in at once would stand still. Hashes with other values change at a sign-in."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1
