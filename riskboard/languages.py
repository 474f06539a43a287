"""Which language an answer is written in. Those there are: settings.LANGUAGES."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class ChosenLanguage(LocaleMiddleware):
    """The language a visitor's cookie names, else the best their browser asks for, else English.

    The API speaks English whoever asks: programs compare its words. It stands after sign-in, so that what a person chose for
    good can go before both (`chosen`).
    """

    def process_request(self, request: HttpRequest) -> None:
        """Settle it for this request."""
        translation.activate(chosen(request))
        request.LANGUAGE_CODE = translation.get_language()


def chosen(request: HttpRequest) -> str:
    """The code of one of settings.LANGUAGES for this request."""
    if request.path.startswith("/api/"):
        return "en"
    return translation.get_language_from_request(request)
