"""Thirty documents and records made to hang, crash or fool the render: each ends in time, as a whole PDF or in a sentence.

`pytest -m hostile` runs them alone. The limits of time are cut short here, so that those which would run into them do so soon.
"""

from __future__ import annotations

import base64
import functools
import io
import os
import re
import struct
import time
import zlib
from datetime import timedelta

import pikepdf
import pytest

from assessments.report import pdf
from assessments.report.engine import rendering
from assessments.report.engine.order import Limits, Order
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from riskboard.errors import Refused
from tests.assessments.report_samples import NOW, make_facts, make_incident
from vendors.records import BackupAnswer, Conflict, Observation, SourceNote, Update

pytestmark = [
    pytest.mark.hostile,
    pytest.mark.renders,
    pytest.mark.skipif(
        pdf.missing_library() is not None and os.environ.get("CI") != "true",
        reason=f"the PDF engine lacks {pdf.missing_library()}; {pdf.INSTALL}",
    ),
]
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99" height="99"><title>t</title>'
ENDS = (
    "may not load|was not made|took longer than|more than .* of memory|engine broke|was killed|nested too deeply|"
    "at most 300 are made|could not be written"
)
SHORT = Limits(soft_seconds=4, hard_seconds=8)
PATIENT = Limits(soft_seconds=300, hard_seconds=310)


def nested_uses(depth: int, each: int) -> str:
    """A picture that names itself again and again: `each` to the power of `depth` squares."""
    groups = ['<g id="g0"><rect width="1" height="1" /></g>']
    groups += [f'<g id="g{n}">{f"""<use xlink:href="#g{n - 1}" />""" * each}</g>' for n in range(1, depth)]
    return f'{SVG}<defs>{"".join(groups)}</defs><use xlink:href="#g{depth - 1}" /></svg>'


def png(side: int) -> str:
    """A `data:` address of a black picture, side by side pixels, of a few kilobytes."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress((b"\0" + b"\0" * ((side + 7) // 8)) * side, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")
    return f"data:image/png;base64,{base64.b64encode(data).decode()}"


def in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


MARKUP = {
    "a word of 100,000 characters": lambda: f"<p>{'unbreakable' * 9100}</p>",
    "a word of 100,000 characters in a cell": lambda: f"<table><tr><th scope=col>{'x' * 100_000}</th></tr><tr><td>y</table>",
    "60 tables in one another": lambda: "<table><tr><td>" * 60 + "x" + "</td></tr></table>" * 60,
    "5,000 boxes in one another": lambda: "<div>" * 5000 + "x" + "</div>" * 5000,
    "huge lengths": lambda: "<p style='width:1e30px;margin-left:-1e20px;font-size:1e9px;line-height:1e9;text-indent:1e15px'>x",
    "huge page": lambda: "<style>@page { size: 1e9mm 1e9mm }</style><p>x",
    "no page": lambda: "<style>@page { size: 0.001mm 0.001mm; margin: 9cm }</style><p>x y z",
    "10,000 nodes of a picture": lambda: (
        SVG + "".join(f'<rect x="{n % 99}" y="{n // 99}" width="1" height="1" />' for n in range(10_000)) + "</svg>"
    ),
    "2,000 groups in one another": lambda: SVG + "<g>" * 2000 + '<rect width="9" height="9" />' + "</g>" * 2000 + "</svg>",
    "a picture of 10 to the 9th squares": lambda: nested_uses(9, 10),
    "a picture that uses itself": lambda: f'{SVG}<g id="a"><use xlink:href="#a" /></g><use xlink:href="#a" /></svg>',
    "coordinates that are no numbers": lambda: (
        f'{SVG}<path d="M NaN 1e999 L 1e308 1e308 A 0 0 0 0 0 1 1 Z" /><circle r="1e300" cx="-1e300" /></svg>'
    ),
    "a million columns of a cell": lambda: "<table><tr><td colspan=1000000 rowspan=1000000>x<tr><td>y</table>",
    "a million columns of text": lambda: "<div style='column-count:1000000;column-gap:0'>x y z</div>",
    "a grid of 100,000 tracks": lambda: "<div style='display:grid;grid-template-columns:repeat(100000, 1px)'><p>x</div>",
    "40 flexible boxes in one another": lambda: "<div style='display:flex'>" * 40 + "x" + "</div>" * 40,
    "3,000 floats": lambda: "<div style='float:left;width:30%'>x</div>" * 3000,
    "10,000 pages": lambda: "<style>p { break-before: page }</style>" + "<p>x" * 10_000,
    "a picture of a gigapixel": lambda: f'<img alt=x src="{png(32_000)}">',
    "a picture in data in a picture in data": lambda: (
        "<img alt=x src='data:image/svg+xml;base64," + in_base64(f"{SVG}<image href='{png(9)}' /></svg>") + "'>"
    ),
    "200,000 marks on one letter": lambda: "<p>x" + "\u0301" * 200_000,
    "marks of direction": lambda: "<p>" + "\u202e\u2066abc\u2069\u202d\u200f" * 5000,
    "a property of 2 to the 24th words": lambda: (
        "<style>:root { --a0: x x;"
        + "".join(f"--a{n}: var(--a{n - 1}) var(--a{n - 1});" for n in range(1, 24))
        + " } p::before { content: var(--a23) }</style><p>x"
    ),
    "3,000 rules against 3,000 boxes": lambda: (
        "<style>" + "".join(f"div div > * ~ p:nth-child({n}n) + p {{ margin: 0 }}" for n in range(1, 3001)) + "</style>"
        + "<div><div>" + "<p>x" * 3000
    ),
    "broken bytes and tags": lambda: "</p></body><table><p><tr></svg><svg><math><![CDATA[\ufffe\x0b&#0;&#x1F;<plaintext>",
}  # fmt: skip


def given(incidents=(), **fields):
    facts = make_facts(incidents, **fields)
    return assess(facts, Needs(), as_of=NOW), facts


HTML = "</style></title></script><script>alert(1)</script><img src=x onerror=alert(1)><iframe src='file:///etc/passwd'>"
PICTURE = "<svg onload=alert(1)><image href='http://127.0.0.1:9/x'/></svg>"
DATA = "data:text/html,<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://127.0.0.1:9/","x")|\'cmd\'!A1'
BIDI = "\u202egnp.exe\u2066\u2069\u200f البريد \x00\x07\ud7ff\ufdd0"


def everywhere(text: str):
    """The text in every field of a record that takes words, and in every address."""
    updates = tuple(Update(posted_at=NOW - timedelta(days=n + 1), text=text, state=text[:30]) for n in range(3))
    conflict = Conflict(field="started_at", used=text[:80], instead_of=text[:80], why=text)
    return given(
        [make_incident(n, title=text, url=text, updates=updates, components=(text[:100],), conflicts=(conflict,)) for n in (1, 2)],
        name=text[:300],
        openness=(Observation(check="access", outcome="pass", observed_at=NOW, url=text, note=text),),
        backup=(BackupAnswer(item="B1", answer="yes", evidence=text, answered_at=NOW),),
        sources=(SourceNote(name=text, retrieved="2026-01-01", url=text, sha256="0" * 64),),
    )  # fmt: skip


RECORDS = {
    "markup in every field": lambda: everywhere(HTML),
    "pictures in every field": lambda: everywhere(PICTURE),
    "data: addresses in every field": lambda: everywhere(DATA),
    "formulas in every field": lambda: everywhere(FORMULA),
    "marks of direction in every field": lambda: everywhere(BIDI),
    "10,000 incidents": lambda: given(
        [make_incident(n, days_ago=n * 0.2, hours=1 + n % 9) for n in range(1, 10_001)], days=2200
    ),
    "a title of 100,000 characters": lambda: given([make_incident(1, title="unbreakable" * 9100)]),
    "no incident and no answer": lambda: given(days=None, pages=()),
}


def render(body: str, limits: Limits = SHORT) -> bytes:
    html = f"<!DOCTYPE html><html lang=en><title>t</title><body><h1>t</h1>{body}</body></html>"
    return rendering.render(
        Order(html.encode(errors="replace"), {}, {}, NOW, "pdf/ua-1", pdf.LONGEST_PAGES), limits=limits
    ).data


def is_whole(data: bytes) -> bool:
    with pikepdf.open(io.BytesIO(data)) as document:
        return 0 < len(document.pages) <= pdf.LONGEST_PAGES


@pytest.mark.parametrize("make", MARKUP.values(), ids=MARKUP)
def test_hostile_markup_ends_in_time_and_the_next_is_fine(make):
    body = make()
    begun = time.monotonic()
    try:
        made = render(body)
    except Refused as refusal:
        said = str(refusal)
    else:
        said = ""
        assert is_whole(made)
    took = time.monotonic() - begun
    assert not said or re.search(ENDS, said), said
    assert "tried to" not in said
    assert took < SHORT.hard_seconds + 30  # the engine's start on a busy machine, not the render: that is cut
    assert is_whole(render("<p>Mail is delayed.", PATIENT))  # fine, however long it waits for the processor


@pytest.mark.parametrize("make", RECORDS.values(), ids=RECORDS)
def test_hostile_records_make_a_whole_report_that_opens_nothing(make, monkeypatch):
    """Whole, whatever else the machine does meanwhile: that a render is cut in time is shown above, and for each limit."""
    patient = functools.partial(rendering.render, limits=PATIENT)
    monkeypatch.setattr(rendering, "render", patient)
    assessment, facts = make()
    made = pdf.vendor_report(assessment, facts)
    assert 8 <= made.pages <= 20
    with pikepdf.open(io.BytesIO(made.data)) as document:
        notes = [note for page in document.pages for note in page.get("/Annots", [])]
        actions = [note.A for note in notes if "/A" in note]
        assert {str(one.S) for one in actions} <= {"/URI", "/GoTo"}
        addresses = [str(one.URI) for one in actions if "/URI" in one]
        assert [one for one in addresses if not one.startswith(("https://", "http://"))] == []
        assert "/JavaScript" not in document.Root.get("/Names", {})
        assert "/OpenAction" not in document.Root
        assert set(document.attachments) == {"facts.json", "assessment.json", "incidents.csv", "manifest.json"}
        rows = document.attachments["incidents.csv"].get_file().read_bytes()
    assert not re.search(rb"(?m)(^|,)\"?[=+@]", rows)


def test_there_are_thirty():
    assert len(MARKUP) + len(RECORDS) >= 30
