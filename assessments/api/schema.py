"""What the schema says beside the views: the way in, the types of the plan, idempotency keys, and every refusal."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from assessments.api.access import PROBLEM
from assessments.api.idempotency import HEADER
from assessments.api.structs import PREFIX, components

_WRITES = ("post", "put", "patch", "delete")
_REFUSALS = {
    "400": "The request cannot be read, or some field cannot be used",
    "401": "Nobody asks, or the token is not good",
    "403": "The role or the token's scope does not allow it",
    "404": "There is no such thing in this workspace",
    "406": "Nothing of that kind can be sent",
    "409": "It does not fit what there is, or the first request of that key is still being done",
    "412": "Somebody saved first; ETag names the state of now",
    "413": "The body is too large",
    "415": "A body of that kind cannot be read",
    "422": "Another request had that idempotency key",
    "428": "Send If-Match",
    "429": "Asked for too often; see Retry-After",
}


class ByWhoScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """`ByWho` in the schema."""

    target_class = "assessments.api.access.ByWho"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A token in the Authorization header."""
        return {"type": "http", "scheme": "bearer"}


def plan_types(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Write the typed records beside the serializers. A name that both use is a fault of ours."""
    schemas, ours = result["components"]["schemas"], components()
    both = sorted(schemas.keys() & ours.keys())
    if both:
        raise ValueError(f"two types of the API are called {', '.join(both)}")
    schemas |= ours
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result


def refusals(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Name in every operation what it may answer instead, and the idempotency key a POST may bear."""
    result["components"]["schemas"].setdefault("Problem", _PROBLEM)
    for address, methods in result["paths"].items():
        for method, operation in methods.items():
            if address.endswith("/schema/"):
                continue
            if method == "post":
                operation.setdefault("parameters", []).append(_KEY)
            for code, told in operation["responses"].items():
                if code >= "400":
                    told["content"] = _TOLD  # every refusal is a problem, whoever names it
            for code in _codes(address, method, operation):
                operation["responses"].setdefault(code, {"description": _REFUSALS[code], "content": _TOLD})
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def _codes(address: str, method: str, operation: dict[str, Any]) -> list[str]:
    codes = ["400", "401", "403", "404", "406", "429"]
    if method in _WRITES:
        codes += ["409", "413", "415"]
    if method == "post":
        codes.append("422")
    if any(one["name"] == "If-Match" for one in operation.get("parameters", ())):
        codes += ["412", "428"]
    return codes


_PROBLEM = {
    "type": "object",
    "description": "RFC 9457.",
    "properties": {
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "object", "additionalProperties": True, "description": "What is wrong, by field"},
    },
    "required": ["title", "status", "detail"],
}
_TOLD = {PROBLEM: {"schema": {"$ref": f"{PREFIX}Problem"}}}
_KEY = {
    "name": HEADER, "in": "header", "required": False,
    "description": "The same key with the same request within a day is done once",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}  # fmt: skip
