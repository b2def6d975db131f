"""A small OpenID Connect provider on loopback, with one person in it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

SECRET = "a secret of the provider that is long enough"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def logout_token(server: Provider, **changed: Any) -> str:
    """What the provider sends when somebody signs out there; ``changed`` claims, None to leave one out."""
    now, event = int(time.time()), "http://schemas.openid.net/event/backchannel-logout"
    said = {"iss": server.url, "aud": "moirai", "iat": now, "exp": now + 60, "jti": "1", "events": {event: {}}}
    said |= {"sub": server.claims["sub"]} | changed
    key = said.pop("key", KEY)
    said = {name: value for name, value in said.items() if value is not None}
    return jwt.encode(said, key, algorithm="RS256", headers={"kid": "one"})


class Provider(ThreadingHTTPServer):
    claims: dict[str, Any]
    codes: set[str]
    asked: list[dict[str, list[str]]]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def answer(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        url = self.server.url
        if self.path == "/.well-known/openid-configuration":
            self.answer({
                "issuer": url, "authorization_endpoint": f"{url}/authorize", "token_endpoint": f"{url}/token",
                "userinfo_endpoint": f"{url}/userinfo", "jwks_uri": f"{url}/jwks",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            })  # fmt: skip
        elif self.path == "/jwks":
            key = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            self.answer({"keys": [{**key, "kid": "one", "alg": "RS256", "use": "sig"}]})
        elif self.path == "/userinfo" and self.headers.get("Authorization") == "Bearer token":
            self.answer(self.server.claims)
        else:
            self.answer({}, 404)

    def do_POST(self) -> None:
        fields = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.asked.append(fields)
        code = fields.get("code", [""])[0]
        if self.path != "/token" or code not in self.server.codes or "code_verifier" not in fields:
            return self.answer({"error": "invalid_grant"}, 400)
        self.server.codes.discard(code)
        said = {"iss": self.server.url, "aud": "moirai", "exp": int(time.time()) + 60, "iat": int(time.time())}
        token = jwt.encode(said | self.server.claims, SECRET, algorithm="HS256")
        self.answer({"access_token": "token", "token_type": "Bearer", "expires_in": 60, "id_token": token})
        return None

    def log_message(self, *_args: object) -> None:
        """Quiet."""


@contextmanager
def running(**claims: Any) -> Iterator[Provider]:
    server = Provider(("127.0.0.1", 0), Handler)
    server.claims, server.codes, server.asked = claims, {"a-code"}, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
