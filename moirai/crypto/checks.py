"""At start: are the keys of the environment those of the database?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from moirai.crypto.known import refuse_wrong_keys


@checks.register(checks.Tags.database)
def check_keys(app_configs: Any = None, databases: Sequence[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """What ``migrate`` and ``check --database default`` say; web server and worker refuse to start by themselves."""
    try:
        if databases:
            refuse_wrong_keys()
    except ImproperlyConfigured as error:
        return [checks.Error(str(error), id="moirai.E002")]
    return []
