"""`riskboard sign`: put a PAdES signature on a finished report."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

HELP = "sign a finished report with your own certificate (PAdES)"
NEEDS_DJANGO = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The report, the key, and where the signed file goes."""
    parser.add_argument("path", metavar="REPORT.pdf")
    parser.add_argument(
        "--p12", metavar="FILE", required=True, help="your key and certificate, as PKCS#12 (.p12, .pfx)"
    )
    parser.add_argument(
        "--passphrase-file", metavar="FILE", help="a file whose first line opens the key; without it, it is asked for"
    )
    parser.add_argument(
        "--out", metavar="OUT", help="where the signed file goes (default: REPORT-signed.pdf beside it)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the signed file; the report stays as it is. Raises Refused where it carries no data that could be checked."""
    from assessments.report.signing import sign, signatures
    from assessments.report.verify import read_report
    from riskboard.errors import Refused
    from riskboard.output import write_output

    path = Path(args.path)
    out = Path(args.out) if args.out else path.with_name(f"{path.stem}-signed.pdf")
    report = read_report(path)
    try:
        key = Path(args.p12).read_bytes()
        passphrase = _passphrase(args.passphrase_file)
    except OSError as fault:
        raise Refused(f"{fault.filename} cannot be read: {fault.strerror}") from fault
    signed = sign(report, key, passphrase, now=datetime.now(UTC))
    write_output(out, signed)
    print(f"{out} is signed by {signatures(signed)[-1].by}; check it with: riskboard verify {out}")
    return 0


def _passphrase(name: str | None) -> bytes | None:
    """What opens the key: from the file, else asked for without showing it; None for a key that is open."""
    import getpass
    import sys

    if name:
        return Path(name).read_bytes().split(b"\n", 1)[0].rstrip(b"\r") or None
    if not sys.stdin.isatty():
        return None
    return getpass.getpass("Passphrase of the key (nothing if it has none): ").encode() or None
