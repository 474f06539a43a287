"""What is sent here is measured before a byte of it is read: nothing the pages take is larger than LARGEST_BODY."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from riskboard.pages import problem

LARGEST_BODY = 12 * 2**20  # docs/limits.md: the largest file any page takes (10 MiB) and the fields around it


def refuse_what_is_too_large(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: 413 with a sentence, before the body is parsed (the check of the form's token would parse it)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) <= LARGEST_BODY:
            return get_response(request)
        return problem(
            request, 413, _("That file is too large"),
            _("At most %(size)s MiB are taken here. Nothing was read or changed; split the file, or leave out its pictures.")
            % {"size": 10},
        )  # fmt: skip

    return middleware
