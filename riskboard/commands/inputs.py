"""What several commands accept: a facts file or the name of a bundled vendor."""

from __future__ import annotations

from pathlib import Path

from riskboard.errors import Refused
from vendors.facts_file import MAX_BYTES, FactsError, loads
from vendors.records import VendorFacts


def is_url(text: str) -> bool:
    """Whether the text is the address of a page rather than a file or a name."""
    return text.startswith(("http://", "https://"))


def load_facts(name: str) -> VendorFacts:
    """The facts in that file, or of the bundled vendor of that name.

    Raises Refused with one sentence: no such file or vendor (with near names), too large, or the path of the first fault.
    """
    path = Path(name)
    if path.is_file():
        try:
            if path.stat().st_size > MAX_BYTES:
                raise Refused(f"{name} is larger than {MAX_BYTES // 2**20} MiB; that is no facts file")
            return loads(path.read_bytes())
        except FactsError as fault:
            raise Refused(f"{name} is {fault}") from fault
    if path.suffix or "/" in name:
        raise Refused(f"there is no file {name}")
    from vendors.catalogue.index import load

    return load(name)
