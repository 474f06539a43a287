"""The pages people open every day: what they show, what they leave out, and that they cost the same for many as for few."""

from __future__ import annotations

import csv
import html
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from assessments import following, noted, plans
from assessments.board.incident import pieces
from assessments.board.portfolio import headline
from assessments.models import Followed
from assessments.report.charts.matrix import Dot, matrix
from assessments.report.tokens import SCREEN
from assessments.scoring.model import Needs
from assessments.scoring.words import measure
from assessments.verbs import assess_vendor
from riskboard.accounts.models import AuditEntry, Workspace
from riskboard.accounts.scope import inside
from riskboard.errors import Refused
from riskboard.jobs.models import Job
from tests.assessments.making import NOW, make_facts, make_incident
from tests.records import short
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident, Observation, StatusPage, Watch
from vendors.polling import facts_changed
from vendors.records import Update, Vendor

pytestmark = pytest.mark.django_db
TEXT = "We are investigating errors with the API. About 20% of customers in Frankfurt are affected. Next update by 14:30 UTC."


def follow(slug: str, *, rto: float = 4.0) -> Followed:
    facts = short(slug)
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=rto), as_of=facts.as_of)
    return Followed.objects.get(vendor__slug=slug)


def follow_made(name: str, *incidents) -> Followed:
    facts = make_facts(incidents or (make_incident(1),))
    page = facts.pages[0].url.replace("https://", f"https://{name}.")
    moved = [_at(one, page) for one in facts.incidents]
    facts = _with(facts, vendor=Vendor(name=name.title(), slug=name, category="email"), incidents=tuple(moved))
    facts = _with(facts, pages=(_with(facts.pages[0], url=page),))
    assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    return Followed.objects.get(vendor__slug=name)


def _with(record, **fields):
    from msgspec.structs import replace

    return replace(record, **fields)


def _at(incident, page: str):
    return _with(incident, page=page)


def test_before_the_first_assessment_the_way_to_it_stands_on_the_first_page(client):
    assert "Name a cloud vendor" in client.get("/").content.decode()
    assert "Assess the first" in client.get("/vendors/").content.decode()
    assert client.get("/compare/").status_code == 200


def test_the_portfolio_says_in_its_first_line_how_many_vendors_keep_one_waiting(client):
    follow("github")
    follow("trello", rto=72)
    page = client.get("/").content.decode()
    assert (
        "One of your two vendors is likelier than not to be down for longer than you can wait, within a year." in page
    )
    assert "Nothing: no incident is open" in page


@pytest.mark.parametrize(
    ("chances", "expected"),
    [
        ([0.9], "Your one vendor is likelier than not"),
        ([0.1], "Your one vendor is not likelier than not"),
        ([None], "Of your one vendor, too little is known to say."),
        ([0.1, 0.2], "None of your two vendors are likelier than not"),
        ([0.5, 0.49, None], "One of your three vendors is likelier than not to be down for longer than you can wait, "
                            "within a year. Of one, too little is known to say."),
    ],
)  # fmt: skip
def test_the_headline_counts_what_is_known_and_says_what_is_not(chances, expected):
    likely = sum(chance is not None and chance >= 0.5 for chance in chances)
    assert headline(len(chances), likely=likely, unknown=chances.count(None)).startswith(expected)


def test_an_incident_is_open_only_on_a_page_that_is_read(client):
    followed = follow_made("mailer", make_incident(1, resolved_at=None, end_known="open", status="investigating"))
    Incident.objects.update(started_at=timezone.now() - timedelta(hours=2))
    assert "incident open" not in client.get("/vendors/").content.decode()
    Watch.objects.create(page=followed.vendor.pages.get(), due_at=timezone.now())
    assert "incident open" in client.get("/vendors/").content.decode()
    assert "An incident is open at Mailer" in client.get("/").content.decode()
    assert "Mailer" in client.get("/vendors/?state=open").content.decode()


def test_a_page_that_cannot_be_read_needs_somebody(client):
    followed = follow_made("mailer")
    page = followed.vendor.pages.get()
    StatusPage.objects.filter(pk=page.pk).update(fault="the page answered 500")
    Watch.objects.create(page=page, due_at=timezone.now(), failures=3)
    assert "cannot be read: the page answered 500" in client.get("/").content.decode()
    assert "page not readable" in client.get("/vendors/?state=stale").content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"GitHub", "Slack"}),
        ("q=hub", {"GitHub"}),
        ("q=HUB+dev", {"GitHub"}),
        ("q=critical", {"Slack"}),
        ("q=nothing", set()),
        ("category=collaboration", {"Slack"}),
        ("grade=E", {"GitHub"}),
        ("grade=none", {"Slack"}),
        ("tag=critical", {"Slack"}),
        ("tag=crit", set()),
        ("over=0.7", {"GitHub"}),
        ("state=disputed", set()),
        ("away=true", set()),
    ],
)
def test_the_list_shows_what_its_address_asks_for(client, query, found):
    follow("github")
    follow("slack", rto=8)
    noted.tag(["slack"], add=["critical"])
    page = client.get(f"/vendors/?{query}").content.decode()
    assert {name for name in ("GitHub", "Slack") if f">{name}</a>" in page} == found


@pytest.mark.parametrize("query", ["over=much", "over=7", "sort=colour", "grade=Z", f"q={'x' * 300}", "page=minus"])
def test_a_faulty_question_says_which_field_and_shows_the_list(client, query):
    follow("github")
    answer = client.get(f"/vendors/?{query}")
    assert answer.status_code == (200 if "page" in query else 400)
    assert ">GitHub</a>" in answer.content.decode()


def test_the_list_is_taken_away_as_it_is_narrowed_and_no_cell_begins_as_a_formula(client):
    follow("github")
    follow("together-ai")
    follow_made("mailer")
    Followed.objects.filter(vendor__slug="github").update(note='=HYPERLINK("http://x")')
    data = client.get("/vendors.csv?q=git").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(data)))
    assert [row["slug"] for row in rows] == ["github"]
    assert rows[0]["note"].startswith("'=")
    assert float(rows[0]["chance_beyond_rto_a_year"]) == Followed.objects.get(vendor__slug="github").newest.chance
    everything = list(csv.DictReader(io.StringIO(client.get("/vendors.csv").content.decode("utf-8-sig"))))
    book = load_workbook(io.BytesIO(client.get("/vendors.xlsx").content)).active
    assert [str(cell.value) for cell in book["B"][1:]] == [row["slug"] for row in everything]
    rto = [cell.value for cell in book[1]].index("rto_hours")
    assert isinstance(book[2][rto].value, int | float), "figures stay figures"
    assert {row["slug"]: row["readiness"] for row in everything}["together-ai"] == ""
    assert client.get("/vendors.csv?over=7").status_code == 400


def test_what_is_not_known_stands_last_whichever_way_the_list_is_sorted(client):
    follow("github")
    follow("together-ai")
    for sort in ("readiness", "-readiness", "chance", "-chance"):
        page = client.get(f"/vendors/?sort={sort}").content.decode()
        assert page.index(">GitHub</a>") < page.index(">Together AI</a>")


def test_a_list_asks_as_often_for_many_vendors_as_for_few(client):
    counts = []
    for names in (["first"], [f"vendor{n}" for n in range(12)]):
        for name in names:
            follow_made(name)
        for path in ("/vendors/", "/"):
            client.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert client.get(path).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[2]
    assert counts[1] == counts[3]


def test_many_vendors_are_tagged_put_away_and_brought_back_with_a_trail(client):
    for slug in ("github", "slack"):
        follow(slug)
    act = reverse("vendors-bulk")
    assert (
        client.post(act, {"act": "tag", "tag": " Payroll ,payroll, EU", "vendors": ["github", "slack"]}).status_code
        == 302
    )
    assert Followed.objects.get(vendor__slug="slack").tags == ["eu", "payroll"]
    client.post(act, {"act": "untag", "tag": "eu", "vendors": ["slack"]})
    assert Followed.objects.get(vendor__slug="slack").tags == ["payroll"]
    away = client.post(act, {"act": "away", "vendors": ["slack"], "back": "q=s"}, follow=True)
    assert away.redirect_chain[0][0] == "/vendors/?q=s"
    assert "Bring it back" in away.content.decode()
    assert not Followed.objects.shown().filter(vendor__slug="slack").exists()
    assert "Slack" in client.get("/vendors/?away=true").content.decode()
    client.post(act, {"act": "back", "vendors": ["slack"]})
    assert Followed.objects.shown().count() == 2
    assert AuditEntry.objects.filter(kind="followed", did="changed").count() >= 4


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"act": "tag", "tag": "x"}, "Choose the vendors"),
        ({"act": "tag", "tag": " , ", "vendors": ["github"]}, "no tag was written"),
        ({"act": "tag", "tag": "x" * 60, "vendors": ["github"]}, "longer than 40"),
        ({"act": "tag", "tag": ",".join(map(str, range(30))), "vendors": ["github"]}, "at most 20"),
        ({"act": "burn", "vendors": ["github"]}, "nothing this page can do"),
    ],
)
def test_a_bulk_edit_that_cannot_be_done_changes_nothing_and_says_why(client, data, text):
    follow("github")
    answer = client.post(reverse("vendors-bulk"), data, follow=True)
    assert text in answer.content.decode()
    assert "Nothing was changed" in answer.content.decode()
    assert Followed.objects.get().tags == []


def test_a_bulk_edit_of_very_many_is_asked_about_with_the_count(client):
    names = [f"v{n}" for n in range(26)]
    for name in names:
        follow_made(name)
    asked = client.post(reverse("vendors-bulk"), {"act": "away", "vendors": names})
    assert "26 vendors?" in asked.content.decode()
    assert Followed.objects.shown().count() == 26
    client.post(reverse("vendors-bulk"), {"act": "away", "vendors": names, "sure": "yes"})
    assert Followed.objects.shown().count() == 0


def test_a_list_comes_back_to_itself_and_nowhere_else(client):
    follow("github")
    answer = client.post(
        reverse("vendors-bulk"), {"act": "again", "vendors": ["github"], "back": "https://evil.example/?x=1"}
    )
    assert answer.headers["Location"].startswith("/vendors/?")


def test_a_vendor_is_judged_anew_for_the_needs_it_was_judged_for(client, no_wake, run_jobs):
    followed = follow("github", rto=8)
    following.again(followed)
    following.again(followed)
    assert Job.objects.count() == 1
    assert Job.objects.get().args["rto_hours"] == 8.0
    run_jobs()
    assert Job.objects.get().state == "done"


def test_news_of_a_page_has_its_vendor_judged_again_in_each_workspace_that_follows_it(no_wake):
    followed = follow_made("mailer")
    other = Workspace.objects.create(slug="other", name="Other")
    with inside(other):
        assess_vendor(followed.vendor, needs=Needs(rto_hours=24.0), as_of=NOW)
    follow_made("quiet")
    with inside(None):
        for _ in range(2):
            facts_changed.send(sender=StatusPage, page=followed.vendor.pages.get(), now=NOW)
    waiting = Job.anyone.filter(kind="assess")
    assert {(job.workspace.slug, job.args["rto_hours"]) for job in waiting} == {("main", 4.0), ("other", 24.0)}
    assert {job.due_at for job in waiting} == {NOW + timedelta(seconds=following.SETTLED_SECONDS)}
    following.put_away(["mailer"], now=NOW)
    Job.anyone.all().delete()
    facts_changed.send(sender=StatusPage, page=followed.vendor.pages.get(), now=NOW)
    assert Job.anyone.get().workspace == other


def test_a_bundled_vendor_whose_page_is_watched_is_judged_by_what_was_read_since(no_wake, run_jobs):
    followed = follow("github")
    now = timezone.now()
    assert plans.known_vendor("github", now=now) == (followed.vendor, followed.newest.as_of)
    Watch.objects.create(page=followed.vendor.pages.first(), due_at=now)
    following.again(followed)
    run_jobs()
    newest = Followed.objects.get().newest
    assert newest.as_of > followed.newest.as_of
    assert now - newest.as_of < timedelta(minutes=5)
    assert plans.known_vendor("github", now=now) == (followed.vendor, now)


def test_a_vendors_page_shows_its_newest_judgement_and_keeps_the_earlier_ones(client):
    first = follow("github").newest
    second = follow("github", rto=24).newest
    page = client.get("/vendors/github/").content.decode()
    assert page.count(f"/assessments/{first.uid}/") == 1
    assert f"/assessments/{second.uid}/" in page
    assert "1 d" in page
    assert client.get("/vendors/nobody/").status_code == 404


def test_notes_and_tags_are_kept_and_too_many_are_refused(client):
    follow("github")
    seen = client.get("/vendors/github/").context["seen"]
    client.post("/vendors/github/note/", {"tags": "a, b", "note": "  two\n lines ", "seen": seen})
    row = Followed.objects.get()
    assert (row.tags, row.note) == (["a", "b"], "two lines")
    client.post(
        "/vendors/github/note/", {"tags": "b", "note": "", "seen": client.get("/vendors/github/").context["seen"]}
    )
    assert Followed.objects.get().tags == ["b"]
    assert client.post("/vendors/github/note/", {"tags": ",".join(map(str, range(40)))}).status_code == 400
    assert Followed.objects.get().tags == ["b"]
    with pytest.raises(Refused):
        noted.tag(["github"], add=[str(n) for n in range(30)])


def test_who_saves_notes_second_sees_both_and_chooses(client):
    follow("github")
    seen = client.get("/vendors/github/").context["seen"]
    address = "/vendors/github/note/"
    client.post(address, {"tags": "eu", "note": "ask for credits", "seen": seen})
    late = client.post(address, {"tags": "payroll", "note": "renewal in May", "seen": seen})
    assert late.status_code == 409
    page = late.content.decode()
    assert "Nothing of yours is saved yet" in page
    assert all(words in page for words in ("ask for credits", "renewal in May"))
    assert Followed.objects.get().note == "ask for credits"
    client.post(address, {"tags": "payroll", "note": "renewal in May", "seen": late.context["seen"]})
    assert (Followed.objects.get().note, Followed.objects.get().tags) == ("renewal in May", ["payroll"])


def test_the_same_notes_sent_twice_are_saved_once(client):
    follow("github")
    form = {"tags": "eu", "note": "x", "seen": client.get("/vendors/github/").context["seen"]}
    assert [client.post("/vendors/github/note/", form).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(kind="followed", did="changed").count() == 1


def test_what_to_compare_is_found_by_name_and_what_was_chosen_stays(client):
    for name in ("first", *(f"vendor{n}" for n in range(31)), "zuletzt"):
        follow_made(name)
    page = client.get("/compare/?v=first").context
    assert "zuletzt" not in {one.vendor.slug for one in page["choices"]}
    found = client.get("/compare/?v=first&find=Zül", headers={"HX-Request": "true"})
    assert [one.vendor.slug for one in found.context["choices"]] == ["first", "zuletzt"]
    assert "<h1" not in found.content.decode()


def test_vendors_seen_on_one_provider_are_joined_and_named_in_the_picture():
    dots = [
        Dot("Alpha", "AL", 4.0, 60.0, "C", ("aws",)), Dot("Beta", "BE", 8.0, 70.0, "B", ("aws", "fastly")),
        Dot("Gamma", "GA", 1.0, None, None),
    ]  # fmt: skip
    drawn = matrix(dots, SCREEN)
    assert drawn.count("stroke-dasharray") == 1
    assert "On aws together: Alpha, Beta." in drawn
    assert "<title>Gamma: RTO 1 h, readiness not known</title>" in drawn
    assert "fastly together" not in drawn


def test_the_providers_of_the_portfolio_are_those_its_hosts_were_seen_to_lead_to(client):
    for name in ("first", "second", "third"):
        page = follow_made(name).vendor.pages.get()
        seen = {
            "outcome": "unknown" if name == "third" else "pass",
            "value": {"first": "aws-us-east-1", "second": "aws"}.get(name),
        }
        Observation.objects.create(page=page, check_id="stands-on", key=name, observed_at=timezone.now(), document=seen)
    page = client.get("/").content.decode()
    assert "On aws together: First, Second." in page
    assert "A dashed line joins vendors" in page


def test_the_summary_beside_a_followed_vendor_is_that_of_its_newest_assessment(client):
    row = follow("github")
    for name in ("rto_hours", "value", "coverage", "grade", "chance", "disputed", "last_incident_at"):
        assert getattr(row, name) == getattr(row.newest, name), name
    assert (row.fell, row.sought) == (None, "github github")
    follow("github", rto=24.0)
    assert Followed.objects.get().rto_hours == 24.0


def test_one_incident_is_told_post_by_post_with_what_it_tells_and_leaves_out(client):
    start = NOW - timedelta(days=3)
    posts = (
        Update(posted_at=start, text=TEXT, state="investigating", promised_at=start + timedelta(minutes=30)),
        Update(
            posted_at=start + timedelta(hours=2),
            text="Wir untersuchen die Störung weiterhin und melden uns bald wieder bei Ihnen.",
        ),
        Update(
            posted_at=start + timedelta(hours=3), state="resolved",
            text="<script>alert(1)</script> This incident has been resolved.",
        ),
    )  # fmt: skip
    made = make_incident(1, started_at=start, resolved_at=start + timedelta(hours=3), updates=posts)
    follow_made("mailer", made)
    pk = Incident.objects.get().pk
    page = client.get(f"/vendors/mailer/incidents/{pk}/").content.decode()
    assert "<mark" in page
    assert "how many, in figures" in page
    assert "broken, 1 h 30 min late" in page
    assert "no rules for its language" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    listed = client.get("/vendors/mailer/incidents/?impact=major").content.decode()
    assert f"/incidents/{pk}/" in listed
    assert "No incident is left" in client.get("/vendors/mailer/incidents/?q=nothing").content.decode()


@pytest.mark.parametrize(
    ("texts", "stated", "once", "apart", "after"),
    [((None, None), True, 1, 0, 1), ((None, None), False, 1, 0, 0), ((TEXT, None), False, 0, 1, 0)],
)
def test_words_that_are_not_kept_are_said_once_and_a_start_nobody_states_is_no_clock(
    client, texts, stated, once, apart, after
):
    start = NOW - timedelta(days=3)
    posts = tuple(Update(posted_at=start + timedelta(minutes=10 + n), text=text) for n, text in enumerate(texts))
    follow_made(
        "mailer",
        make_incident(1, started_at=start, resolved_at=start + timedelta(hours=2), start_stated=stated, updates=posts),
    )
    page = client.get(f"/vendors/mailer/incidents/{Incident.objects.get().pk}/").content.decode()
    said = (
        "words are not kept in this record",
        "The words of this post are not kept",
        "10 min after the claimed start",
    )
    assert [html.unescape(page).count(one) for one in said] == [once, apart, after]
    assert "1 min after the last" in page


def test_a_promise_is_kept_by_people_and_not_by_a_machine(client):
    start = NOW - timedelta(days=3)
    posts = (
        Update(posted_at=start, text=TEXT, state="investigating", promised_at=start + timedelta(minutes=30)),
        Update(posted_at=start + timedelta(minutes=20), text="Automated check: still failing.", automated=True),
        Update(posted_at=start + timedelta(hours=2), text="The API works again.", state="resolved"),
    )
    follow_made("mailer", make_incident(1, started_at=start, resolved_at=start + timedelta(hours=2), updates=posts))
    page = client.get(f"/vendors/mailer/incidents/{Incident.objects.get().pk}/").content.decode()
    assert "broken, 1 h 30 min late" in page
    assert ": kept" not in page


def test_an_incident_of_another_vendor_is_not_found_under_this_one(client):
    follow_made("mailer")
    follow_made("other")
    pk = Incident.objects.filter(page__vendor__slug="other").first().pk
    assert client.get(f"/vendors/mailer/incidents/{pk}/").status_code == 404
    assert client.get(f"/vendors/mailer/incidents/{10**30}/").status_code == 404


@pytest.mark.parametrize("text", [TEXT, "", "nothing here", "API API API errors in Frankfurt"])
def test_the_pieces_of_a_post_are_its_whole_text_once(text):
    found = measure(text, ("API",), posted_at=datetime(2026, 8, 1, tzinfo=UTC))
    assert "".join(piece.text for piece in pieces(text, found)) == text


def test_what_if_answers_for_another_need_and_agrees_with_an_assessment_for_it(client):
    follow("github", rto=4)
    page = client.get("/vendors/github/what-if/", {"rto": "24h"})
    assert page.status_code == 200
    assert page.context["f"].p_exceed == follow("github", rto=24).newest.p_exceed


def test_a_second_system_lowers_the_chance_only_where_it_takes_over_in_time(client):
    follow("github")
    early = client.get("/vendors/github/what-if/", {"rto": "4h", "takeover": "30m"}).context["answer"]
    late = client.get("/vendors/github/what-if/", {"rto": "4h", "takeover": "8h"}).context["answer"]
    assert early.chance_left < early.forecast.p_exceed
    assert late.chance_left == late.forecast.p_exceed
    assert early.hours_left < late.hours_left < late.forecast.hours.mean
    assert "too late" in client.get("/vendors/github/what-if/", {"rto": "4h", "takeover": "8h"}).content.decode()


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ({"rto": "soon"}, "no length of time"), ({"rto": ""}, "required"), ({"rto": "9w"}, "at most 720 hours"),
        ({"rto": "4h", "horizon": "12"}, "valid choice"), ({"rto": "4h", "takeover": "later"}, "no length of time"),
        ({"rto": "4h", "parts": "No such part"}, "No such part"),
    ],
)  # fmt: skip
def test_a_what_if_that_cannot_be_answered_says_which_field_and_keeps_what_was_typed(client, query, text):
    follow("github")
    answer = client.get("/vendors/github/what-if/", query)
    assert answer.status_code == 400
    assert text in answer.content.decode()


def test_htmx_is_given_the_answer_alone(client):
    follow("github")
    part = client.get("/vendors/github/what-if/", {"rto": "4h"}, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="answer"')


def test_the_comparison_is_taken_away_as_a_workbook_with_figures_as_figures(client):
    follow("github")
    follow("aws")
    page = client.get("/compare/?v=github&v=aws").context
    taken = client.get("/compare/?v=github&v=aws&as=xlsx")
    assert taken["Content-Disposition"] == 'attachment; filename="comparison.xlsx"'
    rows = list(load_workbook(io.BytesIO(taken.content)).active.iter_rows(values_only=True))
    assert rows[0] == ("Part", "What", *(column.name for column in page["columns"]))
    assert len(rows) - 1 == sum(len(lines) for _, lines, _ in page["groups"])
    readiness = next(row for row in rows if row[1] == "Readiness, of 100")
    assert readiness[2:] == tuple(column.score.value for column in page["columns"])


def test_the_order_under_other_weights_names_the_vendors_as_people_do(client):
    follow("github")
    follow("aws")
    page = client.get("/compare/", {"v": ["github", "aws"]}).content.decode()
    ranks = page[page.index("How firm is the order?") :]
    assert '<th scope="row">Amazon Web Services</th>' in ranks
    assert '<th scope="row">aws</th>' not in ranks


def test_the_comparison_goes_on_paper_by_a_job_of_its_own(client, no_wake):
    follow("github")
    follow("aws")
    uids = [str(uid) for uid in client.get("/compare/?v=github&v=aws").context["uids"]]
    client.post("/reports/make/", {"kind": "comparison", "assessments": uids, "paper": "letter"})
    job = Job.objects.get(kind="report")
    assert job.args == {"kind": "comparison", "assessments": uids, "paper": "letter"}


def test_two_vendors_stand_side_by_side_with_a_sentence_and_differences(client):
    follow("github")
    follow("aws")
    page = client.get("/compare/?v=github&v=aws")
    assert "Amazon Web Services stands first" in page.content.decode()
    only = client.get("/compare/?v=github&v=aws&only=1")
    assert only.context["hidden"] > 0
    assert all(not row.same for _, rows, _ in only.context["groups"] for row in rows)
    base = client.get("/compare/?v=github&v=aws&base=aws").context
    assert base["base"] == "aws"
    assert base["groups"][0][1][0].cells[0].delta.startswith("-")


def test_other_weights_rank_again_and_the_default_ones_give_the_printed_total(client):
    follow("github")
    follow("slack")
    plain = client.get("/compare/?v=github&v=slack&weights=own").context["columns"]
    assert [one.score.value for one in plain] == [one.made.score.value for one in plain]
    profile = client.get("/compare/?v=github&v=slack&weights=operations").context["columns"]
    assert [one.score.value for one in profile] == [
        next(p.value for p in one.made.profiles if p.name == "operations") for one in profile
    ]
    open_only = client.get(
        "/compare/?v=github&v=slack&weights=own&w-openness=100&w-outage-history=1&w-timeliness=1&w-backup=1"
    )
    assert "under the weights" in open_only.content.decode() or "Only" in open_only.content.decode()


@pytest.mark.parametrize("query", ["v=github", "v=github&v=github", "v=nobody&v=github", "v=a&v=b"])
def test_fewer_than_two_vendors_cannot_be_compared(client, query):
    follow("github")
    answer = client.get(f"/compare/?{query}")
    assert answer.status_code == 400
    assert "Choose at least two vendors." in answer.content.decode()


def test_more_than_five_are_too_many_and_stay_chosen(client):
    slugs = [row.slug for row in index.bundled()[:6]]
    for slug in slugs:
        follow(slug)
    answer = client.get("/compare/?" + "&".join(f"v={slug}" for slug in slugs))
    assert answer.status_code == 400
    assert answer.content.decode().count(" checked") == 6


def test_vendors_judged_for_different_rtos_are_said_to_be_and_judged_alike_on_demand(client, no_wake):
    follow("github", rto=4)
    follow("aws", rto=8)
    assert "not like for like" in client.get("/compare/?v=github&v=aws").content.decode()
    client.post("/compare/judge/", {"v": ["github", "aws"], "rto": "8h"})
    assert {job.args["rto_hours"] for job in Job.objects.all()} == {8.0}
    assert client.post("/compare/judge/", {"v": ["github"], "rto": "soon"}).status_code == 400
    assert client.post("/compare/judge/", {"v": ["nobody"], "rto": "8h"}).status_code == 404
