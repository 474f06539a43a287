"""`riskboard forecast`: the forecast object of the assessment, as JSON."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HELP = "the chance of an outage longer than the RTO, as JSON"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Facts files, the RTO, and optionally the time to judge at and the horizon."""
    parser.add_argument(
        "facts", nargs="+", metavar="FACTS.json", help="a facts file, plain or .gz, or a bundled vendor"
    )
    parser.add_argument("--rto", required=True, help="recovery time objective, like 4h or 90m")
    parser.add_argument("--as-of", help="judge as of this date or time (default: the end of the record)")
    parser.add_argument(
        "--component",
        action="append",
        default=[],
        metavar="NAME",
        help="a part you rely on; may be given several times",
    )
    parser.add_argument("--horizon", default="365d", help="how far ahead (default 365d)")
    parser.add_argument(
        "--json", nargs="?", const="-", help="write the JSON to this file (it is what is printed anyway)"
    )


def run(args: argparse.Namespace) -> int:
    """One JSON document for one file, one line each for several."""
    import msgspec

    from assessments.forecast.engine import forecast
    from assessments.forecast.history import known_components
    from assessments.scoring.pipeline import rounded_forecast
    from riskboard.commands.inputs import load_facts
    from riskboard.durations import parse_duration, parse_time
    from riskboard.output import write_output

    rto, horizon = parse_duration(args.rto, what="RTO"), parse_duration(args.horizon, what="horizon")
    documents = []
    for name in args.facts:
        facts = load_facts(name)
        as_of = parse_time(args.as_of, what="--as-of") if args.as_of else facts.as_of
        known_components(facts, args.component)
        result = forecast(
            facts, as_of=as_of, rto_hours=rto, horizon_days=horizon / 24, components=tuple(sorted(set(args.component)))
        )
        documents.append(msgspec.json.encode(rounded_forecast(result)))
    if len(documents) == 1:
        documents = [msgspec.json.format(documents[0], indent=2)]
    text = b"".join(document + b"\n" for document in documents)
    if args.json and args.json != "-":
        write_output(Path(args.json), text)
    else:
        sys.stdout.buffer.write(text)
    return 0
