"""docs/sources.md, made from what each source says of itself: `python -m vendors.sources.document` writes it."""

from __future__ import annotations

from pathlib import Path

from vendors.sources.base import Source
from vendors.sources.registry import SOURCES

DOC = Path(__file__).resolve().parents[2] / "docs" / "sources.md"
KINDS = {
    "product": "a product many vendors use",
    "host": "software run by whoever uses it",
    "own": "one vendor's own page",
}
TESTED = {"captures": "real captures", "written": "written fixtures"}
_INTRO = """# What can be read

Made by `python -m vendors.sources.document` from the sources themselves; a test keeps it current.

Paste any address: a home page, a status page, one incident, a feed. Riskboard looks at hosts that belong to one product, then
asks for the document of the commonest product, then reads the address itself, follows its links to status pages and feeds,
asks for the documents of the other products, and tries the usual names of a status page. What answers decides, never what the
address looks like. Where nothing is found, the refusal lists everything that was tried.

**Unknown** means that nothing was understood, or that the page did not say. A page is called well only if a value that is
known says so and nothing open is seen beside it. A web page where JSON was expected, a cut-off file, an empty feed, a
deactivated page and a log-in are unknown.

**Tested on written fixtures** means that no real answer was at hand: the shape comes from documentation or open code, and a
first real page may show it wrong. Then the read is refused with a sentence, not misread.

**Manners.** One reader a host at a time, a minute between two reads of it, nothing before a `Retry-After` has passed, and
nothing while a host fails. Unchanged pages cost one conditional request. The User-Agent says what this is, and whom to ask if
`RISKBOARD_FETCH_CONTACT` is set. Only documents made for the public are asked for, no page is crawled; robots.txt is not
consulted for them, because each is an address the vendor publishes for readers like this one. Where a vendor's terms forbid
automated reading, do not watch its page: enter what you learn as [evidence](evidence.md). How much each document may weigh and
how long a read may take stands in [limits](limits.md); what was read of the real captures in [captures](captures.md).

## Adding a source

One file in `vendors/sources/` with `recognise`, `endpoints` and `parse`, a line in `registry.py`, its documents in
`tests/vendors/product_answers.py` or `own_page_answers.py`. Those tests then hold for it: states, refusals, order, any bytes.
"""


def render() -> str:
    """The document."""
    lines = [_INTRO, f"## All {len(SOURCES)}", ""]
    lines += [
        "| source | id | what it is | tested on | reads | reaches back | start stated | impact | by machine | log-in |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_row(source) for source in SOURCES]
    lines += ["", "## What others fell into", ""]
    for source in SOURCES:
        if source.about.traps or source.about.terms:
            told = "; ".join(part for part in (source.about.traps, source.about.terms) if part)
            lines.append(f"- **{source.name}**: {told}.")
    return "\n".join([*lines, ""])


def _row(source: Source) -> str:
    about = source.about
    cells = (
        source.name, f"`{source.id}`", KINDS[about.kind], TESTED[about.tested], about.reads, about.depth, about.start,
        about.impact, about.automated, "customers only" if about.login else "no",
    )  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


if __name__ == "__main__":
    DOC.write_text(render(), encoding="utf-8")
