"""`riskboard verify`: recompute every figure of a report from the data inside it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assessments.report.signing import Signature

HELP = "recompute every figure of a report from the data inside it"
NEEDS_DJANGO = False
SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The report or assessment, and where its facts are if they are not inside."""
    parser.add_argument("path", metavar="REPORT.pdf|ASSESSMENT.json")
    parser.add_argument("--facts", metavar="FACTS.json", help="the facts an assessment file was made from")
    parser.add_argument("--trust", metavar="CERTS.pem", help="certificates that a signature must lead to")


def run(args: argparse.Namespace) -> int:
    """0 only if every figure agrees and every signature holds; else each difference on a line, and 1."""
    from assessments.report.verify import verify_assessment, verify_report

    path = Path(args.path)
    facts = Path(args.facts) if args.facts else None
    verdict = verify_assessment(path, facts) if path.suffix == ".json" else verify_report(path)
    signed_well = path.suffix == ".json" or _told_of_signatures(path, args.trust)
    for difference in verdict.differences[:SHOWN]:
        print(f"differs  {difference}")
    if len(verdict.differences) > SHOWN:
        print(f"... and {len(verdict.differences) - SHOWN} more")
    if verdict.differences:
        print(f"{path.name} does not hold: {len(verdict.differences)} differ, {verdict.agreeing} agree")
        return 1
    print(f"{path.name} holds: all {verdict.agreeing} figures agree ({', '.join(verdict.vendors)})")
    return 0 if signed_well else 1


def _told_of_signatures(path: Path, trust: str | None) -> bool:
    """Print who signed the report and whether that holds. False if one does not, or is not trusted where trust was asked for.

    Raises Refused where trust is asked for and there is no signature, or nothing here to check it with.
    """
    from assessments.report import signing
    from riskboard.errors import Refused

    data = path.read_bytes()
    if b"/ByteRange" not in data:  # what every signature names in the open: which bytes it is of
        if trust:
            raise Refused(f"{path.name} is not signed")
        return True
    if not signing.is_available() and not trust:
        print(f"signed, but the signature was not checked: {signing.LACKING}")
        return True
    found = signing.signatures(data, trusted=Path(trust).read_bytes() if trust else None)
    for one in found:
        print(_line(one))
    return bool(found) and all(one.holds and one.trusted is not False for one in found)


def _line(one: Signature) -> str:
    when = f" at {one.at:%Y-%m-%d %H:%M %Z} by the signer's clock" if one.at else ""
    if not one.holds:
        return f"signature of {one.by} does NOT hold: {one.why}"
    trust = {
        None: "whether to trust it was not asked (--trust CERTS.pem)",
        True: "it leads to a certificate you trust",
        False: "it does NOT lead to a certificate you trust",
    }[one.trusted]
    return f"signed by {one.by}{when}; the signature holds; certificate issued by {one.issuer}, {trust}"
