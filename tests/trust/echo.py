"""The site, and beside it one address that says what reached the program through the proxy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from moirai.wsgi import application as site


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] != "/echo":
        return site(environ, start_response)
    size = 0
    while chunk := environ["wsgi.input"].read(65536):
        size += len(chunk)
    start_response("200 OK", [("Content-Type", "application/json")])
    headers = {name: value for name, value in environ.items() if name.startswith(("HTTP_", "REMOTE_", "wsgi.url"))}
    return [json.dumps(headers | {"size": size}).encode()]
