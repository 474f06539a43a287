"""Reports: against the bare PDF engine on the same HTML, against limits of time and memory, by two workers, and beside two peers.

`python -m benchmarks.report` prints these rows alone. Ours and the floor take turns, so that a busy machine slows both alike.
"""

from __future__ import annotations

import functools
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from typing import Any

import msgspec

from assessments.report import glyphs, pdf
from assessments.report.attachments import attachments
from assessments.report.engine import rendering
from assessments.report.engine.order import MIB, Limits, Order
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from benchmarks import peers
from benchmarks.table import Row, printed
from vendors.catalogue import index
from vendors.records import VendorFacts

ROUNDS = 3
BARE_AIM = 1.15
VENDORS, VENDORS_SECONDS, VENDORS_MIB = 40, 20.0, 512.0
SERVICES, SERVICES_SECONDS = 200, 60.0  # the soft limit
WORKERS_AIM = 1.7
CACHED_SECONDS = 0.05
PATIENT = Limits(soft_seconds=600, hard_seconds=660)  # a busy machine is measured, not cut short


def rows() -> list[Row]:
    """Every row; nothing where the PDF engine cannot run."""
    if pdf.missing_library() is not None:
        print(f"no rows of reports: the PDF engine lacks {pdf.missing_library()}")
        return []
    import django

    django.setup()
    order = order_of("together-ai")
    rendering.render(order)  # warm
    return [*_in_turn_with_others(order), *_by_two(order), *_portfolio(), *_plan(), *_cached()]


@functools.cache
def judged(slug: str) -> tuple[Any, VendorFacts]:
    """A bundled vendor's judgement with its facts."""
    facts = index.load(slug)
    return assess(facts, Needs(), as_of=facts.as_of), facts


def order_of(slug: str) -> Order:
    """What the render process is given for that vendor's report."""
    from assessments.report.context import vendor_context

    made, facts = judged(slug)
    html = glyphs.showable(pdf.html_of("report/vendor.html", vendor_context(made, facts)))
    files = attachments([(made, facts)], kind="vendor")
    return Order(html.encode(), files, {}, made.as_of, "pdf/ua-1", pdf.LONGEST_PAGES)


def _in_turn(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The median seconds of each, all run by turns, after one of each that is not counted."""
    took: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for seconds, work in zip(took, works, strict=True):
            begun = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - begun)
    return [statistics.median(seconds[1:]) for seconds in took]


def _in_turn_with_others(order: Order) -> list[Row]:
    """Against the bare engine on the same HTML, and beside two peers; one that is not there is named and left out."""
    from assessments.report.engine import typesetting

    html = order.html.decode()

    def bare() -> bytes:
        document: bytes = typesetting.weasyprint.HTML(
            string=html, base_url="riskboard:", url_fetcher=typesetting.fetcher()
        ).write_pdf(font_config=typesetting.fonts(), pdf_variant="pdf/ua-1")
        return document

    printers = {"Chromium's print": peers.chromium(order.html), "Typst": peers.typst(order.html)}
    known = {name: printer for name, printer in printers.items() if printer is not None}
    for name in sorted(set(printers) - set(known)):
        print(f"no row against {name}: it is not installed")
    pages = rendering.render(order, limits=PATIENT).pages
    ours, floor, *theirs = _in_turn(lambda: rendering.render(order, limits=PATIENT), bare, *known.values())
    return [
        Row(f"a report of {pages} pages, of the bare engine on its HTML", ours, floor, BARE_AIM),
        *(Row(f"the same beside {name}", ours, took, None) for name, took in zip(known, theirs, strict=True)),
    ]


def _by_two(order: Order) -> list[Row]:
    """Four reports by two render processes at once, of the same by one: the floor is that time over 1.7."""
    both = rendering.Zygote(), rendering.Zygote()

    def many(zygote: rendering.Zygote, count: int) -> None:
        for _ in range(count):
            zygote.render(order, rendering.nobody, PATIENT)

    def at_once() -> None:
        threads = [threading.Thread(target=many, args=(zygote, 2)) for zygote in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    try:
        ours, one = _in_turn(at_once, lambda: many(both[0], 4), rounds=1)  # four reports each are a mean already
    finally:
        for zygote in both:
            zygote.end()
    return [Row(f"four reports by two workers, of one worker's / {WORKERS_AIM}", ours, one / WORKERS_AIM, 1.0)]


def _portfolio() -> list[Row]:
    """Forty vendors: the bundled ones, some of them twice under another name."""
    slugs = [row.slug for row in index.bundled()]
    pairs = [_another(slugs[n % len(slugs)], n // len(slugs)) for n in range(VENDORS)]
    begun = time.perf_counter()
    made = _patiently(lambda: pdf.portfolio_report(pairs))
    took = time.perf_counter() - begun
    name = f"{VENDORS} vendors in one report of {made.pages} pages"
    return [
        Row(f"{name}, of {VENDORS_SECONDS:g} s", took, VENDORS_SECONDS, 1.0),
        Row(f"the same, of {VENDORS_MIB:g} MiB", made.peak_kib * 1024 / MIB, VENDORS_MIB, 1.0, unit="MiB"),
    ]


def _another(slug: str, number: int) -> tuple[Any, VendorFacts]:
    """That vendor's judgement; from the second on under another name."""
    made, facts = judged(slug)
    if not number:
        return made, facts
    called = msgspec.structs.replace(facts.vendor, slug=f"{slug}-{number}", name=f"{facts.vendor.name} {number}")
    return msgspec.structs.replace(made, vendor=called), msgspec.structs.replace(facts, vendor=called)


def _plan() -> list[Row]:
    """A plan of two hundred services."""
    from datetime import UTC, datetime

    from assessments.continuity import plan as p
    from assessments.continuity.answer import answer
    from assessments.continuity.judged import Judged
    from assessments.continuity.lint import lint
    from assessments.report.continuity import PlanReport

    at = datetime(2026, 9, 1, tzinfo=UTC)
    made, facts = judged("trello")
    plan = p.Plan(
        processes=(p.Process(id="all", name="All", critical=True, rto_hours=4),),
        services=tuple(p.Service(id=f"s{n}", name=f"Service {n}", vendor="trello") for n in range(SERVICES)),
        dependencies=tuple(p.Dependency(id=f"d{n}", process="all", service=f"s{n}") for n in range(SERVICES)),
    )
    known = {"trello": Judged(made, facts)}
    told = answer(plan, known, as_of=at)
    given = PlanReport(
        plan=plan, judged=known, answer=told, messages=lint(plan, known, as_of=at, answer=told), as_of=at
    )
    begun = time.perf_counter()
    printed_plan = _patiently(lambda: pdf.plan_report(given))
    took = time.perf_counter() - begun
    name = f"a plan of {SERVICES} services on {printed_plan.pages} pages, of {SERVICES_SECONDS:g} s"
    return [Row(name, took, SERVICES_SECONDS, 1.0)]


def _patiently(make: Callable[[], rendering.Rendered]) -> rendering.Rendered:
    """What is made, with the render's limits of time out of the way."""
    real = rendering.render
    rendering.render = functools.partial(real, limits=PATIENT)  # type: ignore[assignment]
    try:
        return make()
    finally:
        rendering.render = real


def _cached() -> list[Row]:
    """The address of a report that was made before, and the page of its summary, through the whole of Django."""
    with tempfile.TemporaryDirectory() as folder:
        environ = os.environ | {"RISKBOARD_VAR": folder}
        command = [sys.executable, "-m", "benchmarks.cached_report"]
        done = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    file, page = map(float, done.stdout.split()[-2:])
    return [
        Row("the file of a report made before, of 50 ms", file, CACHED_SECONDS, 1.0),
        Row("the page of its summary, of 50 ms", page, CACHED_SECONDS, 1.0),
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "riskboard.settings")
    print(printed(rows()))
