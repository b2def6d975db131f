"""The university's single sign-on by SAML, against a small provider: what it signs opens an account, nothing else does.

``make saml`` installs the library and runs this with SAML configured by the environment, as an operator does.
"""

from __future__ import annotations

import re
import zlib
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from django.urls import reverse

from moirai.accounts.models import User
from moirai.accounts.tests.factories import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db
HOST, IDP, EMAIL = "moirai.example", "https://idp.example", "ana@universidad.example"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
MAIL = "urn:oid:0.9.2342.19200300.100.1.3"
ASSERTION = """<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}a" Version="2.0"
 IssueInstant="{now}"><saml:Issuer>{issuer}</saml:Issuer><saml:Subject><saml:NameID
 Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">77</saml:NameID><saml:SubjectConfirmation
 Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="{late}" Recipient="{to}"
 InResponseTo="{asked}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="{early}"
 NotOnOrAfter="{late}"><saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>
</saml:Conditions><saml:AuthnStatement AuthnInstant="{now}" SessionIndex="{id}s"><saml:AuthnContext>
<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef>
</saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute Name="{mail}">
<saml:AttributeValue>{email}</saml:AttributeValue></saml:Attribute><saml:Attribute
 Name="urn:oid:2.16.840.1.113730.3.1.241"><saml:AttributeValue>Ana Cruz</saml:AttributeValue></saml:Attribute>
</saml:AttributeStatement></saml:Assertion>"""
RESPONSE = """<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"
 xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="{id}" Version="2.0" IssueInstant="{now}" Destination="{to}"
 InResponseTo="{asked}"><saml:Issuer>{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode
 Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>{assertion}</samlp:Response>"""


@pytest.fixture(scope="module")
def keys():
    """The provider's key with its certificate, and a thief's."""

    def pair():
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "idp")]), datetime.now(UTC)
        made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem.decode(), made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode(), key

    return pair(), pair()


@pytest.fixture
def university(client, settings, keys):
    settings.ALLOWED_HOSTS = [HOST]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    client.defaults |= {"HTTP_HOST": HOST, "HTTP_X_FORWARDED_PROTO": "https"}
    app = settings.SOCIALACCOUNT_PROVIDERS["saml"]["APPS"][0]
    kept = dict(app["settings"]["idp"])
    app["settings"]["idp"]["x509cert"] = keys[0][1]
    yield keys[0]
    app["settings"]["idp"].update(kept)


def setting_out(client):
    """Press the button; which request the provider is asked to answer."""
    page = client.get(reverse("account_login")).content.decode()
    assert reverse("saml_login", args=["universidad"]) in page
    there = client.post(reverse("saml_login", args=["universidad"]))["Location"]
    assert there.startswith(f"{IDP}/sso?")
    request = zlib.decompress(b64decode(parse_qs(urlsplit(there).query)["SAMLRequest"][0]), -15).decode()
    return re.search(r'\bID="([^"]+)"', request)[1]


def answer(keys, asked, *, signs=True, change=lambda xml: xml, **said):
    """What the provider posts, and lets the browser post."""
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    now = datetime.now(UTC)
    times = {"now": now, "early": now - timedelta(minutes=1), "late": now + timedelta(minutes=5)}
    values = {name: f"{at:%Y-%m-%dT%H:%M:%SZ}" for name, at in times.items()}
    values |= {"id": "_r1", "issuer": IDP, "asked": asked, "email": EMAIL, "mail": MAIL}
    values["to"] = f"https://{HOST}{reverse('saml_acs', args=['universidad'])}"
    values["audience"] = f"https://{HOST}{reverse('saml_metadata', args=['universidad'])}"
    values |= said
    assertion = ASSERTION.format(**values)
    if signs:
        assertion = OneLogin_Saml2_Utils.add_sign(assertion, keys[0], keys[1], sign_algorithm=RSA_SHA256)
        assertion = assertion.decode() if isinstance(assertion, bytes) else assertion
    xml = RESPONSE.format(**values, assertion=assertion.removeprefix('<?xml version="1.0"?>'))
    return {"SAMLResponse": b64encode(change(xml).encode()).decode()}


def come_back(client, form):
    to = client.post(reverse("saml_acs", args=["universidad"]), form)["Location"]
    return client.get(to)


def signed_in(client):
    return client.session.get("_auth_user_id")


def test_a_known_person_whose_address_the_university_vouches_for_is_in_once(client, university):
    user = UserFactory(email=EMAIL)
    form = answer(university, setting_out(client))
    come_back(client, form)
    assert signed_in(client) == str(user.pk)
    client.post(reverse("account_logout"))
    assert come_back(client, form).status_code in (200, 401, 403)  # the same message again
    assert signed_in(client) is None


def test_a_new_person_chooses_a_role_and_reads_the_notice(client, university):
    assert come_back(client, answer(university, setting_out(client)))["Location"] == reverse("socialaccount_signup")
    assert 'value="Ana Cruz"' in client.get(reverse("socialaccount_signup")).content.decode()
    form = {"role": "student", "full_name": "Ana Cruz", "email": EMAIL, "accepts_notice": "on"}
    client.post(reverse("socialaccount_signup"), form)
    user = User.objects.get()
    assert (user.email, user.role, user.full_name, signed_in(client)) == (EMAIL, "student", "Ana Cruz", str(user.pk))


def test_an_address_of_a_domain_that_it_does_not_vouch_for_opens_no_account(client, university):
    StaffFactory(email="ana@elsewhere.example")
    come_back(client, answer(university, setting_out(client), email="ana@elsewhere.example"))
    assert signed_in(client) is None


FORGED = {
    "unsigned": {"signs": False},
    "changed after signing": {"change": lambda xml: xml.replace(EMAIL, "eva@universidad.example")},
    "for another site": {"audience": "https://other.example/"},
    "posted to another address": {"to": "https://other.example/acs"},
    "of another provider": {"issuer": "https://other.example"},
    "too late": {"late": "2020-01-01T00:00:00Z"},
    "to a question that nobody asked": {"asked": "ONELOGIN_0"},
    "to no question": {"change": lambda xml: re.sub(r'\s*InResponseTo="[^"]*"', "", xml, count=1)},
    "with an entity": {"change": lambda xml: f'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>{xml}'},
    "cut": {"change": lambda xml: xml[:300]},
    "no XML": {"change": lambda _: "zz"},
    "wrapped": {
        "change": lambda xml: xml.replace(
            "</samlp:Status>", "</samlp:Status>" + ASSERTION.replace("{email}", "eva@universidad.example")
        )
    },
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_answer_opens_nothing(client, university, how):
    UserFactory(email=EMAIL), StaffFactory(email="eva@universidad.example")
    asked = setting_out(client)
    response = come_back(client, answer(university, **{"asked": asked} | FORGED[how]))
    assert response.status_code in (200, 302, 401, 403)
    assert signed_in(client) is None


def test_an_answer_that_a_thief_signed_or_another_browser_was_given_opens_nothing(client, university, keys):
    UserFactory(email=EMAIL)
    come_back(client, answer(keys[1], setting_out(client)))
    assert signed_in(client) is None
    form = answer(university, setting_out(client))
    stranger = type(client)(headers={"host": HOST, "x-forwarded-proto": "https"})
    assert come_back(stranger, form).status_code in (200, 401, 403)
    assert signed_in(stranger) is None


def test_who_signs_out_at_the_university_is_signed_out_here_by_a_signed_message_alone(client, university):
    UserFactory(email=EMAIL)
    come_back(client, answer(university, setting_out(client)))
    to = reverse("saml_sls", args=["universidad"])
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    xml = (
        '<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" '
        f'xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_l1" Version="2.0" IssueInstant="{now}" '
        f'Destination="https://{HOST}{to}"><saml:Issuer>{IDP}</saml:Issuer><saml:NameID>77</saml:NameID>'
        "</samlp:LogoutRequest>"
    )
    packed = b64encode(zlib.compress(xml.encode())[2:-4]).decode()
    said = f"SAMLRequest={quote(packed, safe='')}&SigAlg={quote(RSA_SHA256, safe='')}"
    forged = b64encode(b"zz" * 128).decode()
    for query in (urlencode({"SAMLRequest": packed}), f"{said}&Signature={quote(forged, safe='')}"):
        assert client.get(f"{to}?{query}").status_code == 400
    assert signed_in(client)
    signature = b64encode(university[2].sign(said.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()
    response = client.get(f"{to}?{said}&Signature={quote(signature, safe='')}")
    assert response.status_code == 302
    assert signed_in(client) is None


def test_our_metadata_say_where_answers_go(client, university):
    page = client.get(reverse("saml_metadata", args=["universidad"]))
    assert f"https://{HOST}{reverse('saml_acs', args=['universidad'])}" in page.content.decode()
    assert 'WantAssertionsSigned="true"' in page.content.decode()
