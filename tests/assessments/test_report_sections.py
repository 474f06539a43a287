"""The newer sections: quotes, what takes over, why the total moved, promises, the whole portfolio; each is verified."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pikepdf
import pytest
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.report import pdf, shared
from assessments.report.beside import NOTHING, Beside, beside_files, beside_from, beside_of, moved_rows, with_standby
from assessments.report.page_text import page_texts
from assessments.report.qr import code
from assessments.report.quoted import told
from assessments.report.verify import squeezed, verify
from assessments.scoring.model import Needs
from assessments.scoring.pipeline import assess
from assessments.scoring.reading import read_words
from assessments.scoring.what_if import Standby
from riskboard.cli import main
from tests.assessments.report_samples import NOW, PAGE, make_facts, make_incident, rich_facts
from vendors.catalogue import index
from vendors.facts_file import normalise
from vendors.records import Update

needs_pdf = pytest.mark.skipif(
    pdf.missing_library() is not None, reason=f"PDF engine: {pdf.missing_library()} is missing"
)
GOOD = (
    "Since 09:10 UTC about 40% of customers in Europe cannot send mail. A failed disk is the cause; we are moving mailboxes. "
    "Please use the web client. Next update at 10:00 UTC."
)
PROMISE = p.Commitment(
    id="pm", vendor="vendor", kind="post-mortem", said="A post-mortem within seven days", made_on=date(2025, 6, 1),
    due_on=date(2025, 6, 8), source="a letter",
)  # fmt: skip


def written(*texts: str, **fields):
    """An outage with those updates, half an hour apart."""
    start = NOW - timedelta(days=20)
    updates = tuple(
        Update(posted_at=start + timedelta(minutes=30 * place), state="investigating", text=text)
        for place, text in enumerate(texts, 1)
    )
    return make_incident(2, updates=updates, **fields)


def read(facts):
    return told(read_words(normalise(facts)), NOW)


def test_the_best_and_the_worst_update_are_quoted_with_what_they_tell_and_leave_out():
    found = read(make_facts([written("We are looking into it.", GOOD, "Mail is delayed.")]))
    best, worst = found.quotes
    assert (best.which, best.words) == ("best", GOOD)
    assert "how many, in figures" in best.tells
    assert best.url.startswith(PAGE)
    assert "30 min after the one before it" in best.silence.replace("\u00a0", " ")
    assert worst.words == "We are looking into it."
    assert (worst.tells, "which part" in worst.omits) == ("nothing of what customers ask", True)


def test_where_the_record_keeps_no_words_the_elements_are_told_and_nothing_is_invented():
    found = read(rich_facts(incidents=40))
    assert [one.words for one in found.quotes] == ["", ""]
    assert all(one.tells and one.url for one in found.quotes)


def test_updates_that_all_tell_the_same_have_no_worst_and_none_at_all_no_quote():
    assert [one.which for one in read(make_facts([written(GOOD)])).quotes] == ["best"]
    assert read(make_facts()) is None
    assert read(make_facts([make_incident(1, updates=())])) is None


def test_the_post_that_ends_an_incident_is_no_worst_update():
    incident = written("Mail is delayed.", GOOD)
    last = Update(posted_at=NOW - timedelta(days=19), state="resolved", text="Resolved.")
    found = read(make_facts([replace(incident, updates=(*incident.updates, last))]))
    assert [one.words for one in found.quotes] == [GOOD, "Mail is delayed."]


@pytest.mark.parametrize(
    "hostile", ["</blockquote><script>alert(1)</script>", "\u202eabc\x00", "x" * 20_000, "=cmd|' /C calc'!A0"]
)
def test_a_hostile_update_is_quoted_clean_and_short(hostile):
    found = read(make_facts([written(f"Mail is down. {hostile}")]))
    assert all(len(one.words) <= 420 and "\u202e" not in one.words and "\x00" not in one.words for one in found.quotes)


def pair(**needs):
    facts = rich_facts(incidents=60)
    return assess(facts, Needs(**needs), as_of=NOW), facts


def beside() -> Beside:
    """All there may be: a second system, an earlier judgement, a promise."""
    facts = rich_facts(incidents=60)
    then = NOW - timedelta(days=90)
    old = replace(facts, as_of=then, window=replace(facts.window, end=then),
                  incidents=tuple(one for one in facts.incidents if one.started_at < then))  # fmt: skip
    return Beside(Standby(1.0, 0.8), "Second mail system", (assess(old, Needs(), as_of=then), old), (PROMISE,))


def test_what_takes_over_lowers_the_curve_from_its_takeover_on_and_never_before():
    a, facts = pair()
    made = with_standby(a, facts, beside())
    assert made is not None
    plain = {at.hours: at.p for at in a.forecast.curve}
    assert all(left <= plain[hours] + 1e-9 for hours, left in made.curve_left)
    assert all(left == pytest.approx(plain[hours], abs=1e-3) for hours, left in made.curve_left if hours < 1.0)
    assert dict(made.curve_left)[max(plain)] < plain[max(plain)]
    assert made.chance_left < a.forecast.p_exceed


def test_a_second_system_that_is_too_late_is_said_to_be():
    a, facts = pair()
    made = with_standby(a, facts, Beside(standby=Standby(48.0)))
    assert made.chance_left == pytest.approx(a.forecast.p_exceed, abs=1e-3)


def test_a_fallback_of_unknown_takeover_or_capacity_is_not_reckoned_with():
    service = p.Service(id="mail", name="Mail", vendor="vendor")
    for known in ({"takeover_hours": 1.0}, {"capacity": 1.0}, {"takeover_hours": 1.0, "capacity": 0.0}):
        plan = p.Plan(services=(service,), fallbacks=(p.Fallback(id="b", name="B", service="mail", **known),))
        assert beside_of(plan, "vendor").standby is None
    plan = p.Plan(
        services=(service,), commitments=(PROMISE, replace(PROMISE, id="x", vendor="other")),
        fallbacks=(p.Fallback(id="b", name="B", service="mail", takeover_hours=2.0, capacity=0.5),
                   p.Fallback(id="c", name="C", service="mail", takeover_hours=1.0, capacity=0.4)),
    )  # fmt: skip
    assert beside_of(plan, "vendor") == Beside(Standby(1.0, 0.4), "C", None, (PROMISE,))
    assert beside_of(plan, "elsewhere") == NOTHING


def test_what_stands_beside_comes_back_from_its_files():
    given = beside()
    again = beside_from(beside_files(given))
    assert (again.standby, again.commitments, again.since[0]) == (given.standby, given.commitments, given.since[0])
    assert beside_files(NOTHING) == {}
    assert beside_from({}) == NOTHING


def test_the_causes_add_up_to_what_the_total_moved_by():
    a, facts = pair()
    _, rows = moved_rows(a, facts, beside())
    then, *causes, now = (float(points) for _, points in rows)
    assert then + sum(causes) == pytest.approx(now, abs=0.011)


@pytest.fixture(scope="module")
def full() -> bytes:
    if pdf.missing_library() is not None:
        pytest.skip(f"PDF engine: {pdf.missing_library()} is missing")
    return pdf.render_vendor(*pair(), beside=beside())


def test_a_report_with_everything_beside_it_verifies_and_is_the_same_every_time(full, tmp_path):
    path = tmp_path / "r.pdf"
    path.write_bytes(full)
    assert verify(path) == []
    assert pdf.render_vendor(*pair(), beside=beside()) == full
    text = squeezed(" ".join(page_texts(full)))
    for words in ("Conditionsbeforesigning", "WithSecondmailsystem", "Whythetotalmoved", "Thebest:", "Clauseindex"):
        assert words in text


def forged(data: bytes, name: str, old: bytes, new: bytes, path):
    with pikepdf.open(io.BytesIO(data)) as document:
        was = document.attachments[name].get_file().read_bytes()
        assert old in was
        document.attachments[name] = pikepdf.AttachedFileSpec(document, was.replace(old, new, 1), filename=name)
        document.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "old", "new", "found"),
    [
        ("beside.json", b'"takeover_hours":1.0', b'"takeover_hours":9.0', "page figure standby"),
        ("beside.json", b"within seven days", b"within seventy days", "page figure promise.pm"),
        ("manifest.json", b"clauses[DORA 30(2)(e)]", b"clauses[DORA 30(2)(f)]", "page figure clauses[DORA 30(2)(e)]"),
        ("manifest.json", b'"moved"', b'"mowed"', "page figure moved"),
        ("manifest.json", b'"said.best"', b'"said.west"', "page figure said.best"),
    ],
)
def test_a_changed_figure_of_each_section_is_caught(full, tmp_path, name, old, new, found):
    said = [str(one) for one in verify(forged(full, name, old, new, tmp_path / "forged.pdf"))]
    assert any(one.startswith(found) for one in said), said[:6]


@pytest.mark.parametrize("words", ["Conditions", "updates written during outages", "are addressed,", "is left"])
def test_a_figure_overwritten_on_the_page_is_caught(full, tmp_path, monkeypatch, words):
    from assessments.report import verify as module

    path = tmp_path / "r.pdf"
    path.write_bytes(full)
    pages = module._pages(full, path)
    hidden = {"Conditions": "late" + squeezed("A post-mortem")}.get(words, squeezed(words))
    hidden = squeezed("hours are left") if words == "is left" else hidden
    assert any(hidden in page for page in pages)
    monkeypatch.setattr(module, "_pages", lambda *_: [page.replace(hidden, "") for page in pages])
    assert any("another text on the pages" in str(one) for one in module.verify(path))


def test_the_code_is_drawn_titled_and_left_out_where_an_address_is_too_long():
    shape = code("https://status.vendor.example", "The vendor's status page")
    assert "<title>The vendor&#x27;s status page</title>" in shape
    assert "<path" in shape
    assert code("", "x") == code("https://vendor.example/" + "a" * 400, "x") == ""


def several(*slugs: str):
    return [(assess(one, Needs(), as_of=one.as_of), one) for one in map(index.load, slugs)]


def test_vendors_that_blame_the_same_provider_are_shown_to_share_it():
    pairs = several("jira", "bitbucket", "modal", "aws")
    rows = {upstream: names for upstream, names, _ in shared.shared_rows(pairs)}
    assert set(rows["aws"]) == {"Jira", "Bitbucket", "Modal", "Amazon Web Services"}
    assert "4 of 4 vendors stand on aws" in shared.shared_sentence(pairs).replace("\u00a0", " ")
    assert {dot.name: dot.stands_on for dot in shared.dots(pairs)}["Jira"] == ("aws",)
    assert "not known what it stands on" in shared.shared_sentence(several("pagerduty", "jira")).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("recent", "earlier", "said"),
    [(20, 2, "more than before"), (2, 20, "fewer than before"), (5, 6, "no clear change")],
)
def test_a_trend_is_named_only_where_chance_hardly_explains_it(recent, earlier, said):
    incidents = [make_incident(n, days_ago=10 + n * 15, hours=2.0) for n in range(recent)]
    incidents += [make_incident(100 + n, days_ago=375 + n * 15, hours=2.0) for n in range(earlier)]
    facts = make_facts(incidents, days=800)
    found = shared.trend_of(assess(facts, Needs(), as_of=NOW), facts)
    assert found[:2] == (str(recent), str(earlier))
    assert found[2] in (said, "publishing fell off: no evidence of fewer")


def test_a_short_record_has_no_trend():
    facts = make_facts([make_incident(1)], days=400)
    assert shared.trend_of(assess(facts, Needs(), as_of=NOW), facts)[2] == "less than two years of record"


@needs_pdf
def test_a_portfolio_prints_at_most_forty_vendors_a_page_and_repeats_the_header(tmp_path):
    facts = make_facts([make_incident(1)], days=800)
    pairs = [
        (assess(one, Needs(), as_of=NOW), one)
        for n in range(60)
        for one in (replace(facts, vendor=replace(facts.vendor, slug=f"v{n}", name=f"Vendor {n}")),)
    ]
    made = pdf.render_portfolio(pairs)
    pages = page_texts(made)
    rows = [squeezed(page).count("2026-01-014h") for page in pages]  # a vendor's line begins with its day and its RTO
    assert max(rows) <= 40
    assert sum(rows) >= 60


def test_the_command_takes_a_second_system_and_a_plan_into_the_report(tmp_path, capsys):
    if pdf.missing_library() is not None:
        pytest.skip("no PDF engine")
    out = tmp_path / "out.pdf"
    asked = ["assess", "microsoft-bpos-2011", "--plan", "microsoft-bpos-2011", "--standby", "1h", "--pdf", str(out)]
    assert main(asked) == 0
    assert verify(out) == []
    text = squeezed(" ".join(page_texts(out.read_bytes())))
    assert "Conditionsbeforesigning" in text
    assert main(["assess", "microsoft-bpos-2011", "--standby", "soon", "--pdf", str(out)]) == 1
    assert "--standby" in capsys.readouterr().err
