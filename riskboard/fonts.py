"""Where the pinned report font lies. Loads nothing else, so that the render process may ask."""

from __future__ import annotations

from pathlib import Path


def font_dir() -> Path:
    """The folder of the pinned report font. Raises ImportError where it is not installed."""
    import fontpkg_inter

    return Path(fontpkg_inter.__file__).parent / "files"
