"""Register, promises, history and milestones in the app."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from assessments import plans
from assessments.continuity.plan import Contact, Decision
from assessments.models import AssessmentRow, Milestone
from assessments.planning import judging, ledger
from tests.web.test_plan_pages import BPOS, body, example, judged  # noqa: F401 - fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
VENDOR = "microsoft-bpos-2011"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def decide(client, **values):
    sent = {"rule": "R1", "vendor": VENDOR, "state": "open"} | values
    return client.post("/plan/decisions/new/", sent)


def lines() -> dict[str, str]:
    row = plans.current()
    return {one.entry.rule: one.entry.state for one in ledger.register(row, row.parsed(), now=NOW)["entries"]}


def test_every_recommendation_stands_in_the_register_until_it_is_decided(client, judged):  # noqa: F811
    page = body(client.get("/plan/register/"))
    assert lines()["R1"] == "open"
    assert f"rule=R1&amp;vendor={VENDOR}" in page
    answer = decide(client, state="planned", due_on="2011-07-01")
    assert answer.status_code == 302
    shown = client.get(answer.url, follow=True)
    assert shown.status_code == 200
    assert "Undo" in body(shown)
    assert lines()["R1"] == "planned"


def test_the_form_to_decide_knows_rule_vendor_and_day(client, judged):  # noqa: F811
    page = body(client.get(f"/plan/decisions/new/?rule=R1&vendor={VENDOR}"))
    assert 'value="R1"' in page
    assert f'value="{VENDOR}"' in page
    assert 'value="2011-05-20"' in page


def test_an_acceptance_that_ran_out_is_open_again_and_says_so(client, judged):  # noqa: F811
    decide(client, state="accepted", approver="managing director", accepted_until="2011-05-19")
    assert lines()["R1"] == "open"
    assert "the acceptance ended on 2011-05-19" in body(client.get("/plan/register/?state=open"))


def test_the_register_is_narrowed_by_its_address_and_counts_stay_those_of_the_whole(client, judged):  # noqa: F811
    whole = body(client.get("/plan/register/"))
    narrow = body(client.get("/plan/register/?state=planned"))
    assert narrow.count('id="decide-') < whole.count('id="decide-')
    assert re.search(r"<h1>([^<]+)", whole).group(1) == re.search(r"<h1>([^<]+)", narrow).group(1)
    assert "None is like that" in body(client.get("/plan/register/?q=zebra"))
    assert "None is like that" in body(client.get("/plan/register/?state=%00&vendor=<b>"))


def test_the_table_holds_what_the_page_is_narrowed_to_and_no_formula(client, judged):  # noqa: F811
    decide(client, state="accepted", approver="=cmd|calc", accepted_until="2011-12-31")
    answer = client.get("/plan/register.csv?state=accepted")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["recommendation"], row["state"]) for row in rows] == [("R1", "accepted")]
    assert rows[0]["approver"] == "'=cmd|calc"
    assert len(client.get("/plan/register.csv").content.splitlines()) == len(lines()) + 1
    book = load_workbook(io.BytesIO(client.get("/plan/register.xlsx?state=accepted").content)).active
    assert book.max_row == len(answer.content.splitlines())


def test_accepting_a_risk_takes_an_approver(client, judged, django_user_model):  # noqa: F811
    from riskboard.accounts.models import Membership, Role, Workspace

    user = django_user_model.objects.create_user(username="analyst", email="analyst@example.org")
    member = Membership.objects.create(user=user, workspace=Workspace.main(), role=Role.ANALYST)
    client.force_login(user)
    refused = decide(client, state="accepted", approver="me")
    assert refused.status_code == 400
    assert "takes the role approver" in body(refused)
    assert decide(client, state="planned", due_on="2011-07-01").status_code == 302
    member.role = Role.APPROVER
    member.save()
    assert (
        decide(
            client, rule="R2", state="accepted", approver="managing director", accepted_until="2011-12-31"
        ).status_code
        == 302
    )


@pytest.mark.parametrize(
    ("state", "field", "told"),
    [
        ("accepted", "approver", "Say who accepts"),
        ("accepted", "accepted_until", "Say until when"),
        ("planned", "due_on", "Say by what day"),
        ("done", "done_on", "Say on what day"),
    ],
)
def test_a_decision_says_who_and_when(client, judged, state, field, told):  # noqa: F811
    answer = decide(client, state=state)
    assert answer.status_code == 400
    assert re.search(rf'id="f-{field}-fault">{told}', body(answer))
    assert plans.current().revision == 1


def test_promises_stand_with_what_shows_how_they_stand(client, judged):  # noqa: F811
    page = body(client.get("/plan/commitments/"))
    for one in BPOS.commitments:
        assert f"/plan/commitments/{one.id}/" in page
    one = BPOS.commitments[0]
    broken = replace(one, broken_on=date(2011, 5, 20), evidence="javascript:alert(1)")
    plans.replace_plan(
        replace(BPOS, commitments=(broken, *BPOS.commitments[1:])), seen_revision=1, author="x", summary="x"
    )
    page = body(client.get("/plan/commitments/"))
    assert "1 of 3 promises is late or broken" in page
    assert "javascript:" not in page


def test_the_assessment_tells_what_its_vendor_promised(client, judged):  # noqa: F811
    row = AssessmentRow.objects.get()
    page = body(client.get(f"/assessments/{row.uid}/"))
    assert "What the vendor promised" in page
    plans.replace_plan(replace(BPOS, commitments=()), seen_revision=1, author="x", summary="x")
    assert "What the vendor promised" not in body(client.get(f"/assessments/{row.uid}/"))


def test_the_history_tells_who_changed_what_and_narrows_to_one_decision(client, judged):  # noqa: F811
    decide(client, state="planned", due_on="2011-07-01")
    plans.save_item("contacts", Contact(id="desk", name="Service desk"), seen=None, author="service manager")
    page = body(client.get("/plan/history/"))
    assert "Added contact desk" in page
    assert "service manager" in page
    narrow = body(client.get(f"/plan/history/?q=decision r1-{VENDOR}"))
    assert "Added decision" in narrow
    assert "service manager" not in narrow


def test_a_revision_can_be_restored_and_the_restoring_taken_back(client, judged):  # noqa: F811
    plans.save_item("contacts", Contact(id="desk", name="Service desk"), seen=None, author="x")
    assert "Contact Service desk" in body(client.get("/plan/history/2/"))
    stale = client.post("/plan/history/1/restore/", {"seen": "1"})
    assert stale.status_code == 409
    client.post("/plan/history/1/restore/", {"seen": "2"})
    assert plans.current().parsed() == BPOS
    client.post("/plan/undo/3/")
    assert any(one.id == "desk" for one in plans.current().parsed().contacts)
    assert client.get("/plan/history/99/").status_code == 404
    assert client.post("/plan/history/1/restore/").status_code == 404


def test_two_milestones_are_compared_and_cited(client, judged):  # noqa: F811
    client.post("/plan/milestones/", {"label": "Before"})
    plans.save_item(
        "decisions", Decision(id="r1-x", rule="R1", vendor="github", state="planned"), seen=None, author="x"
    )
    client.post("/plan/milestones/", {"label": "After <b>"})
    after, before = Milestone.objects.all()
    assert before.judgement == judging.newest(1).row
    assert after.judgement is None
    page = body(client.get(f"/plan/milestones/compare/?from={before.uid}&to={after.uid}"))
    assert "1 change between Before and After &lt;b&gt;" in page
    assert before.cited in page
    assert "Microsoft BPOS" in page
    assert "What the lint found" in page
    assert "not known" in page  # the second was frozen before it was judged
    assert before.cited in body(client.get("/plan/history/"))


@pytest.mark.parametrize("query", ["", "?from=x&to=y", "?from=&to=", "?from=00000000-0000-0000-0000-000000000000"])
def test_comparing_nothing_is_told(client, query):
    assert client.get(f"/plan/milestones/compare/{query}").status_code == 400


def test_a_milestone_needs_a_name_and_a_plan(client):
    assert client.post("/plan/milestones/", {"label": "x"}).status_code == 400
    assert client.post("/plan/milestones/", {"label": " \u202e"}).status_code == 400
    assert Milestone.objects.count() == 0


def test_what_has_a_day_is_told_on_the_overview_and_leads_to_its_place(client, judged):  # noqa: F811
    page = body(client.get("/plan/"))
    assert "is to keep its promise" in page
    assert "in 11 days" in page


@pytest.mark.parametrize("path", ["/plan/register/", "/plan/commitments/", "/plan/history/"])
def test_the_number_of_queries_does_not_grow(client, judged, path):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(path)  # what is read once a judgement is read
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
        more = tuple(replace(BPOS.commitments[0], id=f"p{n}") for n in range(12))
        extra = tuple(Decision(id=f"d{n}", rule=f"R{n}", vendor="github") for n in range(1, 13))
        plans.replace_plan(
            replace(BPOS, commitments=more, decisions=extra),
            seen_revision=plans.current().revision,
            author="x",
            summary="x",
        )
    assert counts[0] == counts[1]
