"""Sessions in the database, encrypted by the ring: steps of a sign-in and of single sign-on hold names and addresses.

They are not worth a key of their own. When a key leaves the ring, sessions from before it end.
"""

from __future__ import annotations

import json
from typing import Any

from django.contrib.sessions.backends import db

from moirai.crypto.ring import UnreadableError, unwrap, wrap

ABOUT = "sessions"


class SessionStore(db.SessionStore):
    def encode(self, session_dict: dict[str, Any]) -> str:
        return wrap(json.dumps(session_dict).encode(), key_id=ABOUT)

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        text = session_data if isinstance(session_data, str) else session_data.decode()
        if ":" in text:  # signed only, from before sessions were encrypted
            return super().decode(text)
        try:
            said: dict[str, Any] = json.loads(unwrap(text, key_id=ABOUT))
        except (UnreadableError, ValueError):
            return {}
        return said
