"""Everything held about a person, in one zip: a JSON file and the files themselves."""

from __future__ import annotations

import io
import json
import zipfile

from django.core.serializers.json import DjangoJSONEncoder

from moirai.accounts.models import User
from moirai.privacy.registry import holdings


def everything(user: User) -> bytes:
    """The zip, in memory: a person holds some megabytes at most."""
    data = {holding.name: holding.export(user) for holding in holdings()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2))
        for holding in holdings():
            for name, content in holding.files(user):
                archive.writestr(f"files/{name}", content)
    return out.getvalue()
