"""Settings from the environment: one reader, secrets also from files, and nothing insecure by default."""

from __future__ import annotations

import importlib.util
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_LENGTH = 50


def var_dir() -> Path:
    """Where this installation keeps its data: RISKBOARD_VAR, else `var/` beside the code. Made private if missing."""
    path = Path(env.str("RISKBOARD_VAR", default=str(BASE_DIR / "var"))).resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def secret(name: str, default: str | None = None) -> str | None:
    """The value of NAME, or the content of the file NAME_FILE points at. Raises ImproperlyConfigured for both or no file."""
    value, path = os.environ.get(name), os.environ.get(f"{name}_FILE")
    if value and path:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as fault:
            raise ImproperlyConfigured(f"{name}_FILE names {path}, which cannot be read: {fault.strerror}") from fault
    return value or default


def is_production() -> bool:
    """RISKBOARD_ENV=production: nothing is made up, everything must be said."""
    return env.str("RISKBOARD_ENV", default="embedded") == "production"


def old_secret_keys() -> list[str]:
    """RISKBOARD_OLD_SECRET_KEYS: keys that were SECRET_KEY before, by commas; what was sealed or signed under them is still read."""
    return [key for key in (secret("RISKBOARD_OLD_SECRET_KEYS") or "").split(",") if key]


def secret_key() -> str:
    """SECRET_KEY. In production it must be given; an embedded installation makes one and keeps it, readable by its owner."""
    given = secret("SECRET_KEY")
    if given:
        if len(given) < SECRET_LENGTH:
            raise ImproperlyConfigured(f"SECRET_KEY is too short: at least {SECRET_LENGTH} characters")
        return given
    if is_production():
        raise ImproperlyConfigured("SECRET_KEY (or SECRET_KEY_FILE) must be set in production")
    path = var_dir() / "secret_key"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass  # made earlier, or by a sister process a moment ago
    return path.read_text(encoding="utf-8").strip()


def allowed_hosts() -> list[str]:
    """ALLOWED_HOSTS, explicit. "*" is refused: links in reports and mails are made from the host."""
    hosts: list[str] = env.list("ALLOWED_HOSTS", default=[])
    if "*" in hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS=* lets anyone forge links; name the hosts")
    if not hosts and is_production():
        raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts this installation answers for")
    return hosts or ["localhost", "127.0.0.1", "[::1]"]


def single_sign_on() -> dict[str, object]:
    """The providers people may sign in by: OpenID Connect by RISKBOARD_OIDC_*, SAML by RISKBOARD_SAML_*; none: no such sign-in.

    Raises ImproperlyConfigured where only some of the variables of one are set, or SAML's packages are missing.
    """
    return _oidc() | _saml()


def _oidc() -> dict[str, object]:
    """RISKBOARD_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET(_FILE) and _NAME; what RISKBOARD_OIDC_ACR lists is asked for."""
    issuer, client = env.str("RISKBOARD_OIDC_ISSUER", default=""), env.str("RISKBOARD_OIDC_CLIENT_ID", default="")
    key = secret("RISKBOARD_OIDC_CLIENT_SECRET")
    if not (issuer or client or key):
        return {}
    if not (issuer and client and key):
        raise ImproperlyConfigured("single sign-on needs RISKBOARD_OIDC_ISSUER, _CLIENT_ID and _CLIENT_SECRET together")
    name = env.str("RISKBOARD_OIDC_NAME", default="single sign-on")
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": client,
        "secret": key,
        "settings": {"server_url": issuer, "token_auth_method": "client_secret_basic"},
    }
    asked = {"acr_values": " ".join(env.list("RISKBOARD_OIDC_ACR", default=[]))}
    return {
        "openid_connect": {
            "APPS": [app],
            "OAUTH_PKCE_ENABLED": True,
            "AUTH_PARAMS": {k: v for k, v in asked.items() if v},
        }
    }


def _saml() -> dict[str, object]:
    """RISKBOARD_SAML_ENTITY_ID, _SSO_URL, _CERTIFICATE(_FILE) of the identity provider, and _NAME. Answers must be signed."""
    entity, address = env.str("RISKBOARD_SAML_ENTITY_ID", default=""), env.str("RISKBOARD_SAML_SSO_URL", default="")
    certificate = secret("RISKBOARD_SAML_CERTIFICATE")
    if not (entity or address or certificate):
        return {}
    if not (entity and address and certificate):
        raise ImproperlyConfigured("SAML needs RISKBOARD_SAML_ENTITY_ID, _SSO_URL and _CERTIFICATE together")
    if importlib.util.find_spec("onelogin") is None:
        raise ImproperlyConfigured("SAML needs more packages: pip install 'riskboard[saml]'")
    app = {
        "provider_id": entity,
        "name": env.str("RISKBOARD_SAML_NAME", default="single sign-on (SAML)"),
        "client_id": "saml",
        "settings": {
            "use_nameid_for_email": True,
            "idp": {"entity_id": entity, "sso_url": address, "x509cert": certificate},
            "advanced": {"want_assertion_signed": True, "reject_deprecated_algorithm": True, "strict": True},
        },
    }
    return {"saml": {"APPS": [app]}}


def sign_in_origins() -> list[str]:
    """Where the browser is sent on from a sign-in form: a policy without them keeps it from following.

    Those of the issuer and of the SAML address, and RISKBOARD_SSO_ORIGINS for providers that answer from elsewhere.
    """
    told = [env.str("RISKBOARD_OIDC_ISSUER", default=""), env.str("RISKBOARD_SAML_SSO_URL", default="")]
    parts = [urlsplit(address) for address in told if address]
    return [f"{one.scheme}://{one.netloc}" for one in parts] + env.list("RISKBOARD_SSO_ORIGINS", default=[])
