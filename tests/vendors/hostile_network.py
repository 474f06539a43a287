"""A network of loopback alone, run in a namespace of its own: a canary on every address, one public page, hostile names.

Started by test_hostile_network.py under `unshare`; nothing it does can leave the machine, because its namespace has no
way out. Every address of the corpus is asked through the command line, as a user would. Prints one JSON object: what was
tried, what the canary saw, and every attempt that did not end with one line and a non-zero exit.
"""

from __future__ import annotations

import contextlib
import io
import ipaddress
import json
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from urllib.parse import quote

from tests.vendors.test_fetching import BAD_ADDRESSES, BAD_URLS

PUBLIC = "93.184.216.34"  # put on loopback inside the namespace, so that a "public" page can answer there
CANARY_PORTS = (22, 80, 443, 6379, 8080, 8443, 11211)
INSIDE = [
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "192.168.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "198.18.0.1", "192.0.2.1", "fd00::1", "fc00::1", "fec0::1", "2001:db8::1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
    "2002:7f00:1::", "2001::1", "64:ff9b:1::1", "::7f00:1",
]  # fmt: skip
PAGE = json.dumps(
    {
        "page": {"id": "abcdefghijkl", "name": "Good", "url": "http://good.vendor.example.com", "time_zone": "Etc/UTC"},
        "status": {"indicator": "none", "description": "All good"},
        "components": [], "incidents": [], "scheduled_maintenances": [],
    }
).encode()  # fmt: skip
REDIRECTS = [
    "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/",
    "http://10.0.0.1/", "http://2130706433/", "http://0x7f.1/", "http://017700000001/", "//127.0.0.1/", "//[::1]:80/",
    "http://to-127-0-0-1.example.com/", "http://to-169-254-169-254.example.com/", "http://six-ffff-7f00-1.example.com/",
    "http://rebind-a.example.com/", "http://both.example.com/", "https://127.0.0.1/", "gopher://127.0.0.1:6379/_INFO",
    "file:///etc/passwd", "http://user@127.0.0.1/", "http://127.0.0.1:6379/", "http://good.vendor.example.com:8080/",
    "http://0/", "http://①②⑦.⓪.⓪.①/", "javascript:alert(1)", "http://127.1/", "\\\\127.0.0.1\\", "http:127.0.0.1",
    "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/",
]  # fmt: skip


class Network:
    """The servers of the namespace, and what reached them. `hits` are connections to any address but the public one."""

    def __init__(self) -> None:
        self.hits: list[str] = []
        self.served = 0
        self.asked: dict[str, int] = {}

    def start(self) -> None:
        """Bring loopback up with every address of the corpus that it can carry, then listen on all of them."""
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        for address in [PUBLIC, *INSIDE]:
            bits = 128 if ":" in address else 32
            command = ["ip", "addr", "add", f"{address}/{bits}", "dev", "lo"]
            subprocess.run(command, check=False, capture_output=True)
        for port in CANARY_PORTS:
            listener = socket.socket(socket.AF_INET6)
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("::", port))
            listener.listen(64)
            threading.Thread(target=self._listen, args=(listener, port), daemon=True).start()
        names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        names.bind(("127.0.0.1", 53))
        threading.Thread(target=self._answer_names, args=(names,), daemon=True).start()

    def _listen(self, listener: socket.socket, port: int) -> None:
        while True:
            line, _ = listener.accept()
            with line, contextlib.suppress(OSError):
                mine = line.getsockname()[0].removeprefix("::ffff:")
                if mine != PUBLIC or port != 80:
                    self.hits.append(f"{mine}:{port}")
                    continue
                self.served += 1
                line.settimeout(5)
                line.sendall(self._page(line.recv(65536)))

    def _page(self, request: bytes) -> bytes:
        path = request.split(b" ", 2)[1].decode("ascii", "replace") if b" " in request else "/"
        found = re.match(r"/redirect/(\d+)(?:/|$)", path)
        if found and int(found.group(1)) < len(REDIRECTS):
            place = REDIRECTS[int(found.group(1))].encode()
            return b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + place + b"\r\n\r\n"
        if path.startswith("/api/v2/summary.json") and b"Host: good." in request:
            return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
                len(PAGE),
                PAGE,
            )
        return b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    def _answer_names(self, names: socket.socket) -> None:
        while True:
            query, asker = names.recvfrom(2048)
            with contextlib.suppress(OSError, struct.error, IndexError):
                names.sendto(self._reply(query), asker)

    def _reply(self, query: bytes) -> bytes:
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace").lower())
            at += query[at] + 1
        kind = struct.unpack("!H", query[at + 1 : at + 3])[0]
        wanted = 4 if kind == 1 else 6
        found = [a for a in self.addresses(".".join(labels), kind) if ipaddress.ip_address(a).version == wanted]
        head = query[:2] + struct.pack("!HHHHH", 0x8180, 1, len(found), 0, 0) + query[12 : at + 5]
        answers = b"".join(
            b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 0, len(packed)) + packed
            for packed in (ipaddress.ip_address(a).packed for a in found)
        )
        return head + answers

    def addresses(self, name: str, kind: int) -> list[str]:
        """What a name of the corpus resolves to; a rebinding name is public once, then inside."""
        first = name.split(".", 1)[0]
        if name in ("good.vendor.example.com", "bounce.vendor.example.com"):
            return [PUBLIC]
        if first == "both":
            return [PUBLIC, "10.0.0.1"]
        if first.startswith("rebind-"):
            count = self.asked[name] = self.asked.get(name, 0) + (kind == 1)
            return [PUBLIC] if count <= 1 else ["127.0.0.1"]
        if first.startswith("to-"):
            return [first[3:].replace("-", ".")]
        if first.startswith("six-"):
            return ["::" + first[4:].replace("-", ":")]
        if first.startswith("n") and first[1:].isdigit() and int(first[1:]) < len(BAD_ADDRESSES):
            return [BAD_ADDRESSES[int(first[1:])]]
        return []


def corpus() -> list[str]:
    """Every hostile address: odd forms, names that lead inside, rebinding names, redirects, as a person or attacker types them."""
    named = [f"http://n{number}.example.com/" for number in range(len(BAD_ADDRESSES))]
    rebinding = [f"http://rebind-{letter}.example.com/status" for letter in "bcdefgh"]
    redirected = [f"http://bounce.vendor.example.com/redirect/{number}" for number in range(len(REDIRECTS))]
    embedded = [f"http://[{address}]/" for address in BAD_ADDRESSES if ":" in address]
    plain = [f"http://{address}/" for address in BAD_ADDRESSES if ":" not in address]
    encoded = [
        f"http://{quote('127.0.0.1')}%2f@good.vendor.example.com/",
        "http://127.0.0.1%00.example.com/",
        "http://[::1%25lo]/",
    ]
    return (
        [url for url in BAD_URLS if url.strip()]
        + named
        + rebinding
        + redirected
        + embedded
        + plain
        + encoded
        + ["http://both.example.com/"]
    )


def ask(url: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of `riskboard inspect URL`."""
    from riskboard.cli import main

    out, err = io.TextIOWrapper(io.BytesIO(), write_through=True), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(["inspect", "--", url])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return code, out.buffer.getvalue().decode(), err.getvalue()


def run() -> dict[str, object]:
    """Ask the whole corpus, then the good page; what came of it."""
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
        resolver.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        resolver.flush()
        subprocess.run(["mount", "--bind", resolver.name, "/etc/resolv.conf"], check=True)
        network = Network()
        network.start()
        code, out, err = ask("http://good.vendor.example.com/")
        good = {"code": code, "named": '"name":"Good"' in out, "err": err, "served": network.served}
        strange = []
        urls = corpus()
        for url in urls:
            code, out, err = ask(url)
            if code == 0 or err.count("\n") != 1 or "Traceback" in err or out:
                strange.append({"url": url, "code": code, "err": err[:500]})
        return {"good": good, "tried": len(urls), "hits": network.hits, "strange": strange, "names": network.asked}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(run()))
