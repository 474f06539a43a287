"""`Idempotency-Key`: a POST that is sent again, because nobody knows whether it arrived, is done once (ADR 21).

The key belongs to one asker of one workspace for a day. The same request again gets the first one's answer; another request under
the same key is refused, and one whose first is still under way is asked to wait. What was refused is not kept: it did nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessments.models import KeptAnswer
from riskboard.accounts.access import API, Who
from riskboard.pages import problem
from riskboard.sealed import seal, unseal

HEADER, REPLAYED = "Idempotency-Key", "Idempotency-Replayed"
KEPT = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=2)  # longer than any request lives: whoever claimed the key has died
WAIT_SECONDS = 2
MOST_KEPT = 64 * 1024  # bytes of an answer; those to a POST are short
SWEPT = 500  # old rows removed at a time
_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_CARRIED = ("Content-Type", "Location", "ETag")


class IdempotencyMiddleware:
    """Stands inside AccessMiddleware: the asker is known, and whether they may is asked on the way to the view."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asking: Who = request.who  # type: ignore[attr-defined]
        key = request.headers.get(HEADER)
        if key is None or request.method != "POST" or not request.path.startswith(API) or asking.workspace is None:
            return self.get_response(request)
        if not _KEY.fullmatch(key):
            return problem(request, 400, "The idempotency key cannot be used", "Send 1 to 200 printable characters.")
        if int(request.META.get("CONTENT_LENGTH") or 0) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return problem(
                request, 413, "Too large for an idempotency key",
                "Send it without one: what is imported twice changes nothing the second time.",
            )  # fmt: skip
        return self._once(request, asking.key, key)

    def _once(self, request: HttpRequest, asker: str, key: str) -> HttpResponse:
        now, asked = timezone.now(), _digest(request)
        row, is_ours = _claim(asker, key, asked, now=now)
        if not is_ours:
            return _answered(request, row, asked)
        done = False
        try:
            response = self.get_response(request)
            done = _keep(row, response)
            return response
        finally:
            if not done:
                row.delete()


def _digest(request: HttpRequest) -> str:
    """Of all that makes two requests the same."""
    parts = [request.get_full_path(), request.headers.get("If-Match", ""), request.content_type or ""]
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + request.body).hexdigest()


def _claim(asker: str, key: str, asked: str, *, now: datetime) -> tuple[KeptAnswer, bool]:
    """The key's row, and whether it is ours to answer. Rows older than a day are forgotten first."""
    old = KeptAnswer.objects.filter(claimed_at__lt=now - KEPT).values("pk")[:SWEPT]
    KeptAnswer.objects.filter(pk__in=[row["pk"] for row in old]).delete()
    KeptAnswer.objects.filter(asker=asker, key=key, status=None, claimed_at__lt=now - GIVEN_UP).delete()
    fields = {"asker": asker, "key": key, "request_sha256": asked, "claimed_at": now}
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(**fields), True
    except IntegrityError:
        known = KeptAnswer.objects.filter(asker=asker, key=key).first()
    # Gone between the two: refused, and so free again. Whoever asked is told to wait a moment, as for one under way.
    return known or KeptAnswer(**fields), False


def _answered(request: HttpRequest, row: KeptAnswer, asked: str) -> HttpResponse:
    if row.request_sha256 != asked:
        return problem(
            request, 422, "Another request had that idempotency key",
            "Nothing was done. Send a new key with each new request; the same key with the same one again.",
        )  # fmt: skip
    if row.status is None:
        response = problem(
            request, 409, "The first one is still being done", "Nothing was done twice. Ask again in a moment."
        )
        response["Retry-After"] = str(WAIT_SECONDS)
        return response
    response = HttpResponse(unseal(row.body_secret), status=row.status, headers=row.headers)
    response[REPLAYED] = "true"
    return response


def _keep(row: KeptAnswer, response: HttpResponse) -> bool:
    """Whether the answer was kept: one that says it is done, and that a row can hold."""
    if response.streaming or not 200 <= response.status_code < 300 or len(response.content) > MOST_KEPT:
        return False
    row.status, row.body_secret = response.status_code, seal(response.content.decode())
    row.headers = {name: response[name] for name in _CARRIED if name in response}
    row.save(update_fields=["status", "body_secret", "headers"])
    return True
