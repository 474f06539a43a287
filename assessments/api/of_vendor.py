"""What every endpoint below one vendor needs: the slug in its address, and the vendor of that slug."""

from __future__ import annotations

from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter

from vendors.models import Vendor

SLUG = OpenApiParameter("slug", OpenApiTypes.STR, OpenApiParameter.PATH, description="The vendor's slug")


def vendor_of(slug: str) -> Vendor:
    """The stored vendor. Raises Http404."""
    return get_object_or_404(Vendor, slug=slug)
