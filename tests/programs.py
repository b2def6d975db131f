"""Programs that use the API."""

from django.test import Client

from conftest import NOW
from moirai.api.models import Scope
from moirai.api.tokens import make_token


class Program(Client):
    """A client that sends a token and JSON."""

    def __init__(self, user, *scopes):
        _token, secret = make_token(user=user, name="x", scopes=scopes or Scope.values, days=30, now=NOW)
        super().__init__(headers={"authorization": f"Bearer {secret}"})

    def send(self, address, data, method="post", **extra):
        return getattr(self, method)(address, data, content_type="application/json", **extra)
