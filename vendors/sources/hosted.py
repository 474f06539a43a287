"""What the sources of products share that many vendors use: the page is where it was asked, or where its documents say."""

from __future__ import annotations

from vendors.sources.base import NOWHERE, Reader
from vendors.sources.own import OwnPage


class HostedPage(OwnPage):
    """A page of a product. Its address is the one it was read at; for a saved document, the one the document states.

    `about.hosts` belong to the product; a page on another host is known by what it answers.
    """

    home = NOWHERE
    vendor = ""

    def base_of(self, url: str) -> str | None:
        """The origin of an address on one of the product's hosts; None elsewhere."""
        return Reader.base_of(self, url)
