"""Passwords that are guessed first: made of words everybody here knows, or known from a breach elsewhere. Both are refused."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

WORDS = (
    "riskboard",
    "password",
    "passwort",
    "motdepasse",
    "vendor",
    "outage",
    "status",
    "continuity",
    "admin",
    "welcome",
)
LEAST_LEFT = (
    8  # characters beside such words, as many as a password must have at the very least (NIST SP 800-63B, 3.1.1.2)
)
LONGEST_LINE = 200  # bytes of a line of a list of breaches
LEAST_WORD = 4  # letters: a shorter name of a workspace or host would be found in any password


class ContextWords:
    """For AUTH_PASSWORD_VALIDATORS: what is left of a password without this place's words is long enough by itself.

    The words are ours, the name this installation is reached by, and the names of the workspaces a person works in.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError where taking those words out leaves fewer than LEAST_LEFT characters."""
        left = password.casefold()
        for word in sorted(self._words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if len(left) < LEAST_LEFT <= len(password):
            raise ValidationError(
                gettext("That is little more than words everybody here knows. Choose something else."),
                code="context_words",
            )

    def get_help_text(self) -> str:
        """What is said beside the field."""
        return gettext("Not made of the names of this place: the app, its address, your workspace.")

    def _words(self, user: Any) -> set[str]:
        names = [*WORDS, *(urlsplit(settings.SITE_URL).hostname or "").split("."), *_workspaces(user)]
        return {word for name in names for word in re.split(r"[\W_]+", name.casefold()) if len(word) >= LEAST_WORD}


class Breached:
    """For AUTH_PASSWORD_VALIDATORS: not in the list that RISKBOARD_BREACHED_PASSWORDS names; without a list, all may pass.

    Nothing is sent anywhere. Django's own list of common passwords is asked besides.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError for one that is listed, and where the list cannot be read."""
        if settings.BREACHED_PASSWORDS is None:
            return
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()
        try:
            found = listed(settings.BREACHED_PASSWORDS, digest.encode())
        except OSError as fault:
            raise ValidationError(
                gettext(
                    "The list of known passwords cannot be read just now; whoever runs this installation must look at it."
                ),
                code="breaches_unread",
            ) from fault
        if found:
            raise ValidationError(
                gettext(
                    "That password is known from a breach elsewhere. Choose another one, and change it wherever else you use it."
                ),
                code="breached",
            )

    def get_help_text(self) -> str:
        """What is said beside the field; nothing without a list."""
        return "" if settings.BREACHED_PASSWORDS is None else gettext("Not one that is known from a breach elsewhere.")


def listed(path: Path, digest: bytes) -> bool:
    """Whether a line of the file begins with that digest: lines in order, SHA-1 in 40 capital hexadecimal digits, then anything.

    Have I Been Pwned gives such a file, 40 GB of a billion lines; some 35 of them are read. Raises OSError.
    """
    with path.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            lines.seek(max(0, middle - 1))
            if middle:
                lines.readline(LONGEST_LINE)  # to the first line that begins at `middle` or after it
            begun, line = lines.tell(), lines.readline(LONGEST_LINE)
            if not line or begun >= high or line[:40] > digest:
                high = middle
            elif line[:40] == digest:
                return True
            else:
                low = lines.tell()
    return False


def is_list(path: Path) -> bool:
    """Whether it begins like one: its first hundred lines begin with digests, in order. Raises OSError."""
    with path.open("rb") as lines:
        first = [line[:40] for line in itertools.islice(iter(lambda: lines.readline(LONGEST_LINE), b""), 100)]
    return bool(first) and first == sorted(first) and all(re.fullmatch(rb"[0-9A-F]{40}", one) for one in first)


def _workspaces(user: Any) -> Iterator[str]:
    """Names of the workspaces of somebody who is stored; of somebody new none are known."""
    if user is not None and user.pk:
        yield from user.memberships.values_list("workspace__name", flat=True)
