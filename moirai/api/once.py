"""A request that is sent again under the same ``Idempotency-Key`` is answered again, and carried out once."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from moirai.api.models import Answer, Token
from moirai.api.problems import Conflict, OtherRequest
from moirai.crypto.ring import keyed_hash

HEADER = "Idempotency-Key"
LONGEST = 255
KEPT = timedelta(hours=24)
LEASE = timedelta(minutes=2)  # a request that has been answered for this long was cut off


class AnsweredError(Exception):
    """The request was carried out before; ``response`` is what it was answered then."""

    def __init__(self, row: Answer) -> None:
        super().__init__(row.pk)
        self.response = Response(row.body or None, status=row.status)


def begin(request: Request, *, now: datetime) -> Answer | None:
    """Take the key, if the request has one. Only one request at a time holds it: the constraint says so."""
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST" or not isinstance(request.auth, Token):
        return None
    if not 0 < len(key) <= LONGEST or not key.isprintable():
        raise ParseError(_("An Idempotency-Key has from 1 to 255 printable characters."))
    mine = {"token": request.auth, "key_hash": keyed_hash(key, about=f"api.key {request.auth.pk}")}
    known = Answer.objects.filter(**mine)
    known.filter(created_at__lte=now - KEPT).delete()
    known.filter(created_at__lte=now - LEASE, status=None).delete()
    said = keyed_hash(_said(request), about=f"api.request {request.auth.pk}")
    row, is_new = Answer.objects.get_or_create(**mine, defaults={"request_hash": said, "created_at": now})
    if is_new:
        return row
    if row.request_hash != said:
        raise OtherRequest(_("This Idempotency-Key was used for another request."))
    if row.status is None:
        raise Conflict(_("The same request is being answered. Ask again in a moment."), code="in_flight")
    raise AnsweredError(row)


def end(row: Answer, response: Response) -> None:
    """Keep what was done; what was refused may be put right and sent again under the same key."""
    if response.status_code >= 300:
        row.delete()
        return
    row.status, row.body = response.status_code, json.loads(JSONRenderer().render(response.data) or "{}")
    row.save(update_fields=["status", "body"])


def _said(request: Request) -> str:
    """The request in one line, however its body was written; of a file, its content."""
    data: Any = request.data
    parts = dict(data.lists()) if isinstance(data, QueryDict) else data
    return json.dumps([request.path, parts], sort_keys=True, default=_digest)


def _digest(file: UploadedFile) -> str:
    whole = hashlib.sha256()
    for chunk in file.chunks():
        whole.update(chunk)
    file.seek(0)
    return whole.hexdigest()
