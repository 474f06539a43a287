"""Which addresses are read, each rule at its edge; what the operator may allow, and what of a name is registered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from riskboard.errors import Refused
from vendors.addresses import LARGE, LONGEST_URL, Blocked, FetchPolicy, registrable, target_of
from vendors.fetching import fetch

HOST = "status.vendor.example"
LIMITS = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")


def test_the_default_policy_is_the_one_the_limits_say():
    seconds, small, large, redirects = map(
        int, re.search(r"(\d+) s, (\d+) MiB unpacked \((\d+) for the hosts listed by name\), (\d+) redirects", LIMITS).groups()
    )  # fmt: skip
    policy = FetchPolicy()
    assert (policy.seconds, policy.max_bytes, policy.redirects) == (seconds, small * 2**20, redirects)
    assert set(LARGE.values()) == {large * 2**20}
    assert FetchPolicy(max_bytes=0).cap(HOST) == 0


@pytest.mark.parametrize(("length", "taken"), [(LONGEST_URL, True), (LONGEST_URL + 1, False)])
def test_the_longest_address_is_2000_characters(length, taken):
    assert LONGEST_URL == 2000
    url = f"https://{HOST}/".ljust(length, "a")
    if taken:
        assert len(target_of(url, FetchPolicy()).url) == length
    else:
        with pytest.raises(Blocked, match=f"{length} characters long; at most 2000"):
            target_of(url, FetchPolicy())


@pytest.mark.parametrize("char", [" ", "\x01", "\x1f", "\x7f", *'\\<>"`{}|^'], ids=repr)
def test_characters_no_address_has_are_refused_wherever_they_stand(char):
    with pytest.raises(Blocked, match="paste it again"):
        target_of(f"https://{HOST}/a{char}b", FetchPolicy())


@pytest.mark.parametrize("char", "!#~$&'()*+,;=:@%[]", ids=repr)
def test_characters_an_address_may_have_are_taken(char):
    assert target_of(f"https://{HOST}/a{char}b", FetchPolicy()).host == HOST


@pytest.mark.parametrize(
    ("url", "port", "path"),
    [
        (f"https://{HOST}", 443, "/"),
        (f"http://{HOST}/", 80, "/"),
        (f"https://{HOST}:443/a/b?c=d#e", 443, "/a/b?c=d"),
        (f"https://{HOST}?c=d", 443, "/?c=d"),
        (f"https://{HOST}./x", 443, "/x"),
    ],
)
def test_an_address_is_taken_apart(url, port, path):
    target = target_of(url, FetchPolicy())
    assert (target.host, target.port, target.path, target.allowed) == (HOST, port, path, False)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"https://{HOST}:0/", "port 0 is not read"),
        (f"https://{HOST}:80/", "port 80 is not read"),
        (f"https://{HOST}:444/", "port 444 is not read"),
        (f"ftp://{HOST}/", "only http and https"),
        ("https:///x", "names no host"),
        (f"https://user@{HOST}/", "user name or password"),
        (f"https://:word@{HOST}/", "user name or password"),
        ("https://1.1.1.1/", "numeric addresses"),
        ("https://8.8.0x8/", "numeric addresses"),
        ("https://[2606:4700::1111]/", "numeric addresses"),
        ("https://2130706433/", "numeric addresses"),
        ("https://intranet/", "inside a network"),
        ("https://a.lan/", "inside a network"),
        ("https://a.b.internal/", "inside a network"),
    ],
)
def test_a_refusal_says_which_rule_it_was(url, why):
    with pytest.raises(Blocked, match=why):
        target_of(url, FetchPolicy())


@pytest.mark.parametrize(
    ("port", "taken"), [("1", True), ("65535", True), ("0", False), ("65536", False), ("-1", False)]
)
def test_the_allow_list_takes_ports_there_are(port, taken):
    if taken:
        policy = FetchPolicy.from_env({"RISKBOARD_FETCH_ALLOW": f"Status.LAN:{port}"})
        assert policy.allow == {("status.lan", int(port))}
        assert target_of(f"http://STATUS.lan:{port}/", policy).allowed
    else:
        with pytest.raises(Refused, match="RISKBOARD_FETCH_ALLOW"):
            FetchPolicy.from_env({"RISKBOARD_FETCH_ALLOW": f"status.lan:{port}"})


@pytest.mark.parametrize(
    ("contact", "taken"),
    [
        ("!", True),
        ("~", True),
        ("x" * 200, True),
        ("x" * 201, False),
        ("a b", False),
        ("a\x7f", False),
        ("a\x80", False),
    ],
)
def test_a_contact_is_printable_and_at_most_200_characters(contact, taken):
    if taken:
        assert FetchPolicy.from_env({"RISKBOARD_FETCH_CONTACT": contact}).contact == contact
    else:
        with pytest.raises(Refused, match="RISKBOARD_FETCH_CONTACT"):
            FetchPolicy.from_env({"RISKBOARD_FETCH_CONTACT": contact})


@pytest.mark.parametrize(
    ("host", "registered"),
    [
        ("status.vendor.com", "vendor.com"),
        ("a.b.c.vendor.com.", "vendor.com"),
        ("Vendor.com", "vendor.com"),
        ("status.vendor.co.uk", "vendor.co.uk"),
        ("vendor.com.au", "vendor.com.au"),
        ("status.vendor.io", "vendor.io"),
        ("status.com.vendor", "com.vendor"),
        ("co.uk", "co.uk"),
        ("uk", "uk"),
        ("localhost", "localhost"),
    ],
)
def test_what_is_registered_of_a_name(host, registered):
    assert registrable(host) == registered


def test_an_address_bound_to_a_link_is_not_public():
    with pytest.raises(Blocked, match="private network"):
        fetch(f"https://{HOST}/", policy=FetchPolicy(), resolver=lambda host, port: ["2606:4700::1111%eth0"])


def test_a_name_without_addresses_is_told_as_such():
    with pytest.raises(Blocked, match="has no address; check the spelling"):
        fetch(f"https://{HOST}/", policy=FetchPolicy(), resolver=lambda host, port: [])
