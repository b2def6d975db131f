"""What strangers' addresses may reach: nothing inside, nothing endless, nothing twice."""

from __future__ import annotations

import socket

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moirai.fetching import PAGES, WEBHOOKS, FailedError, Fetcher, RefusedError, is_public

INSIDE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "255.255.255.255", "240.0.0.1", "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
    "fd00:ec2::254", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:0:7f00:1::", "fec0::1", "2001:db8::1", "no",
]  # fmt: skip
OUTSIDE = ["93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"]
ODD = [
    "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "//a.example/", "a.example", "http://",
    "http:///x", "javascript:alert(1)", "data:text/html,x", "http://user:secret@a.example/", "http://user@a.example/",
    "http://a.example:22/", "http://a.example:6379/", "http://a.example:99999/", "http://a.example:x/",
    "http://a.example/\r\nX-Evil: 1", "http://a.example/ x", "http://a.example\\@b.example/", "http://[::1/",
    "http://a.example/" + "a" * 3000, "http://bücher.example/", "http://a.example/\x00", "http://2130706433/",
    "http://0177.0.0.1/", "http://0x7f.0.0.1/", "http://0x7f000001/", "http://127.1/", "http://127.0.0.01/",
    "http://134744072/", "http://8.8.8.8./x", "http://a.example.0x7f/",
]  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_inner_addresses_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_outer_addresses_are(address):
    assert is_public(address)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.ip_addresses(v=4, network="10.0.0.0/8") | st.ip_addresses(v=4, network="169.254.0.0/16"))
def test_no_dress_makes_an_inner_address_public(address):
    for dressed in (f"{address}", f"::ffff:{address}", f"::{address}", f"64:ff9b::{address}"):
        assert not is_public(dressed)


@pytest.mark.parametrize("url", ODD)
def test_odd_addresses_are_refused_before_anything_is_resolved(url):
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(f"asked for {host}")

    with pytest.raises(RefusedError):
        Fetcher(resolve=never).get(url)


@pytest.mark.parametrize("address", [*INSIDE[:-1], *(["8.8.8.8", inner] for inner in INSIDE[:4])])
def test_a_name_that_leads_inside_is_refused_and_nothing_is_opened(monkeypatch, address):
    monkeypatch.setattr(socket, "create_connection", lambda *_, **__: pytest.fail("opened a connection"))
    for fetcher in (PAGES, WEBHOOKS):
        trapped = Fetcher(
            redirects=fetcher.redirects, resolve=lambda *_: [address] if isinstance(address, str) else address
        )
        with pytest.raises(RefusedError):
            trapped.get("http://a.example/")


def test_a_name_that_nobody_knows_fails():
    def unknown(host: str, port: int) -> list[str]:
        raise socket.gaierror

    with pytest.raises(FailedError):
        Fetcher(resolve=unknown).get("http://a.example/")
