"""The fetcher reaches public status pages and nothing else, and never longer or for more than it may."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from riskboard.errors import Refused
from vendors import fetching
from vendors.addresses import Blocked, FetchPolicy, is_public, target_of
from vendors.fetching import NotAPage, TooLarge, TooSlow, TryLater, Unreachable, fetch, look_at_host

BAD_ADDRESSES = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.1",
    "192.168.0.1",
    "169.254.169.254",
    "169.254.0.1",
    "100.64.0.1",
    "100.127.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "::127.0.0.1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2002:7f00:1::",
    "2002:a00:1::",
    "2002:c0a8:101::",
    "fc00::1",
    "fd00::1",
    "fdff:ffff::1",
    "fe80::1",
    "fec0::1",
    "feff::1",
    "ff02::1",
    "ff0e::1",
    "100::1",
    "2001:db8::1",
    "2001:10::1",
    "5f00::1",
]
BAD_URLS = [
    "http://127.0.0.1/", "http://127.1/", "http://127.0.1/", "http://2130706433/", "http://0x7f000001/", "http://0x7f.1/",
    "http://0177.0.0.1/", "http://017700000001/", "http://[::1]/", "http://[::]/", "http://[::ffff:127.0.0.1]/",
    "http://[0:0:0:0:0:ffff:127.0.0.1]/", "http://[::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
    "http://0/", "http://0.0.0.0/", "http://10.0.0.1/", "http://192.168.1.1/", "http://169.254.169.254/latest/meta-data/",
    "http://metadata/", "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://localhost.localdomain.local/",
    "http://foo.localhost/", "http://intranet/", "http://server/", "http://router.lan/", "http://db.internal/", "http://a.home/",
    "http://printer.local/", "http://x.corp/", "http://x.intranet/", "http://x.onion/", "http://x.test/", "http://x.invalid/",
    "https://status.vendor.example:8443/", "http://status.vendor.example:22/", "http://status.vendor.example:6379/",
    "http://status.vendor.example:0/", "https://status.vendor.example:80/", "http://status.vendor.example:443/",
    "http://user@status.vendor.example/", "http://user:pw@status.vendor.example/", "http://status.vendor.example@127.0.0.1/",
    "http://127.0.0.1:80@status.vendor.example/", "ftp://status.vendor.example/", "file:///etc/passwd", "file://localhost/etc/passwd",
    "gopher://status.vendor.example/", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/", "javascript:alert(1)", "data:text/html,x",
    "jar:http://x.example!/", "//status.vendor.example/", "status.vendor.example", "", " ", "http://", "https://", "http:///path",
    "http://status.vendor.example/ x", "http://status.vendor.example/\r\nHost: evil", "http://status.vendor.example/\x00",
    "http://status.vendor.example\\@127.0.0.1/", "http://status.vendor.example/\t", "http://[::1", "http://[fe80::1%25eth0]/",
    "http://①②⑦.⓪.⓪.①/", "http://127。0。0。1/", "http://status.vendor.example:99999/", "http://status.vendor.example:abc/",
    "http://" + "a" * 3000 + ".example/", "http://x.example/" + "a" * 2000, "http://<script>.example/", 'http://"x".example/',
    "http://x.0x7f/", "http://1.1.1.1/", "http://8.8.8.8/", "https://[2606:4700::1111]/", "http://a.127/", "http://...../",
]  # fmt: skip


@pytest.fixture
def no_connection(monkeypatch):
    """Any attempt to connect fails the test."""

    def refuse(*args, **options):
        raise AssertionError(f"a connection was tried: {args}")

    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_an_address_that_leads_inside_is_not_public(address):
    import ipaddress

    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700::1111", "2a00:1450:4001::1"])
def test_an_address_of_the_public_internet_is(address):
    import ipaddress

    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("url", BAD_URLS, ids=[repr(url[:40]) for url in BAD_URLS])
def test_a_hostile_address_is_refused_before_anything_is_asked(url, no_connection):
    with pytest.raises(Refused):
        fetch(url, policy=FetchPolicy(), resolver=lambda host, port: ["127.0.0.1"])


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_a_public_name_that_leads_inside_is_refused(address, no_connection):
    with pytest.raises(Blocked, match="private network"):
        fetch("https://status.vendor.example/", policy=FetchPolicy(), resolver=lambda host, port: [address])


def test_one_bad_address_among_good_ones_refuses_them_all(no_connection):
    with pytest.raises(Blocked):
        fetch(
            "https://status.vendor.example/", policy=FetchPolicy(), resolver=lambda host, port: ["1.1.1.1", "10.0.0.1"]
        )


def test_the_corpus_is_as_large_as_it_should_be():
    assert len(BAD_URLS) + len(BAD_ADDRESSES) >= 120


Wrap = Callable[[socket.socket], socket.socket]


@contextmanager
def serve(*answers: bytes, drip: float = 0.0, at_once: int = 0, wrap: Wrap = lambda line: line) -> Iterator[int]:
    """A server on loopback that sends each answer in turn, the last again and again.

    With `drip`, a byte each so many seconds, after the first `at_once` bytes. `wrap` makes the line a TLS one.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    stop = threading.Event()

    def work() -> None:
        served = 0
        while not stop.is_set():
            try:
                line, _ = listener.accept()
            except OSError:
                continue
            line.settimeout(5)
            try:
                with line, wrap(line) as talk:
                    talk.recv(65536)
                    data = answers[min(served, len(answers) - 1)]
                    if drip:
                        talk.sendall(data[:at_once])
                        for n in range(at_once, len(data)):
                            if stop.wait(drip):
                                break
                            talk.sendall(data[n : n + 1])
                    else:
                        talk.sendall(data)
            except OSError:
                pass  # the client hung up, or did not trust us, which is what some tests are about
            served += 1

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join(10)
        listener.close()


def allow(port: int, **changes) -> FetchPolicy:
    return FetchPolicy(**({"allow": frozenset({("127.0.0.1", port)}), "seconds": 5.0} | changes))


def answer(body: bytes, *, status: str = "200 OK", **headers: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def test_what_the_operator_lists_is_fetched_and_without_it_refused():
    with serve(answer(b"{}", Content_Type="application/json")) as port:
        raw = fetch(f"http://127.0.0.1:{port}/x", policy=allow(port))
        assert (raw.status, raw.body, raw.content_type) == (200, b"{}", "application/json")
        with pytest.raises(Blocked):
            fetch(f"http://127.0.0.1:{port}/x", policy=FetchPolicy())


def test_gzip_is_unpacked_and_a_bomb_is_not():
    with serve(answer(gzip.compress(b"hello"), Content_Encoding="gzip")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body == b"hello"
    with serve(answer(gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")) as port, pytest.raises(TooLarge):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port, max_bytes=1_000_000))


def test_more_than_the_cap_is_too_large():
    with serve(answer(b"x" * 2_000_000)) as port, pytest.raises(TooLarge, match="larger"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port, max_bytes=1_000_000))


@pytest.mark.parametrize("part", ["headers", "body"])
def test_a_drip_ends_at_the_deadline(part):
    whole = answer(b"x" * 500)
    at_once = 0 if part == "headers" else whole.index(b"x")
    with serve(whole, drip=0.05, at_once=at_once) as port, pytest.raises(TooSlow, match="longer than"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port, seconds=0.6))


def test_a_resolver_that_stalls_ends_at_the_deadline():
    def stall(host, port):
        time.sleep(2)
        return ["1.1.1.1"]

    with pytest.raises(TooSlow, match="not resolved"):
        fetch("https://status.vendor.example/", policy=FetchPolicy(seconds=0.3), resolver=stall)


def test_a_cut_off_answer_is_no_answer():
    with serve(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf") as port, pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


@pytest.mark.parametrize("status", ["404 Not Found", "403 Forbidden", "500 Oops", "429 Slow Down", "204 No Content"])
def test_an_http_fault_is_told_with_its_status(status):
    with serve(answer(b"", status=status)) as port, pytest.raises(Unreachable) as fault:
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
    assert fault.value.status == int(status[:3])


def test_nothing_changed_is_told_as_such():
    with serve(b"HTTP/1.1 304 Not Modified\r\n\r\n") as port:
        raw = fetch(f"http://127.0.0.1:{port}/", policy=allow(port), etag='"1"')
    assert (raw.status, raw.body) == (304, b"")


def test_a_redirect_is_followed_to_an_allowed_place_only():
    with serve(answer(b"", status="302 Found", Location="/there"), answer(b"here")) as port:
        raw = fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
        assert raw.final_url == f"http://127.0.0.1:{port}/there"
        assert raw.body == b"here"
    for place in ("http://169.254.169.254/", "http://localhost:1/", "file:///etc/passwd", "//10.0.0.1/"):
        with serve(answer(b"", status="302 Found", Location=place)) as port, pytest.raises(Blocked):
            fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_a_loop_of_redirects_ends():
    with (
        serve(answer(b"", status="301 Moved", Location="/again")) as port,
        pytest.raises(Unreachable, match="redirects more"),
    ):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_an_encoding_nobody_asked_for_is_refused():
    with serve(answer(b"x", Content_Encoding="br")) as port, pytest.raises(Unreachable, match="encoding"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_a_closed_port_is_told_plainly():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="down"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_proxies_of_the_environment_are_not_used(monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with serve(answer(b"direct")) as port:
        assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body == b"direct"


@pytest.mark.parametrize("text", ["127.0.0.1", "host:", ":80", "host:port", "host:0", "host:70000"])
def test_a_malformed_allow_list_is_refused(text):
    with pytest.raises(Refused, match="RISKBOARD_FETCH_ALLOW"):
        FetchPolicy.from_env({"RISKBOARD_FETCH_ALLOW": text})


def test_the_allow_list_is_exact():
    policy = FetchPolicy.from_env({"RISKBOARD_FETCH_ALLOW": "127.0.0.1:8765, [::1]:9000"})
    assert target_of("http://127.0.0.1:8765/", policy).allowed
    assert target_of("http://[::1]:9000/", policy).allowed
    with pytest.raises(Blocked):
        target_of("http://127.0.0.1:8766/", policy)


def test_only_one_module_opens_sockets():
    from pathlib import Path

    root = Path(fetching.__file__).parents[1]
    users = {
        path.relative_to(root).as_posix()
        for folder in ("vendors", "assessments")
        for path in (root / folder).rglob("*.py")
        if any(line.startswith(("import socket", "import requests", "import urllib.request", "import http.client")) for line in path.read_text().splitlines())
    }  # fmt: skip
    assert users == {"vendors/fetching.py"}


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ({"Retry_After": "120"}, 120),
        ({"Retry_After": "9999999"}, 86_400),
        ({"Retry_After": "soon"}, None),
        ({"Retry_After": "-5"}, None),
        ({"Retry_After": "Fri, 01 Jan 2010 00:00:00 GMT"}, 0),
        ({"Retry_After": "Fri, 01 Jan 2100 00:00:00 GMT"}, 86_400),
        ({}, None),
    ],
)
@pytest.mark.parametrize("status", ["429 Slow Down", "503 Busy"])
def test_a_server_that_asks_to_wait_says_how_long(status, header, wait):
    with serve(answer(b"", status=status, **header)) as port, pytest.raises(TryLater) as fault:
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
    assert fault.value.status == int(status[:3])
    assert (None if fault.value.wait is None else fault.value.wait.total_seconds()) == wait


@pytest.mark.parametrize("kind", ["image/png", "video/mp4", "application/pdf", "application/zip", "font/woff2"])
def test_what_says_it_is_no_page_is_not_read(kind):
    with serve(answer(b"x" * 100, Content_Type=kind)) as port, pytest.raises(NotAPage, match="no status page"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


@pytest.mark.parametrize("head", [b"PK\x03\x04", b"%PDF-1.7", b"\x89PNG\r\n", b"GIF89a", b"\x7fELF", b"\x1f\x8b\x08"])
def test_a_file_of_another_kind_is_known_by_its_first_bytes(head):
    with (
        serve(answer(head + b"x" * 100, Content_Type="application/json")) as port,
        pytest.raises(NotAPage, match="another kind"),
    ):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


@pytest.mark.parametrize(
    "kind", ["application/rss+xml", "application/atom+xml", "text/html", "application/json;charset=utf-16"]
)
def test_pages_feeds_and_json_are_read(kind):
    with serve(answer(b"\xfe\xff\x00{\x00}", Content_Type=kind)) as port:
        assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).body


def test_validators_are_kept_where_they_can_be_sent_back():
    with serve(answer(b"{}", ETag='W/"abc"', Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT")) as port:
        raw = fetch(f"http://127.0.0.1:{port}/", policy=allow(port))
    assert (raw.etag, raw.last_modified) == ('W/"abc"', "Mon, 01 Jan 2024 00:00:00 GMT")
    with serve(answer(b"{}", ETag="x" * 300)) as port:
        assert fetch(f"http://127.0.0.1:{port}/", policy=allow(port)).etag == ""


def test_gzip_that_ends_too_soon_is_no_answer():
    whole = gzip.compress(b'{"incidents": []}' * 500)
    with serve(answer(whole[:-12], Content_Encoding="gzip")) as port, pytest.raises(Unreachable, match="broke off"):
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port))


def test_named_large_documents_may_be_larger_and_no_others():
    policy = FetchPolicy()
    assert policy.cap("api.status.salesforce.com") == 25 * 1024 * 1024
    assert policy.cap("API.status.salesforce.com") == 25 * 1024 * 1024
    assert policy.cap("status.vendor.example") == 5 * 1024 * 1024
    assert policy.cap("evil-api.status.salesforce.com") == 5 * 1024 * 1024


def test_the_contact_is_named_to_the_server():
    seen: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve_once() -> None:
            line, _ = listener.accept()
            with line:
                seen.append(line.recv(65536))
                line.sendall(answer(b"{}"))

        thread = threading.Thread(target=serve_once, daemon=True)
        thread.start()
        port = listener.getsockname()[1]
        fetch(f"http://127.0.0.1:{port}/", policy=allow(port, contact="https://example.org/bot"))
        thread.join(5)
    assert (
        b"\r\nUser-Agent: Riskboard/0.1 (reads public status pages; one request at a time; https://example.org/bot)\r\n"
        in seen[0]
    )
    assert b"cookie" not in seen[0].lower()
    assert b"authorization" not in seen[0].lower()


@pytest.mark.parametrize("text", ["a b", "x\r\nHost: y", "é", "x" * 201])
def test_a_contact_that_could_break_a_header_is_refused(text):
    with pytest.raises(Refused, match="RISKBOARD_FETCH_CONTACT"):
        FetchPolicy.from_env({"RISKBOARD_FETCH_CONTACT": text})


def test_what_a_host_shows_is_its_addresses_even_without_a_certificate():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Blocked):
        look_at_host("127.0.0.1", policy=FetchPolicy(seconds=2))
    policy = FetchPolicy(allow=frozenset({("status.vendor.example", 443)}), seconds=2)
    seen = look_at_host("status.vendor.example", policy=policy, resolver=lambda host, asked: ["127.0.0.1"])
    assert (seen.addresses, seen.issuer, seen.alt_names) == (("127.0.0.1",), "", ()), port


BOMB_READER = """
import resource, sys
from vendors.fetching import FetchPolicy, NotAPage, TooLarge, fetch
port = int(sys.argv[1])
policy = FetchPolicy(allow=frozenset({("127.0.0.1", port)}), seconds=15)
fetch(f"http://127.0.0.1:{port}/small", policy=policy)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for _ in range(3):
    try:
        fetch(f"http://127.0.0.1:{port}/", policy=policy)
    except (TooLarge, NotAPage):
        continue
    sys.exit("the bomb was read")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def bomb(mebibytes: int) -> bytes:
    """A gzip body that unpacks to so many MiB of zeros, made without holding them."""
    import zlib

    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(1024 * 1024)) for _ in range(mebibytes)]
    return b"".join([*parts, packer.flush()])


@pytest.mark.parametrize("kind", ["gzip", "plain", "gzip in gzip"])
def test_a_bomb_of_300_mib_costs_a_reader_at_most_32_mib(kind):
    import subprocess
    import sys

    small = answer(b"{}")
    if kind == "plain":
        big = b"HTTP/1.1 200 OK\r\nContent-Length: 314572800\r\n\r\n" + bytes(8 * 1024 * 1024)
    else:
        packed = bomb(300)
        big = answer(gzip.compress(packed * 20) if kind == "gzip in gzip" else packed, Content_Encoding="gzip")
    with serve(small, big) as port:
        done = subprocess.run(
            [sys.executable, "-c", BOMB_READER, str(port)], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) <= 32 * 1024  # KiB
