"""An identity provider on loopback, for tests: OpenID Connect with one person, who always agrees."""

from __future__ import annotations

import contextlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "riskboard", "not-a-secret"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Provider:
    """Its address, who signs in there, and what it was asked."""

    email: str
    verified: bool = True
    url: str = ""
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    spoilt: dict[str, Any] = field(default_factory=dict)  # claims of its tokens that are not what they should be

    def settings(self) -> dict[str, Any]:
        """What RISKBOARD_OIDC_* would make of it."""
        app = {
            "provider_id": "oidc", "name": "Works SSO", "client_id": CLIENT, "secret": SECRET,
            "settings": {"server_url": self.url, "token_auth_method": "client_secret_basic"},
        }  # fmt: skip
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}

    def claims(self) -> dict[str, Any]:
        """What it tells of the person."""
        return {"sub": "person-1", "email": self.email, "email_verified": self.verified, "name": "A Person"}


@contextlib.contextmanager
def running(email: str, *, verified: bool = True) -> Iterator[Provider]:
    """A provider that signs that address in, until the block ends."""
    provider = Provider(email, verified)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"provider": provider}))
    provider.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def do_GET(self) -> None:
        at, one = urlsplit(self.path), self.provider
        one.asked.append(at.path)
        if at.path == "/.well-known/openid-configuration":
            names = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
            self._say({"issuer": one.url} | {name: f"{one.url}/{name}" for name in names})
        elif at.path == "/authorization_endpoint":
            asked = {name: values[0] for name, values in parse_qs(at.query).items()}
            code = secrets.token_urlsafe(16)
            one.codes[code] = asked
            self.send_response(302)
            self.send_header(
                "Location", f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"
            )
            self.end_headers()
        elif at.path == "/userinfo_endpoint":
            self._say(one.claims())
        else:
            self.send_error(404)

    def do_POST(self) -> None:
        one = self.provider
        one.asked.append(self.path)
        given = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        asked = one.codes.pop(given["code"][0], None)
        if asked is None or "code_verifier" not in given or not self.headers["Authorization"].startswith("Basic "):
            self.send_error(400)
            return
        now = int(time.time())
        token = jwt.encode(
            one.claims() | {"iss": one.url, "aud": CLIENT, "iat": now, "exp": now + 300} | one.spoilt,
            KEY,
            algorithm="RS256",
        )
        self._say({"access_token": "t", "token_type": "Bearer", "expires_in": 300, "id_token": token})

    def _say(self, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: Any) -> None:
        """Nothing on the test's output."""
