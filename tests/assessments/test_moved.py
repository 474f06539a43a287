"""Why a total moved, and whether an order of vendors holds under other weights."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from assessments.report import pdf
from assessments.scoring.model import Needs
from assessments.scoring.moved import Moved, moved, sentence
from assessments.scoring.pipeline import assess
from assessments.scoring.stability import stability
from riskboard import cli
from tests.assessments.making import NOW, make_facts, make_incident
from vendors.records import BackupAnswer, Observation, Vendor

needs_pdf = pytest.mark.skipif(
    pdf.missing_library() is not None and os.environ.get("CI") != "true",
    reason=f"PDF engine: {pdf.missing_library()} is missing",
)
RECORD = tuple(make_incident(n, components=("Mail",) if n % 2 else ("Files", "Mail")) for n in range(1, 12))
ANSWERED = tuple(BackupAnswer(item=f"B{n}", answer="yes", answered_at=NOW) for n in range(2, 14))
FACTS = make_facts(RECORD, backup=ANSWERED)
LATER = NOW + timedelta(days=90)
AT = LATER - timedelta(days=20)


def later(*incidents, **fields):
    window = msgspec.structs.replace(FACTS.window, end=LATER)
    return msgspec.structs.replace(
        FACTS,
        as_of=LATER,
        window=window,
        incidents=tuple(sorted((*RECORD, *incidents), key=lambda i: i.started_at)),
        **fields,
    )


def change(new_facts, *, at=LATER, then=None, needs=None):
    before = then or assess(FACTS, Needs(), as_of=NOW)
    return moved(before, FACTS, assess(new_facts, needs or Needs(), as_of=at), new_facts)


def parts(found: Moved) -> Decimal:
    return sum((Decimal(str(p)) for p in (found.method, found.decay, found.record, found.evidence)), Decimal(0))


BAD = tuple(make_incident(90 + n, days_ago=-float(n), hours=9.0) for n in range(3, 60, 9))


@pytest.mark.parametrize(
    "facts", [later(), later(*BAD), later(openness=(Observation(check="access", outcome="pass", observed_at=AT),))]
)
def test_the_parts_add_up_to_the_cent(facts):
    found = change(facts)
    assert parts(found) == Decimal(str(found.now)) - Decimal(str(found.then))


def test_new_outages_are_the_record_s_doing():
    found = change(later(*BAD))
    assert found.record < -1
    assert (found.method, found.evidence) == (0, 0)


def test_an_answer_is_evidence_and_nothing_else():
    needs = Needs(backup=(BackupAnswer(item="B1", answer="yes", answered_at=NOW),))
    before = assess(FACTS, Needs(), as_of=NOW)
    facts = msgspec.structs.replace(FACTS, as_of=NOW + timedelta(seconds=1))
    found = moved(before, FACTS, assess(facts, needs, as_of=NOW + timedelta(seconds=1)), facts)
    assert found.evidence != 0
    assert (found.method, found.record, found.decay) == (0, 0, 0)


def test_time_alone_is_decay():
    found = change(later())
    assert found.decay > 0  # a quarter without an outage
    assert (found.method, found.record, found.evidence) == (0, 0, 0)


def test_another_method_s_total_is_the_method_s_doing():
    printed = assess(FACTS, Needs(), as_of=NOW)
    other = msgspec.structs.replace(
        printed, score=msgspec.structs.replace(printed.score, value=round(printed.score.value + 7, 2))
    )
    found = change(FACTS, then=other)
    assert found.method == -7


def test_nothing_is_said_where_one_of_the_two_shows_no_total():
    thin = make_facts((), years=0.2)
    assert moved(assess(thin, Needs(), as_of=NOW), thin, assess(later(), Needs(), as_of=LATER), later()) is None


def test_two_vendors_and_a_step_back_in_time_are_refused():
    other = make_facts(RECORD, vendor=Vendor(name="Other", slug="other", category="email"))
    with pytest.raises(ValueError, match="are two vendors"):
        moved(assess(other, Needs(), as_of=NOW), other, assess(later(), Needs(), as_of=LATER), later())
    with pytest.raises(ValueError, match="not later"):
        change(FACTS, at=NOW)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (Moved(NOW, 50.0, 46.9, 0.0, -0.2, -2.9, 0.0), "moved by -3.10: new incidents -2.90, time gone by -0.20."),
        (Moved(NOW, 50.0, 50.0, 1.0, 0.0, -1.0, 0.0), "has not moved"),
        (Moved(NOW, 50.0, 52.5, 2.5, 0.0, 0.0, 0.0), "moved by +2.50: a new method +2.50."),
    ],
)
def test_the_line_names_only_what_moved_it(made, told):
    assert told in sentence(made)


def vendor(slug: str, count: int, hours: float):
    incidents = tuple(make_incident(n, hours=hours) for n in range(1, count))
    facts = make_facts(incidents, vendor=Vendor(name=slug, slug=slug, category="email"), backup=ANSWERED)
    return assess(facts, Needs(), as_of=NOW)


def test_the_order_of_vendors_far_apart_holds_and_that_of_twins_is_no_order():
    good, bad = vendor("good", 8, 1.0), vendor("bad", 50, 20.0)
    firm = stability([bad, good])
    assert [s.slug for s in firm.standings] == ["good", "bad"]
    assert (firm.order_holds, firm.pairs) == (1.0, (1.0,))
    assert [(s.rank, s.low, s.high) for s in firm.standings] == [(1, 1, 1), (2, 2, 2)]


def test_a_close_race_is_told_as_one():
    close = stability([vendor("a", 12, 3.0), vendor("b", 12, 3.3), vendor("c", 13, 3.0), vendor("d", 40, 30.0)])
    assert close.standings[-1].slug == "d"
    assert all(0 <= share <= 1 for share in close.pairs)
    assert sum(s.first for s in close.standings) == pytest.approx(1)
    assert stability([vendor("d", 40, 30.0), vendor("c", 13, 3.0), vendor("b", 12, 3.3), vendor("a", 12, 3.0)]) == close


def test_who_shows_no_total_has_no_rank():
    thin = assess(make_facts((), years=0.2), Needs(), as_of=NOW)
    assert stability([thin]).standings == ()


def test_compare_prints_every_vendor_and_ranks_those_with_a_total(capsys):
    assert cli.main(["compare", "trello", "datocms", "microsoft-bpos-2011"]) == 0
    printed = capsys.readouterr().out
    assert printed.index("Trello") < printed.index("Microsoft BPOS") < printed.index("DatoCMS")
    assert "not ranked: no total is shown" in printed


def test_compare_as_json_holds_the_assessments(capsys):
    assert cli.main(["compare", "trello", "bitbucket", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert [a["vendor"]["slug"] for a in document["assessments"]] == ["trello", "bitbucket"]
    assert {s["slug"] for s in document["stability"]["standings"]} == {"trello", "bitbucket"}


def test_compare_refuses_a_vendor_named_twice(capsys):
    assert cli.main(["compare", "trello", "trello"]) == 1
    assert "named twice" in capsys.readouterr().err


@needs_pdf
def test_compare_writes_a_portfolio_report_that_verifies(tmp_path, capsys):
    out = tmp_path / "both.pdf"
    assert cli.main(["compare", "trello", "microsoft-bpos-2011", "--pdf", str(out)]) == 0
    capsys.readouterr()
    assert cli.main(["verify", str(out)]) == 0


@needs_pdf
def test_assess_says_why_the_total_moved_since_a_report(tmp_path, capsys):
    early, other = tmp_path / "early.pdf", tmp_path / "other.pdf"
    assert cli.main(["assess", "github", "--as-of", "2026-01-01", "--pdf", str(early)]) == 0
    capsys.readouterr()
    assert cli.main(["assess", "github", "--since", str(early)]) == 0
    assert "Since 2026-01-01 the total" in capsys.readouterr().out
    assert cli.main(["assess", "trello", "--since", str(early)]) == 1
    assert "are two vendors" in capsys.readouterr().err
    other.write_bytes(b"no report")
    assert cli.main(["assess", "github", "--since", str(other)]) == 1
    assert "is no readable PDF" in capsys.readouterr().err
