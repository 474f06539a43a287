"""Coverage-guided fuzzing of the parsers: `python -m tests.fuzzing SOURCE… [--minutes 10]`, or `all`.

Needs the optional extra `fuzz` (atheris). Seeds are the captures of the product where they are at hand, and a few small
documents. A parser may refuse with SourceChanged and nothing else; what it returns must be facts that read back as they
were. A crash, a hang of ten seconds or a gigabyte of memory ends the run, and the input is kept under var/fuzz.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

VAR = Path("var/fuzz")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
HANG_SECONDS, MEMORY_MIB, LONGEST = 10, 1024, 200_000
SMALL = (
    b"", b"{}", b"[]", b"null", b'{"page":{}}', b"<html></html>", b"<rss><channel></channel></rss>",
    b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', b"\xfe\xff\x00[\x00]", b"a: 1\n",
)  # fmt: skip


def main() -> int:
    """Run each source in a process of its own; 1 if any failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("sources", nargs="+")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        return _fuzz(options.sources[0], options.minutes)
    from vendors.sources.registry import SOURCES, by_id

    names = [source.id for source in SOURCES] if options.sources == ["all"] else options.sources
    unknown = [name for name in names if by_id(name) is None]
    if unknown:
        print(f"{unknown[0]!r} is no source; known are: {', '.join(source.id for source in SOURCES)}", file=sys.stderr)
        return 2
    failed = []
    for name in names:
        command = [sys.executable, "-m", "tests.fuzzing", name, "--minutes", str(options.minutes), "--inside"]
        if subprocess.call(command):
            failed.append(name)
    print(f"{len(names) - len(failed)} of {len(names)} sources ran {options.minutes:g} minutes without a fault")
    return 1 if failed else 0


def _fuzz(name: str, minutes: float) -> int:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install '.[fuzz]'", file=sys.stderr)
        return 1
    with atheris.instrument_imports(include=["vendors"]):
        from vendors.facts_file import dumps, loads
        from vendors.inspection import facts_from
        from vendors.sources.base import NOWHERE, Raw, SourceChanged
        from vendors.sources.registry import by_id
        from vendors.sources.shapes import kind_of
    source = by_id(name)
    assert source is not None

    def target(data: bytes) -> None:
        raw = Raw(url="https://status.example.com/x", body=data, fetched_at=NOW)
        assert 0.0 <= source.recognise(raw) <= 1.0
        for page in ("https://status.example.com", NOWHERE):
            try:
                parsed = source.parse(page, {kind_of(data): raw}, as_of=NOW)
            except SourceChanged:
                continue
            facts = facts_from(parsed, as_of=NOW)
            assert loads(dumps(facts)) == facts

    seeds = VAR / name
    seeds.mkdir(parents=True, exist_ok=True)
    for n, seed in enumerate([*SMALL, *_captured(name)]):
        (seeds / f"seed-{n}").write_bytes(seed[:LONGEST])
    flags = [
        f"-max_total_time={int(minutes * 60)}", f"-max_len={LONGEST}", f"-timeout={HANG_SECONDS}",
        f"-rss_limit_mb={MEMORY_MIB}", f"-artifact_prefix={seeds}/fault-", "-print_final_stats=1",
    ]  # fmt: skip
    atheris.Setup([sys.argv[0], *flags, str(seeds)], target)
    atheris.Fuzz()
    return 0


def _captured(name: str) -> list[bytes]:
    """The captures that this source reads best, small ones first; none where the folder is missing."""
    from tests.captures import captures
    from vendors.sources.base import Raw
    from vendors.sources.registry import recognise

    found = []
    for capture in captures():
        if capture.path.stat().st_size <= LONGEST:
            body = capture.read()
            source = recognise(Raw(url="", body=body, fetched_at=NOW))
            if source is not None and source.id == name:
                found.append(body)
    return sorted(found, key=len)[:30]


if __name__ == "__main__":
    raise SystemExit(main())
