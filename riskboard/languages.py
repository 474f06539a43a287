"""Which language an answer is written in. Those there are: settings.LANGUAGES."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

YEAR = 365 * 24 * 3600  # seconds


class ChosenLanguage(LocaleMiddleware):
    """The language a visitor's cookie names, else the best their browser asks for, else English.

    The API speaks English whoever asks: programs compare its words. It stands after sign-in, so that what a person chose for
    good can go before both (`chosen`).
    """

    def process_request(self, request: HttpRequest) -> None:
        """Settle it for this request."""
        translation.activate(chosen(request))
        request.LANGUAGE_CODE = translation.get_language()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Say what it was settled by, so that no cache hands it to who reads another language."""
        patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


def chosen(request: HttpRequest) -> str:
    """The code of one of settings.LANGUAGES for this request."""
    if request.path.startswith("/api/"):
        return "en"
    return translation.get_language_from_request(request)


def speak(request: HttpRequest, code: str) -> None:
    """Answer that request in that language; "" or one that is not spoken here changes nothing, and so does the API."""
    if code in dict(settings.LANGUAGES) and not request.path.startswith("/api/"):
        translation.activate(code)
        request.LANGUAGE_CODE = code


def remember(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Keep the choice in the browser, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, code, max_age=YEAR, httponly=True, secure=request.is_secure(), samesite="Lax"
    )
    speak(request, code)


def forget(response: HttpResponse) -> None:
    """Let the browser's own list decide again."""
    response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")
