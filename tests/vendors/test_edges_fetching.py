"""The fetcher to the point: each limit at its edge, each header, TLS, threads, and how turns at a host are counted."""

from __future__ import annotations

import gzip
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from tests.tls import certificate, secured
from tests.vendors.test_fetching import allow, answer, serve
from vendors import fetching
from vendors.addresses import MIB, Blocked, FetchPolicy
from vendors.fetching import NotAPage, TooLarge, TooSlow, TryLater, Unreachable, fetch, look_at_host, post, resolve

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOST = "status.vendor.example"
LIMITS = (Path(__file__).parents[2] / "docs" / "limits.md").read_text(encoding="utf-8")


# One request


@contextmanager
def recording(*answers: bytes) -> Iterator[tuple[int, list[str]]]:
    """A server that answers in turn; the port, and the requests that came."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def work() -> None:
            for data in answers:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    asked.append(_request(line))
                    line.sendall(data)

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        yield listener.getsockname()[1], asked
        thread.join(5)


def _request(line: socket.socket) -> str:
    """One request, with the body it says it has."""
    line.settimeout(5)
    head, _, body = _until(line, "", lambda got: "\r\n\r\n" in got).partition("\r\n\r\n")
    length = int(headers_of(head).get("Content-Length", 0))
    return f"{head}\r\n\r\n{_until(line, body, lambda got: len(got) >= length)}"


def _until(line: socket.socket, got: str, enough: Callable[[str], bool]) -> str:
    while not enough(got) and (piece := line.recv(65536)):
        got += piece.decode("latin-1")
    return got


def headers_of(request: str) -> dict[str, str]:
    head = request.partition("\r\n\r\n")[0]
    return dict(line.split(": ", 1) for line in head.split("\r\n")[1:])


def test_validators_are_sent_where_there_are_any_and_nothing_else_is():
    with recording(answer(b"{}"), answer(b"{}"), answer(b"{}")) as (port, asked):
        for options in ({}, {"etag": '"1"'}, {"last_modified": "Mon, 01 Jan 2024 00:00:00 GMT"}):
            fetch(f"http://127.0.0.1:{port}/a?b=c", policy=allow(port), **options)
    always = {
        "Host": f"127.0.0.1:{port}",
        "User-Agent": "Riskboard/0.1 (reads public status pages; one request at a time)",
        "Accept": "*/*", "Accept-Encoding": "gzip", "Connection": "close",
    }  # fmt: skip
    assert [request.split("\r\n")[0] for request in asked] == ["GET /a?b=c HTTP/1.1"] * 3
    assert [headers_of(request) for request in asked] == [
        always,
        always | {"If-None-Match": '"1"'},
        always | {"If-Modified-Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
    ]


def test_without_a_policy_the_environment_gives_it(monkeypatch):
    with recording(answer(b"{}"), answer(b"", status="202 Accepted")) as (port, asked):
        monkeypatch.setenv("RISKBOARD_FETCH_ALLOW", f"127.0.0.1:{port}")
        monkeypatch.setenv("RISKBOARD_FETCH_CONTACT", "ops@example.org")
        assert fetch(f"http://127.0.0.1:{port}/").body == b"{}"
        assert post(f"http://127.0.0.1:{port}/", b"{}", headers={}) == 202
    assert all(headers_of(request)["User-Agent"].endswith("; ops@example.org)") for request in asked)


def test_the_time_of_an_answer_is_a_whole_second_and_its_own_address_is_kept():
    with recording(answer(b"", status="307 Moved", Location="/b"), answer(b"{}", Content_Type="x" * 300)) as (port, _):
        raw = fetch(f"http://127.0.0.1:{port}/a", policy=allow(port))
    assert raw.fetched_at.microsecond == 0
    assert abs(raw.fetched_at - datetime.now(UTC)) < timedelta(seconds=10)
    assert (raw.url, raw.final_url) == (f"http://127.0.0.1:{port}/a", f"http://127.0.0.1:{port}/b")
    assert raw.content_type == "x" * 200


@pytest.mark.parametrize(
    ("tag", "kept"),
    [("x" * 200, True), ("x" * 201, False), ("caf\xe9", False), ("a\tb", False), ("", False), ("  x  ", True)],
)
def test_a_validator_that_could_not_be_sent_back_is_dropped(tag, kept):
    data = answer(b"{}").replace(b"\r\n\r\n", b"\r\nETag: " + tag.encode("latin-1") + b"\r\n\r\n", 1)
    with serve(data) as port:
        assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).etag == (tag.strip() if kept else "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_redirect_is_followed_and_one_that_leads_nowhere_is_told(status):
    with serve(answer(b"", status=f"{status} Moved", Location="/b"), answer(b"there")) as port:
        assert fetch(f"http://127.0.0.1:{port}/a", policy=allow(port)).body == b"there"
    with (
        serve(answer(b"", status=f"{status} Moved")) as port,
        pytest.raises(Unreachable, match="without saying where") as told,
    ):
        fetch(f"http://127.0.0.1:{port}/a", policy=allow(port))
    assert told.value.status == status


@pytest.mark.parametrize("status", [300, 304, 305, 306, 309])
def test_what_is_no_redirect_is_not_followed(status):
    moved = answer(b"", status=f"{status} Odd", Location="/b")
    with recording(moved) as (port, asked):
        if status == 304:
            assert fetch(f"http://127.0.0.1:{port}/a", policy=allow(port)).body == b""
        else:
            with pytest.raises(Unreachable, match=f"HTTP {status}"):
                fetch(f"http://127.0.0.1:{port}/a", policy=allow(port))
    assert len(asked) == 1


@pytest.mark.parametrize(("redirects", "read"), [(3, True), (4, False)])
def test_three_redirects_are_followed_and_a_fourth_is_not(redirects, read):
    moved = [answer(b"", status="302 Found", Location=f"/{n}") for n in range(redirects)]
    with serve(*moved, answer(b"there")) as port:
        if read:
            assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body == b"there"
        else:
            with pytest.raises(Unreachable, match="redirects more than 3 times"):
                fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


@pytest.mark.parametrize("status", [200, 201, 203, 204, 206, 400, 428, 430, 502, 504])
def test_only_200_is_read(status):
    with serve(answer(b"x" if status == 200 else b"", status=f"{status} So")) as port:
        if status == 200:
            assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body == b"x"
        else:
            with pytest.raises(Unreachable, match=f"answers with HTTP {status}") as told:
                fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
            assert not isinstance(told.value, TryLater)


@pytest.mark.parametrize("text", ["\xb2", "Fri, 01 Jan 2100 00:00:00 -0000"])
def test_a_wish_to_wait_that_is_no_number_and_no_moment_is_none(text):
    data = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nRetry-After: " + text.encode("latin-1") + b"\r\n\r\n"
    with serve(data) as port, pytest.raises(TryLater) as told:
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
    assert told.value.wait is None


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize(("size", "read"), [(MIB - 1, True), (MIB, True), (MIB + 1, False), (3 * MIB, False)])
def test_a_body_of_exactly_the_cap_is_read_and_one_byte_more_is_not(packed, size, read):
    body = b"a" * size
    data = answer(gzip.compress(body), Content_Encoding="gzip") if packed else answer(body)
    with serve(data) as port:
        if read:
            assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port, max_bytes=MIB)).body == body
        else:
            with pytest.raises(TooLarge, match="is larger than 1 MiB"):
                fetch(f"http://127.0.0.1:{port}/", policy=allow(port, max_bytes=MIB))


def test_an_empty_body_is_an_answer_packed_or_not():
    for headers in ({}, {"Content_Encoding": "gzip"}, {"Content_Encoding": " GZIP "}, {"Content_Encoding": "identity"}):
        with serve(answer(b"", **headers)) as port:
            assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body == b""


def test_a_strange_encoding_is_named_in_twenty_letters():
    strange = answer(b"x", Content_Encoding="abcdefghijklmnopqrstuvwxyz")
    with serve(strange) as port, pytest.raises(Unreachable, match=r"\(abcdefghijklmnopqrst\)"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_broken_gzip_is_told_as_such():
    with (
        serve(answer(b"not packed at all", Content_Encoding="gzip")) as port,
        pytest.raises(Unreachable, match="broken gzip"),
    ):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_a_kind_that_is_no_page_is_named_without_its_parameters():
    picture = answer(b"x", Content_Type="Image/PNG; a=b")
    with serve(picture) as port, pytest.raises(NotAPage, match="is Image/PNG, which no status page is"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


@pytest.mark.parametrize("data", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"])
def test_a_server_that_hangs_up_is_unreachable_and_not_slow(data):
    with serve(data) as port, pytest.raises(Unreachable, match="broke off the answer"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_no_thread_outlives_a_request_and_none_holds_the_process():
    threads: list[threading.Thread] = []

    def named(host: str, port: int) -> list[str]:
        threads.append(threading.current_thread())
        return ["127.0.0.1"]

    with serve(answer(b"x" * 40), drip=0.01) as port:
        policy = allow(port)
        before = set(threading.enumerate())
        reader = threading.Thread(target=lambda: fetch(f"http://127.0.0.1:{port}/", policy=policy, resolver=named))
        reader.start()
        while reader.is_alive():
            threads += [one for one in threading.enumerate() if one not in before and one is not reader]
            time.sleep(0.01)
        reader.join()
    watchdogs = [one for one in threads if isinstance(one, threading.Timer)]
    assert watchdogs, "no watchdog was seen while the answer came"
    assert all(one.daemon for one in threads)
    for one in set(threads):
        one.join(1)
    assert not [one for one in threads if one.is_alive()]


def test_a_deadline_that_has_passed_leaves_a_hundredth_of_a_second():
    assert fetching._left(time.monotonic() - 5) == 0.01
    assert 4 < fetching._left(time.monotonic() + 5) <= 5


def test_a_name_has_each_of_its_addresses_once(monkeypatch):
    def found(host, port, **options):
        assert (host, port, options["type"]) == (HOST, 443, socket.SOCK_STREAM)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, ("192.0.2.1", 443)), (*kind, ("192.0.2.1", 443)), (*kind, ("2001:db8::1", 443, 0, 0))]

    monkeypatch.setattr(fetching.socket, "getaddrinfo", found)
    assert resolve(HOST, 443) == ["192.0.2.1", "2001:db8::1"]


def test_a_resolver_that_fails_is_told_in_the_thread_that_asked(monkeypatch):
    def fails(*args, **options):
        raise OSError("no such name")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", fails)
    with pytest.raises(Unreachable, match=f"{HOST} has no address"):
        fetch(f"https://{HOST}/", policy=FetchPolicy())


# What is sent: one POST


def test_a_post_says_what_it_carries_and_follows_nothing():
    moved = answer(b"", status="302 Found", Location="/elsewhere")
    with recording(moved) as (port, asked):
        status = post(f"http://127.0.0.1:{port}/hook", b'{"a": 1}', headers={"X-Signature": "s"}, policy=allow(port))
    assert status == 302
    head, _, body = asked[0].partition("\r\n\r\n")
    assert body == '{"a": 1}'
    assert head.startswith("POST /hook HTTP/1.1")
    sent = headers_of(head)
    assert (sent["Content-Type"], sent["X-Signature"], sent["Connection"]) == ("application/json", "s", "close")


def test_a_post_goes_to_https_only_unless_the_operator_listed_the_address(monkeypatch):
    monkeypatch.setattr(socket, "create_connection", lambda *args, **options: pytest.fail("it connected"))
    with pytest.raises(Blocked, match="https addresses only"):
        post(f"http://{HOST}/", b"", headers={}, policy=FetchPolicy(), resolver=lambda host, port: ["1.1.1.1"])
    with pytest.raises(Blocked, match="private network"):
        post(f"https://{HOST}/", b"", headers={}, policy=FetchPolicy(), resolver=lambda host, port: ["10.0.0.1"])


def test_a_post_without_an_answer_is_told_apart_from_a_slow_one():
    with serve(b"") as port, pytest.raises(Unreachable, match="before it answered"):
        post(f"http://127.0.0.1:{port}/", b"{}", headers={}, policy=allow(port))
    with serve(answer(b""), drip=0.1) as port, pytest.raises(TooSlow, match="longer than 1 seconds to answer"):
        post(f"http://127.0.0.1:{port}/", b"{}", headers={}, policy=allow(port, seconds=1.0))


# TLS


@pytest.fixture(scope="module")
def own(tmp_path_factory) -> Path:
    names = [x509.DNSName(f"n{number:03}.vendor.example") for number in range(120)]
    return certificate(
        tmp_path_factory.mktemp("tls"),
        [x509.DNSName(HOST), x509.IPAddress(ipaddress.ip_address("127.0.0.1")), *names],
    )


def on(port: int) -> FetchPolicy:
    return FetchPolicy(allow=frozenset({(HOST, port), (HOST, 443)}), seconds=5)


def at_home(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_a_certificate_that_is_trusted_is_read_over_and_its_name_must_fit(own, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with secured(own, answer(b"safe")) as port:
        assert fetch(f"https://{HOST}:{port}/", policy=on(port), resolver=at_home).body == b"safe"
        other = FetchPolicy(allow=frozenset({("other.example", port)}), seconds=5)
        with pytest.raises(Unreachable, match=r"certificate of other\.example is not valid"):
            fetch(f"https://other.example:{port}/", policy=other, resolver=at_home)


def test_a_certificate_nobody_vouches_for_is_refused(own, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with secured(own, answer(b"safe")) as port, pytest.raises(Unreachable, match="is not valid"):
        fetch(f"https://{HOST}:{port}/", policy=on(port), resolver=at_home)


def test_a_server_without_tls_is_told_apart_from_one_that_stalls():
    with serve(b"HTTP/1.1 400 Bad\r\n\r\n") as port, pytest.raises(Unreachable, match="does not speak TLS"):
        fetch(f"https://{HOST}:{port}/", policy=on(port), resolver=at_home)
    with serve(b"\x16" * 50, drip=2.0) as port:
        policy = FetchPolicy(allow=frozenset({(HOST, port)}), seconds=1.5)
        with pytest.raises(TooSlow, match="to set up TLS"):
            fetch(f"https://{HOST}:{port}/", policy=policy, resolver=at_home)


def test_from_https_nothing_leads_to_http(own, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with secured(own, answer(b"", status="302 Found", Location="/b"), answer(b"safe")) as port:
        assert fetch(f"https://{HOST}:{port}/", policy=on(port), resolver=at_home).body == b"safe"
    with (
        serve(answer(b"open")) as bare,
        secured(own, answer(b"", status="302 Found", Location=f"http://{HOST}:{bare}/")) as port,
    ):
        policy = FetchPolicy(allow=frozenset({(HOST, port), (HOST, bare)}), seconds=5)
        with pytest.raises(Blocked, match="from https to http"):
            fetch(f"https://{HOST}:{port}/", policy=policy, resolver=at_home)
        assert fetch(f"http://{HOST}:{bare}/", policy=policy, resolver=at_home).body == b"open"


def test_from_http_a_redirect_to_https_is_followed(own, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with (
        secured(own, answer(b"safe")) as port,
        serve(answer(b"", status="301 Moved", Location=f"https://{HOST}:{port}/")) as bare,
    ):
        policy = FetchPolicy(allow=frozenset({(HOST, port), (HOST, bare)}), seconds=5)
        assert fetch(f"http://{HOST}:{bare}/", policy=policy, resolver=at_home).body == b"safe"


def test_what_a_host_shows_holds_its_issuer_and_at_most_a_hundred_names(own, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    with secured(own, answer(b"")) as port:
        really = socket.create_connection
        monkeypatch.setattr(fetching.socket, "create_connection", lambda place, **how: really((place[0], port), **how))
        seen = look_at_host(HOST, policy=on(443), resolver=at_home)
    assert (seen.host, seen.addresses, seen.canonical, seen.issuer) == (HOST, ("127.0.0.1",), "", "Own Issuer")
    assert seen.alt_names == tuple(f"n{number:03}.vendor.example" for number in range(100))


def test_the_name_behind_the_aliases_is_what_the_resolver_says(monkeypatch):
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6)

    def found(host, port, flags=0, **options):
        return [
            (*kind, "edge.provider.example." if flags else "", ("127.0.0.1", port)),
            (*kind, "", ("127.0.0.1", port)),
        ]

    def refused(*args, **options):
        raise ConnectionRefusedError

    monkeypatch.setattr(fetching.socket, "getaddrinfo", found)
    monkeypatch.setattr(fetching.socket, "create_connection", refused)
    seen = look_at_host(HOST, policy=on(443))
    assert (seen.canonical, seen.addresses, seen.issuer) == ("edge.provider.example", ("127.0.0.1",), "")
    monkeypatch.setattr(
        fetching.socket, "getaddrinfo", lambda host, port, flags=0, **options: [] if flags else found(host, port)
    )
    assert look_at_host(HOST, policy=on(443)).canonical == ""

    def unnamed(host, port, flags=0, **options):
        if flags:
            raise OSError
        return found(host, port)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", unnamed)
    assert look_at_host(HOST, policy=on(443)).canonical == ""
