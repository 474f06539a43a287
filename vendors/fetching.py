"""The only socket: one bounded GET of a public web page.

Every address a name resolves to is checked, the connection goes to a checked address, and so does each redirect. One
deadline covers names, connecting, TLS, headers and body, however slowly they drip; bodies are capped after unpacking.
"""

from __future__ import annotations

import concurrent.futures
import contextlib
import http.client
import os
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urljoin

from riskboard.errors import Refused
from vendors.addresses import Blocked, FetchPolicy, Target, check_addresses, target_of
from vendors.sources.base import Raw

__all__ = ["Blocked", "FetchError", "FetchPolicy", "TooLarge", "TooSlow", "Unreachable", "fetch"]
USER_AGENT = "Riskboard/0.1 (reads public status pages; one request at a time)"
_CHUNK = 16_384
Resolve = Callable[[str, int], list[str]]


class FetchError(Refused):
    """The page could not be had. The facts already stored stay as they are."""


class Unreachable(FetchError):
    """The server did not answer, or not with a page. `status` is its HTTP status, None without an answer."""

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


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

    Raises Blocked, Unreachable (with the HTTP status), TooSlow or TooLarge, each one sentence. Takes at most
    `policy.seconds` of wall time and about `policy.max_bytes` of memory.
    """
    policy = policy or FetchPolicy.from_env(os.environ)
    deadline = time.monotonic() + policy.seconds
    target = target_of(url, policy)
    headers = {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close"}
    if etag:
        headers["If-None-Match"] = etag
    if last_modified:
        headers["If-Modified-Since"] = last_modified
    for _ in range(policy.redirects + 1):
        answer = _get(target, headers, policy, deadline, resolver)
        if isinstance(answer, Raw):
            return Raw(
                url=url, body=answer.body, fetched_at=answer.fetched_at, final_url=target.url, status=answer.status,
                content_type=answer.content_type,
            )  # fmt: skip
        following = target_of(urljoin(target.url, answer), policy)
        if target.scheme == "https" and following.scheme == "http":
            raise Blocked(f"{target.host} redirects from https to http; that is not followed")
        target = following
    raise Unreachable(f"{target.host} redirects more than {policy.redirects} times")


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
            if response.status not in (200, 304):
                raise Unreachable(f"{target.url} answers with HTTP {response.status}", status=response.status)
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
        content_type=response.getheader("Content-Type", "")[:200],
    )


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
    """The addresses of the name, asked for in a thread so that a stalled resolver cannot hold us."""
    pool = concurrent.futures.ThreadPoolExecutor(1)
    try:
        return pool.submit(resolver, target.host, target.port).result(timeout=_left(deadline))
    except concurrent.futures.TimeoutError as fault:
        raise TooSlow(f"the name {target.host} was not resolved within {policy.seconds:.0f} seconds") from fault
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


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
    """The decoded body, read in pieces. Raises TooLarge or TooSlow as soon as that is known."""
    encoding = response.getheader("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", ""):
        raise Unreachable(f"{target.host} answers in an encoding that was not asked for ({encoding[:20]})")
    unpack = zlib.decompressobj(wbits=31) if encoding == "gzip" else None
    parts, size = [], 0
    while piece := response.read1(_CHUNK):
        if time.monotonic() >= deadline:
            raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds; try again later")
        try:
            piece = unpack.decompress(piece, policy.max_bytes - size + 1) if unpack else piece
        except zlib.error as fault:
            raise Unreachable(f"{target.host} sends broken gzip") from fault
        size += len(piece)
        if size > policy.max_bytes or (unpack and unpack.unconsumed_tail):
            raise TooLarge(f"{target.url} is larger than {policy.max_bytes // 2**20} MiB; that is no status page")
        parts.append(piece)
    if response.length and time.monotonic() >= deadline:  # the watchdog cut it
        raise TooSlow(f"{target.host} took longer than {policy.seconds:.0f} seconds; try again later")
    if response.length:
        raise Unreachable(f"{target.host} broke off the answer; try again later")
    return b"".join(parts)


def _cut(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)


def _left(deadline: float) -> float:
    return max(0.01, deadline - time.monotonic())
