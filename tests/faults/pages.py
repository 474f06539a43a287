"""Status pages on loopback, each on a host of its own, that answer with a validator and have news every few looks."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOSTS = 120  # so that five looks every five seconds keep each page's minute between two of them
BETWEEN = 4  # answers of one host from one incident to the next


def answer(name: str, looks: int) -> tuple[str, bytes] | None:
    """(validator, body) of that document after so many looks; None where there is no such document."""
    known = looks // BETWEEN
    page, state = {"id": "abc123def456", "name": "W", "time_zone": "Etc/UTC"}, {"indicator": "none", "description": ""}
    if name == "summary.json":
        body = {"page": page, "status": state, "components": [], "incidents": [], "scheduled_maintenances": []}
        return f"s{known}", json.dumps(body | {"news": known}).encode()
    if name != "incidents.json":
        return None
    incidents = [_incident(number) for number in range(known, max(-1, known - 50), -1)]
    return f"i{known}", json.dumps({"page": page, "incidents": incidents}).encode()


def _incident(number: int) -> dict[str, object]:
    """One of an hour and a half, three posts long; the higher its number, the later it was."""
    begun = datetime(2026, 5, 1, 10, tzinfo=UTC) + timedelta(hours=6 * number)
    at = [f"{begun + timedelta(minutes=45 * k):%Y-%m-%dT%H:%M:%SZ}" for k in range(3)]
    posts = [
        {"id": f"u{number}-{k}", "status": state, "body": "We are looking into it. " * 4}
        | dict.fromkeys(("created_at", "display_at", "updated_at"), at[k])
        for k, state in enumerate(("investigating", "monitoring", "resolved"))
    ]
    return {"id": f"inc{number:09d}", "name": "Slow answers", "impact": "minor", "status": "resolved", "incident_updates": posts} | {
        "created_at": at[0], "started_at": at[0], "resolved_at": at[2], "updated_at": at[2],
    }  # fmt: skip


@contextmanager
def status_pages() -> Iterator[list[str]]:
    """HOSTS pages on 127.0.0.0/8; gives their host:port."""
    looks: Counter[str] = Counter()
    lock = threading.Lock()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name, host = self.path.rsplit("/", 1)[-1], self.connection.getsockname()[0]
            with lock:
                looks[host] += name == "summary.json"
                found = answer(name, looks[host])
            if found is None:
                self.send_error(404)
                return
            mark, body = found
            fresh = self.headers.get("If-None-Match") != f'"{mark}"'
            self.send_response(200 if fresh else 304)
            self.send_header("ETag", f'"{mark}"')
            if fresh:
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if fresh:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing: what the workers stored is what counts."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 64

        def verify_request(self, request: object, client_address: tuple[str, int]) -> bool:
            return client_address[0].startswith("127.")

    server = Server(("0.0.0.0", 0), Page)  # every address of loopback, and of nobody else
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield [f"127.1.1.{1 + number}:{server.server_address[1]}" for number in range(HOSTS)]
    finally:
        server.shutdown()
        server.server_close()
