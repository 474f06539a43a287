"""Which system library the PDF engine would miss on this machine, and how to install it."""

from __future__ import annotations

_LIBRARIES = (
    "libgobject-2.0.so.0", "libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libfontconfig.so.1", "libharfbuzz.so.0",
    "libharfbuzz-subset.so.0",
)  # fmt: skip
INSTALL = "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def missing_library() -> str | None:
    """The first system library the PDF engine would not find, by loading each; None when all are there."""
    import ctypes
    import sys

    if not sys.platform.startswith("linux"):
        return None  # names differ; the engine's own error is then shown
    for name in _LIBRARIES:
        try:
            ctypes.CDLL(name)
        except OSError:
            return name
    return None
