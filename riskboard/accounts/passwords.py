"""Passwords that are made of words everybody here knows: refused, since they are what is guessed first."""

from __future__ import annotations

import re
from collections.abc import Iterator
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


def _workspaces(user: Any) -> Iterator[str]:
    """Names of the workspaces of somebody who is stored; of somebody new none are known."""
    if user is not None and user.pk:
        yield from user.memberships.values_list("workspace__name", flat=True)
