"""Which addresses a report may send its reader to."""

from __future__ import annotations


def safe_link(url: str | None) -> str:
    """The address if it is one a reader may be sent to (http or https, nothing odd in it), else an empty string."""
    if not url or not url.startswith(("https://", "http://")) or any(c.isspace() or c in '<>"\\^`{|}' for c in url):
        return ""
    host = url.split("://", 1)[1].split("/", 1)[0]
    return url if host.isascii() and host and url.isprintable() and host[0] not in ".:?#" and "[" not in url else ""
