"""The vendors one can assess by name: the catalogue, and the search behind the target field while it is being typed."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from assessments.files.tables import to_file
from assessments.models import Followed
from vendors.catalogue import index
from vendors.catalogue.categories import SPELLINGS
from vendors.catalogue.pages import KnownPage, KnownVendor, known_vendors
from vendors.catalogue.search import Hit, search
from vendors.sources.base import on_host
from vendors.sources.registry import by_id

MOST_VENDORS = 6  # as many as a phone shows above its keyboard
MOST_PAGES = 3  # of the best match; of the others the likeliest page alone
MOST_RECORDS = 2
PER_PAGE = 50


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
        options = (_names if named else _pages)(hits)
        response = render(request, "_vendor_options.html", {"options": _with_records(options, query)})
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


def _with_records(options: list[Option], query: str) -> list[Option]:
    """Those, and bundled records whose name or slug holds what was typed: each behind its own vendor, or at the end."""
    wanted = " ".join(query.casefold().split())
    found = [row for row in index.bundled() if wanted and (wanted in row.name.casefold() or wanted in row.slug)]
    together = list(options)
    for row in found[:MOST_RECORDS]:
        own = [at for at, option in enumerate(together) if option.name == row.name]
        record = Option(row.slug, row.name, gettext("bundled record, needs no network"))
        together.insert(own[-1] + 1 if own else len(together), record)
    return together


@require_safe
@never_cache
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every vendor one can assess by its name: searched and filtered by the address, each with what to do. One query."""
    asked, rows = asked_for(request)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    slugs = {slug: slug for slug in Followed.objects.filter(archived_at=None).values_list("vendor__slug", flat=True)}
    shown = [{"row": row, "followed": slugs.get(row.slug), "asked": urlencode({"target": row.target})} for row in page]
    made_with = {page.platform for row in listed() for page in row.pages}
    context = asked | {
        "page": page, "lines": shown, "categories": sorted({row.category for row in listed()}),
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "platforms": sorted(((one, product(one)) for one in made_with), key=lambda pair: pair[1].casefold()),
    }  # fmt: skip
    return render(request, "board/catalogue.html", context)


def asked_for(request: HttpRequest) -> tuple[dict[str, str], list[Row]]:
    """The filters of the address, and the vendors they leave."""
    asked = {name: request.GET.get(name, "")[:100] for name in ("q", "category", "platform")}
    return asked, [row for row in listed() if fits(row, **asked)]


COLUMNS = ("slug", "name", "category", "category_guessed", "pages", "platforms", "bundled_record", "followed")


@require_safe
@never_cache
def catalogue_table(request: HttpRequest, form: str) -> HttpResponse:
    """The vendors the page's filters leave, every page of them. One query."""
    followed = set(Followed.objects.filter(archived_at=None).values_list("vendor__slug", flat=True))
    rows = (
        (
            row.slug, row.name, row.category, row.guessed, " ".join(page.url for page in row.pages),
            " ".join(page.platform for page in row.pages), row.record, row.slug in followed,
        )
        for row in asked_for(request)[1]
    )  # fmt: skip
    body, kind = to_file(form, "Catalogue", COLUMNS, rows)
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="catalogue.{form}"'}
    )


@dataclass(frozen=True, slots=True)
class Row:
    """One vendor of the catalogue. `record`: its history is bundled; `pages` may then be empty."""

    slug: str
    name: str
    category: str
    guessed: bool
    pages: tuple[KnownPage, ...]
    record: bool
    words: str

    @property
    def target(self) -> str:
        """What the first page's field takes: its bundled record's name, or its likeliest page."""
        return self.slug if self.record else self.pages[0].url


@functools.cache
def listed() -> tuple[Row, ...]:
    """The listed and the bundled vendors, each once, by name. Made once a process."""
    known, records = {vendor.slug: vendor for vendor in known_vendors()}, {row.slug: row for row in index.bundled()}
    rows = [_row(slug, known.get(slug), records.get(slug)) for slug in known.keys() | records.keys()]
    return tuple(sorted(rows, key=lambda row: (row.name.casefold(), row.slug)))


def record_of(target: str) -> str | None:
    """The name of the bundled record of the vendor whose page lies at that address, which an assessment can fall back on; or None."""
    hosts = ((row, tuple(urlsplit(page.url).netloc for page in row.pages)) for row in listed() if row.record)
    return next((row.slug for row, named in hosts if on_host(target, named)), None)


def _row(slug: str, known: KnownVendor | None, record: index.Bundled | None) -> Row:
    pages = known.pages if known else ()
    name, category = (record.name, record.category) if record else (known.name, known.category)  # type: ignore[union-attr]
    category = SPELLINGS.get(category, category)  # a record's own spelling and the list's are one
    other = (*known.aliases, *known.domains) if known else ()
    words = " ".join([slug, name, *other, *(page.url for page in pages)]).casefold()
    guessed = known is not None and record is None and known.guessed
    return Row(slug, name, category, guessed, pages, record is not None, words)


def fits(row: Row, *, q: str, category: str, platform: str) -> bool:
    """Whether every word of `q` stands in it, and it is of that category and has a page of that product; "" asks nothing."""
    return (
        all(word in row.words for word in q.casefold().split())
        and category in ("", row.category)
        and (not platform or any(page.platform == platform for page in row.pages))
    )


def product(platform: str) -> str:
    """What made a page, in words."""
    source = by_id(platform)
    return (
        source.name
        if source
        else {"own": gettext("the vendor's own"), "unknown": gettext("not known")}.get(platform, platform)
    )
