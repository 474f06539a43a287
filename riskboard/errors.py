"""The one error that ends a command or a request politely."""

from __future__ import annotations


class Refused(Exception):
    """Something cannot be done. The message is one sentence that says what happened and what to do about it.

    The command line prints it on stderr and exits 1; the web answers 4xx with it. Nothing is half-written when raised.
    """
