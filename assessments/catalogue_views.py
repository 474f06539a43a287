"""The search behind the target field: which vendor's page is meant, while it is being typed."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from vendors.catalogue import index
from vendors.catalogue.search import Hit, search

MOST_VENDORS = 6  # as many as a phone shows above its keyboard
MOST_PAGES = 3  # of the best match; of the others the likeliest page alone
MOST_RECORDS = 2


@dataclass(frozen=True, slots=True)
class Option:
    """One line to choose: what the target field becomes, and what the reader sees."""

    value: str
    name: str
    note: str


@require_safe
@cache_control(private=True, max_age=300)
def vendor_search(request: HttpRequest) -> HttpResponse:
    """Vendors for ?q=: options of a listbox, or the vendors themselves where the Accept header asks for JSON.

    A blank, overlong or unknown query is answered with none. The likeliest stands first.
    """
    query = request.GET.get("q", "")
    hits = search(query, MOST_VENDORS)
    named = request.GET.get("as") == "name"  # a plan names the vendor; an assessment asks for its page
    kind = request.get_preferred_type(["text/html", "application/json"])
    response: HttpResponse
    if kind == "application/json":
        response = JsonResponse({"vendors": [_document(hit) for hit in hits]})
    else:
        options = _names(hits) if named else _pages(hits)
        response = render(request, "_vendor_options.html", {"options": [*options, *_records(query)]})
    patch_vary_headers(response, ["Accept"])
    return response


def _document(hit: Hit) -> dict[str, object]:
    vendor = hit.vendor
    return {
        "slug": vendor.slug,
        "name": vendor.name,
        "category": vendor.category,
        "category_guessed": vendor.guessed,
        "pages": [{"url": page.url, "platform": page.platform} for page in vendor.pages],
        "matched": {"field": hit.field, "text": hit.text, "why": hit.why},
    }


def _pages(hits: tuple[Hit, ...]) -> list[Option]:
    return [
        Option(page.url, hit.vendor.name, page.url.split("://", 1)[1])
        for place, hit in enumerate(hits)
        for page in hit.vendor.pages[: 1 if place else MOST_PAGES]
    ]


def _names(hits: tuple[Hit, ...]) -> list[Option]:
    return [Option(hit.vendor.name, hit.vendor.name, hit.vendor.pages[0].url.split("://", 1)[1]) for hit in hits]


def _records(query: str) -> list[Option]:
    """Bundled records whose name or slug holds what was typed: they need no network."""
    wanted = " ".join(query.casefold().split())
    found = [row for row in index.bundled() if wanted and (wanted in row.name.casefold() or wanted in row.slug)]
    return [Option(row.slug, row.name, "bundled record, needs no network") for row in found[:MOST_RECORDS]]
