"""Every word of ours in every kind of report is one the catalogues know: read in the pseudo-locale, which brackets those.

What stays outside the brackets must be a word of the record or the plan, a name, a unit, a reference or a file.
"""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from assessments.report import pdf
from assessments.scoring.checks.registry import BY_ID
from riskboard.locales import PSEUDO, speaking
from tests.assessments.test_report_checkers import pairs, rich
from tests.assessments.test_report_continuity import given
from tests.pseudo import WORD, bracket_what_is_known, outside_brackets, texts, words_of
from vendors.catalogue.landmarks import landmarks

# Names, units and what is typed as it stands; nothing a reader of German or French would want otherwise.
AS_THEY_ARE = """
    Riskboard UTC RTO RPO MTD SLA USD EUR SHA Gamma Poisson exp
    riskboard verify REPORT PLAN pdf json csv facts assessment assessments incidents manifest plan figures
    DORA Art RTS risk services ISO IEC NIST CSA CCM CAIQ PRA HECVAT BCR IPY BCPL DRPL iii min
    Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec
"""
NAMES = frozenset(AS_THEY_ARE.split())
IDENTITY = re.compile(r"\bRB-[0-9A-F]{12}\b|\b[0-9a-f]{8,64}\b")
KINDS = {
    "vendor": lambda: (pdf.vendor_report(*rich()), [rich()]),
    "portfolio": lambda: (pdf.portfolio_report(pairs()), [pairs()]),
    "comparison": lambda: (pdf.comparison_report(pairs()), [pairs()]),
    "continuity": lambda: (pdf.plan_report(given(), kind="continuity"), [given().plan, given().judged]),
    "improvement": lambda: (pdf.plan_report(given(), kind="improvement"), [given().plan, given().judged]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_holds_no_word_of_ours_that_cannot_be_translated(kind, monkeypatch):
    pages: list[str] = []

    def keep(html: str, *_: Any, **__: Any) -> Any:
        pages.append(html)
        return SimpleNamespace(data=b"")

    monkeypatch.setattr(pdf, "render_html", keep)
    monkeypatch.setattr(pdf.glyphs, "showable", lambda html: html)  # the font holds no such brackets
    bracket_what_is_known(monkeypatch)
    with speaking(PSEUDO):
        _, records = KINDS[kind]()
    found = texts(pages[0])
    sources = [
        (source.title, source.url) for one in landmarks() for source in one.sources
    ]  # what others call their own accounts
    theirs = (
        set(words_of([msgspec.to_builtins(records), sources]))
        | NAMES
        | {part for name in BY_ID for part in name.split("-")}
    )
    bare = [IDENTITY.sub(" ", text) for text in outside_brackets(found)]
    assert len(found) > 200
    assert [text for text in bare if set(WORD.findall(text)) - theirs] == []
