"""`riskboard demo`: the main job on every bundled vendor, through the worker and the broker, down to the reports."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from riskboard.errors import Refused
from riskboard.locales import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from assessments.models import AssessmentRow, Report
    from riskboard.jobs.models import Job

HELP = "run the main job on every bundled vendor and write the reports"
NEEDS_DJANGO = True
STANDSTILL = 240.0  # seconds without any news from any job; a job itself may take 110


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The RTO to judge against, and where the reports go."""
    parser.add_argument("--rto", default="4h", help="recovery time objective (default 4h)")
    parser.add_argument("--out", metavar="DIR", help="folder of the reports (default: reports/ under var/)")
    parser.add_argument("--language", choices=LANGUAGES, default=ENGLISH, help="language of the reports (default en)")
    parser.add_argument(
        "--json", nargs="?", const="-", metavar="OUT", help="print the table as JSON, or write it to OUT"
    )


def run(args: argparse.Namespace) -> int:
    """Judge every bundled vendor and write its report, then the portfolio's. Exit 0 only if every job was done.

    Done again, it finds what it made: the same facts give the same assessments and the same files.
    """
    from django.conf import settings

    from riskboard import embedded
    from riskboard.durations import parse_duration

    rto_hours = parse_duration(args.rto, what="RTO")
    out = Path(args.out) if args.out else settings.VAR_DIR / "reports"
    out.mkdir(mode=0o755, parents=True, exist_ok=True)
    _warn_without_pdf()
    with embedded.only_one(settings.VAR_DIR, "a demo"):
        _say("preparing the database")
        embedded.ensure_database()
        _say("starting the broker and the workers")
        with embedded.runtime(settings.VAR_DIR) as supervisor:
            rows, lost = _assess_all(rto_hours, args.language, supervisor.tend)
            portfolio = _portfolio([row for row, _ in rows], args.language, supervisor.tend)
    files = [_place(report, out) for _, report in rows]
    files.append(_place(portfolio, out))
    _show(args.json, rows, portfolio, files)
    for line in lost:
        print(f"riskboard: {line}", file=sys.stderr)
    return 1 if lost else 0


def _assess_all(
    rto_hours: float, language: str, tend: Callable[[], None]
) -> tuple[list[tuple[AssessmentRow, Report]], list[str]]:
    """Every bundled vendor's assessment and report, in the order of the index; and a line for each that failed."""
    from assessments.models import AssessmentRow, Report
    from riskboard.jobs.models import State
    from riskboard.jobs.queue import enqueue
    from vendors.catalogue import index

    jobs = [
        enqueue(
            "assess",
            {"target": vendor.slug, "rto_hours": rto_hours, "report": True, "language": language},
            queue="score",
            key=f"demo {vendor.slug} {rto_hours:g} {language}",
        )
        for vendor in index.bundled()
    ]
    rows, lost = [], []
    for job in _wait(jobs, tend):
        if job.state == State.DONE:
            assessment = AssessmentRow.objects.select_related("vendor").get(uid=job.result["assessment"])
            rows.append((assessment, Report.objects.get(uid=job.result["report"])))
        else:
            lost.append(f"{job.args['target']}: {job.error or job.state}")
    if not rows:
        raise Refused(f"no vendor could be judged; the first reason: {lost[0]}")
    return rows, lost


def _portfolio(rows: Sequence[AssessmentRow], language: str, tend: Callable[[], None]) -> Report:
    from assessments.models import Report
    from riskboard.jobs.models import State
    from riskboard.jobs.queue import enqueue

    job = enqueue("report", {"assessments": [str(row.uid) for row in rows], "language": language}, queue="report")
    (ended,) = _wait([job], tend)
    if ended.state != State.DONE:
        raise Refused(f"the portfolio report was not made: {ended.error or ended.state}")
    return Report.objects.get(uid=ended.result["report"])


def _wait(jobs: Sequence[Job], tend: Callable[[], None]) -> list[Job]:
    """The jobs as they ended, in the given order, told on the way. Raises Refused when nothing moves any more."""
    from riskboard.jobs.models import Job

    order = [job.pk for job in jobs]
    known: dict[int, tuple[Any, ...]] = {}
    moved = time.monotonic()
    while True:
        tend()
        now = {job.pk: job for job in Job.objects.filter(pk__in=order)}
        seen = {pk: (job.state, job.progress, job.message) for pk, job in now.items()}
        if seen != known:
            moved = time.monotonic()
            _tell([job for pk, job in now.items() if seen[pk] != known.get(pk)], list(now.values()))
            known = seen
        if not any(job.is_open for job in now.values()):
            return [now[pk] for pk in order]
        if time.monotonic() - moved > STANDSTILL:
            raise Refused("the jobs have stood still for too long; the log of the workers is var/log/worker.log")
        time.sleep(0.2)


def _tell(changed: Sequence[Job], everything: Sequence[Job]) -> None:
    """On a terminal one moving line, elsewhere a line for each job that ended."""
    ended = sum(not job.is_open for job in everything)
    if sys.stderr.isatty():
        job = max(changed, key=lambda job: job.progress if job.is_open else -1)
        what = job.args.get("target", "portfolio")
        filled = round(24 * sum(j.progress for j in everything) / (100 * len(everything)))
        line = f"[{'#' * filled}{'.' * (24 - filled)}] {ended} of {len(everything)}  {what}: {job.message}"
        print(f"\r\033[K{line[:110]}", end="\n" if ended == len(everything) else "", file=sys.stderr, flush=True)
        return
    for job in changed:
        if not job.is_open:
            _say(f"{job.args.get('target', 'portfolio')}: {job.error or job.message} ({ended} of {len(everything)})")


def _place(report: Report, out: Path) -> Path:
    """Copy a finished report to its readable name, and drop an older one of the other format."""
    from riskboard.output import write_output

    path = out / f"{report.name}.{report.format}"
    write_output(path, report.path.read_bytes())
    path.with_suffix(".html" if report.format == "pdf" else ".pdf").unlink(missing_ok=True)
    return path


def _show(
    where: str | None, rows: Sequence[tuple[AssessmentRow, Report]], portfolio: Report, files: Sequence[Path]
) -> None:
    import msgspec

    from riskboard.output import write_output

    if where is None:
        print(table(rows, portfolio, files))
        return
    document = [
        {
            "vendor": row.vendor.slug,
            "value": row.value,
            "low": row.low,
            "high": row.high,
            "grade": row.grade,
            "coverage": row.coverage,
            "p_exceed": row.p_exceed,
            "rto_hours": row.rto_hours,
            "pages": report.pages,
            "file": str(path),
        }
        for (row, report), path in zip(rows, files, strict=False)
    ]
    data = (
        msgspec.json.format(msgspec.json.encode({"vendors": document, "portfolio": str(files[-1])}), indent=2) + b"\n"
    )
    if where == "-":
        sys.stdout.buffer.write(data)
    else:
        write_output(Path(where), data)


def table(rows: Sequence[tuple[AssessmentRow, Report]], portfolio: Report, files: Sequence[Path]) -> str:
    """What was found, a line a vendor, best prepared first; vendors without a score come last."""
    from assessments.report.charts.risk import chance_text
    from riskboard.durations import hours_text

    rto = hours_text(rows[0][0].rto_hours)
    head = (
        f"{'vendor':<28}{'readiness':>10}  {'interval':<11}{'evidence':>9}  {'outage > ' + rto:>14}{'pages':>7}  report"
    )
    lines = ["", head, "-" * len(head)]
    order = sorted(
        zip(rows, files, strict=False), key=lambda item: (item[0][0].value is None, -(item[0][0].value or 0.0))
    )
    for (row, report), file in order:
        path = _short(file)
        value = "not known" if row.value is None else f"{row.value:.0f}"
        lines.append(
            f"{row.vendor.name[:27]:<28}{value:>10}  {f'{row.low:.0f} to {row.high:.0f}':<11}{row.coverage:>9.0%}"
            f"  {chance_text(row.parsed().forecast):>14}{_pages(report):>7}  {path}"
        )
    lines += [
        f"{'all of them':<28}{'':>10}  {'':<11}{'':>9}  {'':>14}{_pages(portfolio):>7}  {_short(files[-1])}",
        "",
        f"Readiness: 0 to 100, higher = better prepared. Outage > {rto}: the chance that a typical part has one within 12 months.",
        f"Check any figure: riskboard verify {_short(files[0])}   Next: make run",
    ]
    return "\n".join(lines)


def _short(path: Path) -> Path:
    """The path from here, where it lies below."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _pages(report: Report) -> str:
    return "html" if report.pages is None else str(report.pages)


def _warn_without_pdf() -> None:
    from assessments.report import pdf

    library = pdf.missing_library()
    if library is not None:
        print(
            f"riskboard: warning: PDF files cannot be made here ({library} is missing), so the reports are HTML; "
            f"to mend it: {pdf.INSTALL}",
            file=sys.stderr,
        )


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
