"""A limit on uploads that holds while they arrive, not after."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

OVERHEAD = 64 * 1024  # the other fields and the multipart headers of an upload form


class RefuseLargeUploads(FileUploadHandler):
    """Stop reading a request that announces or sends more than ``CV_MAX_BYTES`` and leave 413 as the answer."""

    def handle_raw_input(self, input_data: Any, META: dict[str, str], content_length: int, *args: Any) -> None:  # noqa: N803 - Django's name
        self.total = 0
        if content_length > settings.CV_MAX_BYTES + OVERHEAD:
            raise RequestDataTooBig("The upload is larger than CV_MAX_BYTES.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.total += len(raw_data)
        if self.total > settings.CV_MAX_BYTES + OVERHEAD:
            raise RequestDataTooBig("The upload is larger than CV_MAX_BYTES.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
