"""Which vendor is meant by what was typed in a plan: a name, a slug, or the address of a status page."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext

from assessments.planning.typed import Fault, slug_of
from vendors.catalogue import index
from vendors.catalogue.pages import known_vendors
from vendors.models import Vendor


def vendor_slug(text: str) -> str:
    """The slug of the bundled, stored or listed vendor that is called so; of an unknown one the name as a slug.

    Raises typed.Fault where no slug can be made of it. Two queries at most.
    """
    wanted = text.strip().casefold()
    for row in index.bundled():
        if wanted in (row.slug, row.name.casefold()):
            return row.slug
    stored = Vendor.objects.filter(slug=wanted[:80]).first() or Vendor.objects.filter(name__iexact=text.strip()).first()
    if stored is not None:
        return str(stored.slug)
    for known in known_vendors():
        pages = {page.url.casefold().rstrip("/") for page in known.pages}
        if wanted in (known.slug, known.name.casefold()) or wanted.rstrip("/") in pages:
            return known.slug
    if "://" in wanted:
        raise Fault(gettext("No listed vendor has this page; write the vendor's name instead."))
    made = slug_of(text)
    if not made:
        raise Fault(gettext("Write the vendor's name in Latin letters or digits."))
    return made


def names_of(slugs: Iterable[str]) -> dict[str, str]:
    """The vendors' names by slug; a vendor nobody knows is called by its slug. One query."""
    wanted = set(slugs)
    names = {slug: slug for slug in wanted}
    names |= {one.slug: one.name for one in known_vendors() if one.slug in wanted}
    names |= {row.slug: row.name for row in index.bundled() if row.slug in wanted}
    return names | dict(Vendor.objects.filter(slug__in=wanted).values_list("slug", "name"))
