"""Half a configuration of SAML refuses to start; ``make saml`` shows a whole one with its library."""

from __future__ import annotations

import os

import environ
import pytest
from django.core.exceptions import ImproperlyConfigured

from moirai.accounts import saml

IDP = "https://idp.example"


@pytest.mark.parametrize(
    ("given", "installed", "says"),
    [
        ({"SAML_IDP_ENTITY_ID": IDP}, None, "python3-saml is not installed"),
        ({"SAML_IDP_ENTITY_ID": IDP, "SAML_IDP_SSO_URL": IDP}, object(), "both SAML_IDP_SSO_URL and"),
    ],
)  # fmt: skip
def test_half_a_configuration_refuses_to_start(monkeypatch, given, installed, says):
    monkeypatch.setattr(saml, "find_spec", lambda _: installed)
    for name in [name for name in os.environ if name.startswith("SAML_")]:
        monkeypatch.delenv(name)
    assert saml.saml_app(environ.Env(), name="U") is None
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=says):
        saml.saml_app(environ.Env(), name="U")
