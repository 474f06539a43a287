"""Which addresses the fetcher may reach. Pure: strings and addresses in, a verdict out."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from riskboard.errors import Refused

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LONGEST_URL = 2000
MIB = 1024 * 1024
# Documents known to be larger than any status page should be: host -> bytes. Named one by one, so that no other may be.
LARGE = {
    "api.status.salesforce.com": 25 * MIB,  # one list of 1,500 instances
    "azure.status.microsoft": 25 * MIB,  # the matrix of services and regions: 6.9 MB
    "status.cloud.google.com": 25 * MIB,  # every incident the feed still holds: 9 MB in 2024
    "www.google.com": 25 * MIB,  # the Workspace dashboard, the same format
    "ocistatus.oraclecloud.com": 25 * MIB,  # 1,100 components with their regions
}
_PORTS = {"http": 80, "https": 443}
# Ranges that `is_global` lets pass though they lead inside or embed an inner IPv4 address; quality survey, M10.
_EXTRA = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96", "::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "192.88.99.0/24",
        "100.64.0.0/10", "fec0::/10", "::ffff:0:0/96",
    )
)  # fmt: skip


class Blocked(Refused):
    """The address may not be asked for."""


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """What the operator allows beyond public web servers, and what one answer may cost. Never anything a user can set.

    `allow` holds exact "host:port" pairs; `seconds` is wall time for all of one fetch; `max_bytes` the unpacked body, more
    for the hosts in LARGE; `contact` is an address or mailbox that the User-Agent names, "" for none.
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    seconds: float = 15.0
    max_bytes: int = 5 * MIB
    redirects: int = 3
    contact: str = ""

    def cap(self, host: str) -> int:
        """The most unpacked bytes read from that host."""
        return max(self.max_bytes, LARGE.get(host.lower(), 0))

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> FetchPolicy:
        """The policy of RISKBOARD_FETCH_ALLOW ("127.0.0.1:8765,status.lan:443") and RISKBOARD_FETCH_CONTACT.

        Raises Refused for a malformed entry.
        """
        allowed = set()
        for entry in filter(None, (part.strip() for part in environ.get("RISKBOARD_FETCH_ALLOW", "").split(","))):
            host, _, port = entry.rpartition(":")
            if not host or not port.isdigit() or not 0 < int(port) < 65536:
                raise Refused(f"RISKBOARD_FETCH_ALLOW holds {entry!r}; write host:port, like 127.0.0.1:8765")
            allowed.add((host.strip("[]").lower(), int(port)))
        contact = environ.get("RISKBOARD_FETCH_CONTACT", "").strip()
        if any(not 32 < ord(char) < 127 for char in contact) or len(contact) > 200:
            raise Refused(
                "RISKBOARD_FETCH_CONTACT goes into a header: write one web address or mailbox, without blanks"
            )
        return cls(allow=frozenset(allowed), contact=contact)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked web address: where to connect, and what to ask for. `allowed`: the operator listed it."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    allowed: bool


def target_of(url: str, policy: FetchPolicy) -> Target:
    """The address, checked in everything but what its name resolves to. Raises Blocked with one sentence."""
    if len(url) > LONGEST_URL:
        raise Blocked(f"the address is {len(url)} characters long; at most {LONGEST_URL} are read")
    if any(ord(char) <= 32 or ord(char) == 127 or char in '\\<>"`{}|^' for char in url):
        raise Blocked("the address holds blanks or characters that no web address has; paste it again")
    try:
        parts = urlsplit(url)
        given = parts.port
        host = parts.hostname.rstrip(".").encode("idna").decode("ascii") if parts.hostname else ""
    except (ValueError, UnicodeError) as fault:
        raise Blocked(f"this is no web address ({fault}); it should look like https://status.example.com") from fault
    if parts.scheme not in _PORTS:
        raise Blocked("only http and https addresses are read; it should look like https://status.example.com")
    if not host:
        raise Blocked("the address names no host; it should look like https://status.example.com")
    if parts.username is not None or parts.password is not None:
        raise Blocked("the address carries a user name or password; leave that out")
    port = _PORTS[parts.scheme] if given is None else given
    allowed = (host.lower(), port) in policy.allow
    if not allowed:
        _check_public(parts, host, port)
    path = parts.path or "/"
    return Target(url, parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path, allowed)


def _check_public(parts: SplitResult, host: str, port: int) -> None:
    if port != _PORTS[parts.scheme]:
        raise Blocked(
            f"port {port} is not read; status pages use the usual one (or list {host}:{port} in RISKBOARD_FETCH_ALLOW)"
        )
    last = host.rpartition(".")[2]
    if ":" in host or last.isdigit() or last.startswith("0x") or not last:
        raise Blocked(
            "numeric addresses are not read; use the page's name (or the operator lists it in RISKBOARD_FETCH_ALLOW)"
        )
    if "." not in host or last in (
        "local",
        "localhost",
        "internal",
        "lan",
        "home",
        "corp",
        "intranet",
        "onion",
        "test",
        "invalid",
    ):
        raise Blocked(f"{host} is a name inside a network; only public status pages are read")


def is_public(address: Address) -> bool:
    """Whether an address belongs to the public internet, IPv4 embedded in IPv6 included."""
    if any(address.version == net.version and address in net for net in _EXTRA):
        return False
    inner = getattr(address, "scope_id", None)
    return address.is_global and not (address.is_reserved or address.is_multicast or inner)


def check_addresses(target: Target, addresses: list[str]) -> list[str]:
    """The addresses if every one may be reached; one bad address refuses them all. Raises Blocked."""
    if not addresses:
        raise Blocked(f"{target.host} has no address; check the spelling")
    if not target.allowed:
        for text in addresses:
            if not is_public(ipaddress.ip_address(text)):
                raise Blocked(f"{target.host} leads into a private network; only public status pages are read")
    return addresses


_SECOND_LEVEL = frozenset({"co", "com", "org", "net", "gov", "ac", "edu"})


def registrable(host: str) -> str:
    """The part of a host name that is registered, by the usual shape of names ("a.b.co.uk" is "b.co.uk")."""
    labels = host.lower().rstrip(".").split(".")
    short = len(labels[-1]) == 2 and _SECOND_LEVEL.issuperset(labels[-2:-1])
    return ".".join(labels[-3:] if short else labels[-2:])
