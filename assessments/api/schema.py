"""How the schema names the way in: a bearer token."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class ByWhoScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`ByWho` in the schema."""

    target_class = "assessments.api.access.ByWho"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A token in the Authorization header."""
        return {"type": "http", "scheme": "bearer"}
