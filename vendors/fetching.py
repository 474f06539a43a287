"""The only socket: one bounded GET of a public web page.

Every address a name resolves to is checked, the connection goes to a checked address, and so does each redirect. One
deadline covers names, connecting, TLS, headers and body, however slowly they drip; bodies are capped after unpacking.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urljoin

from riskboard.errors import Refused
from vendors.addresses import Blocked, FetchPolicy, Target, check_addresses, target_of
from vendors.sources.base import Raw

__all__ = [
    "Blocked", "FetchError", "FetchPolicy", "HostSeen", "NotAPage", "TooLarge", "TooSlow", "TryLater", "Unreachable",
    "fetch", "look_at_host", "post",
]  # fmt: skip
USER_AGENT = "Riskboard/0.1 (reads public status pages; one request at a time"
LONGEST_WAIT = timedelta(days=1)  # docs/limits.md: a Retry-After beyond it is read as this
_CHUNK = 16_384
_NO_PAGE = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/x-", "multipart/")
_MAGIC = (
    b"PK\x03\x04",
    b"%PDF",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
    b"BZh",
    b"Rar!",
    b"7z\xbc",
)
Resolve = Callable[[str, int], list[str]]


class FetchError(Refused):
    """The page could not be had. The facts already stored stay as they are."""


class Unreachable(FetchError):
    """The server did not answer, or not with a page. `status` is its HTTP status, None without an answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class TryLater(Unreachable):
    """The server asks to be left alone for a while (429 or 503). `wait` is how long, None where it does not say."""

    def __init__(self, message: str, *, status: int, wait: timedelta | None) -> None:
        super().__init__(message, status=status)
        self.wait = wait


class NotAPage(FetchError):
    """What came is no text that a status page serves: a picture, an archive, a program."""


class TooSlow(FetchError):
    """The deadline passed."""


class TooLarge(FetchError):
    """More bytes than are read."""


def resolve(host: str, port: int) -> list[str]:
    """Every address of the name, IPv4 and IPv6. Raises Unreachable."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as fault:
        raise Unreachable(f"{host} has no address; check the spelling") from fault
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def fetch(
    url: str,
    *,
    policy: FetchPolicy | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    resolver: Resolve = resolve,
) -> Raw:
    """The answer to one GET (200, or 304 when a validator was given and nothing changed), redirects followed.

    Raises Blocked, Unreachable (with the HTTP status; TryLater where it asks to wait), TooSlow, TooLarge or NotAPage, each
    one sentence. Takes at most `policy.seconds` of wall time and about `policy.cap(host)` of memory. No proxy, cookie or
    credential of the environment is used.
    """
    policy = policy or FetchPolicy.from_env(os.environ)
    deadline = time.monotonic() + policy.seconds
    target = target_of(url, policy)
    headers = {"User-Agent": _user_agent(policy), "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    for _ in range(policy.redirects + 1):
        answer = _get(target, headers, policy, deadline, resolver)
        if isinstance(answer, Raw):
            return Raw(
                url=url, body=answer.body, fetched_at=answer.fetched_at, final_url=target.url, status=answer.status,
                content_type=answer.content_type, etag=answer.etag, last_modified=answer.last_modified,
            )  # fmt: skip
        following = target_of(urljoin(target.url, answer), policy)
        if target.scheme == "https" and following.scheme == "http":
            raise Blocked(f"{target.host} redirects from https to http; that is not followed")
        target = following
    raise Unreachable(f"{target.host} redirects more than {policy.redirects} times")


def post(
    url: str,
    body: bytes,
    *,
    headers: Mapping[str, str],
    policy: FetchPolicy | None = None,
    resolver: Resolve = resolve,
) -> int:
    """The HTTP status of one POST of JSON, to a checked address as `fetch`; redirects are not followed, what is answered is not read.

    Raises as `fetch` does where there is no answer. https only, but for addresses the operator listed.
    """
    policy = policy or FetchPolicy.from_env(os.environ)
    deadline = time.monotonic() + policy.seconds
    target = target_of(url, policy)
    if target.scheme != "https" and not target.allowed:
        raise Blocked("this goes to https addresses only")
    sent = {"User-Agent": _user_agent(policy), "Content-Type": "application/json", "Connection": "close", **headers}
    with _connected(target, policy, deadline, resolver) as connection:
        try:
            connection.request("POST", target.path, body=body, headers=sent)
            return connection.getresponse().status
        except (TimeoutError, http.client.HTTPException, OSError, ValueError) as fault:
            if time.monotonic() >= deadline:
                raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds to answer") from fault
            raise Unreachable(f"{target.host} broke off ({type(fault).__name__}) before it answered") from fault


def _get(target: Target, headers: dict[str, str], policy: FetchPolicy, deadline: float, resolver: Resolve) -> Raw | str:
    """One request: the answer, or where it redirects to."""
    with _connected(target, policy, deadline, resolver) as connection:
        try:
            connection.request("GET", target.path, headers=headers)
            response = connection.getresponse()
            if response.status in (301, 302, 303, 307, 308):
                location = response.getheader("Location")
                if not location:
                    raise Unreachable(f"{target.host} redirects without saying where", status=response.status)
                return location
            if response.status in (429, 503):
                wait = _wait_asked(response.getheader("Retry-After"))
                raise TryLater(
                    f"{target.host} asks to come back later (HTTP {response.status})", status=response.status, wait=wait
                )
            if response.status not in (200, 304):
                raise Unreachable(f"{target.url} answers with HTTP {response.status}", status=response.status)
            kind = response.getheader("Content-Type", "")[:200]
            if kind.lower().startswith(_NO_PAGE):
                raise NotAPage(f"{target.url} is {kind.partition(';')[0]}, which no status page is")
            body = b"" if response.status == 304 else _body(response, target, policy, deadline)
        except (TimeoutError, http.client.HTTPException, OSError, ValueError) as fault:
            if time.monotonic() >= deadline:
                raise TooSlow(
                    f"{target.host} took longer than {policy.seconds:.0f} seconds; try again later"
                ) from fault
            raise Unreachable(
                f"{target.host} broke off the answer ({type(fault).__name__}); try again later"
            ) from fault
    return Raw(
        url=target.url,
        body=body,
        fetched_at=datetime.now(UTC).replace(microsecond=0),
        status=response.status,
        content_type=kind,
        etag=_header(response, "ETag"),
        last_modified=_header(response, "Last-Modified"),
    )


def _header(response: http.client.HTTPResponse, name: str) -> str:
    """The validator, if it can be sent back as it is; else ""."""
    value = (response.getheader(name) or "").strip()
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""


def _wait_asked(text: str | None) -> timedelta | None:
    """How long a Retry-After asks to wait (seconds or a date), at most LONGEST_WAIT; None for none that can be read."""
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    if until.tzinfo is None:
        return None
    return min(max(until - datetime.now(UTC), timedelta(0)), LONGEST_WAIT)


def _user_agent(policy: FetchPolicy) -> str:
    return f"{USER_AGENT}; {policy.contact})" if policy.contact else f"{USER_AGENT})"


@contextlib.contextmanager
def _connected(
    target: Target, policy: FetchPolicy, deadline: float, resolver: Resolve
) -> Iterator[http.client.HTTPConnection]:
    """A connection to a checked address, cut by a watchdog at the deadline whatever it is doing then."""
    addresses = check_addresses(target, _resolved(target, deadline, policy, resolver))
    connection = http.client.HTTPConnection(target.host, target.port, timeout=_left(deadline))
    line: socket.socket | None = None
    watchdog = None
    try:
        line = _dial(addresses, target, deadline, policy)
        watchdog = threading.Timer(_left(deadline), _cut, (line,))
        watchdog.daemon = True
        watchdog.start()
        if target.scheme == "https":
            line = _secured(line, target, deadline, policy)
            watchdog.cancel()
            watchdog = threading.Timer(_left(deadline), _cut, (line,))
            watchdog.daemon = True
            watchdog.start()
        connection.sock = line
        yield connection
    finally:
        if watchdog is not None:
            watchdog.cancel()
        connection.close()
        if line is not None:
            line.close()


def _resolved(target: Target, deadline: float, policy: FetchPolicy, resolver: Resolve) -> list[str]:
    """The addresses of the name, asked for in a thread of its own: a stalled resolver holds neither us nor our end."""
    outcome: list[list[str] | BaseException] = []

    def ask() -> None:
        try:
            outcome.append(resolver(target.host, target.port))
        except BaseException as fault:  # raised again below, in the thread that asked
            outcome.append(fault)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(_left(deadline))
    if not outcome:
        raise TooSlow(f"the name {target.host} was not resolved within {policy.seconds:.0f} seconds")
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def _dial(addresses: list[str], target: Target, deadline: float, policy: FetchPolicy) -> socket.socket:
    for address in addresses:
        try:
            return socket.create_connection((address, target.port), timeout=_left(deadline))
        except OSError:
            if time.monotonic() >= deadline:
                raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds to connect") from None
    raise Unreachable(f"{target.host} refuses connections or is down; try again later")


def _secured(line: socket.socket, target: Target, deadline: float, policy: FetchPolicy) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(line, server_hostname=target.host)
    except ssl.SSLCertVerificationError as fault:
        raise Unreachable(f"the certificate of {target.host} is not valid ({fault.verify_message})") from fault
    except (ssl.SSLError, OSError) as fault:
        if time.monotonic() >= deadline:
            raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds to set up TLS") from fault
        raise Unreachable(f"{target.host} does not speak TLS as it should; try again later") from fault


def _body(response: http.client.HTTPResponse, target: Target, policy: FetchPolicy, deadline: float) -> bytes:
    """The decoded body, read in pieces. Raises TooLarge, TooSlow or NotAPage as soon as that is known."""
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Unreachable(f"{target.host} answers in an encoding that was not asked for ({encoding[:20]})")
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    parts, size, cap = [], 0, policy.cap(target.host)
    while piece := response.read1(_CHUNK):
        if time.monotonic() >= deadline:
            raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds; try again later")
        try:
            piece = unpack.decompress(piece, cap - size + 1) if unpack else piece
        except zlib.error as fault:
            raise Unreachable(f"{target.host} sends broken gzip") from fault
        size += len(piece)
        if size > cap or (unpack and unpack.unconsumed_tail):
            raise TooLarge(f"{target.url} is larger than {cap // 2**20} MiB; that is no status page")
        if not parts and piece.startswith(_MAGIC):
            raise NotAPage(f"{target.url} is a file of another kind, not a page or its data")
        parts.append(piece)
    if response.length and time.monotonic() >= deadline:  # the watchdog cut it
        raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds; try again later")
    if response.length:
        raise Unreachable(f"{target.host} broke off the answer; try again later")
    if unpack is not None and not unpack.eof and size:
        raise Unreachable(f"{target.host} broke off the answer in its compressed part; try again later")
    return b"".join(parts)


@dataclass(frozen=True, slots=True)
class HostSeen:
    """What name service and certificate tell of a host: how it is reached, and by whom its certificate was issued.

    `canonical` is the name behind any aliases, "" if the resolver gives none; `issuer` and `alt_names` are empty where no
    certificate could be had.
    """

    host: str
    addresses: tuple[str, ...]
    canonical: str = ""
    issuer: str = ""
    alt_names: tuple[str, ...] = ()


def look_at_host(host: str, *, policy: FetchPolicy | None = None, resolver: Resolve = resolve) -> HostSeen:
    """Where the host leads and what its certificate says. Raises as `fetch` does; nothing is requested of the host."""
    policy = policy or FetchPolicy.from_env(os.environ)
    deadline = time.monotonic() + policy.seconds
    target = target_of(f"https://{host}/", policy)
    addresses = check_addresses(target, _resolved(target, deadline, policy, resolver))
    names = _resolved(target, deadline, policy, _aliases) if resolver is resolve else []
    seen = HostSeen(host=target.host, addresses=tuple(sorted(addresses)), canonical=names[0] if names else "")
    try:
        with _connected(target, policy, deadline, lambda name, port: addresses) as connection:
            certificate: dict[str, Any] = connection.sock.getpeercert() or {}
    except FetchError:
        return seen
    issuer = {key: value for part in certificate.get("issuer", ()) for key, value in part}
    alternatives = tuple(sorted(value for kind, value in certificate.get("subjectAltName", ()) if kind == "DNS"))[:100]
    return HostSeen(seen.host, seen.addresses, seen.canonical, issuer.get("organizationName", ""), alternatives)


def _aliases(host: str, port: int) -> list[str]:
    """The name at the end of the aliases; [] where the resolver gives none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
    except (OSError, UnicodeError):
        return []
    return [str(entry[3]).rstrip(".") for entry in found if entry[3]]


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())
