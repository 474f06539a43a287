"""What the pages do, done by API: the same verbs, the same refusals, the same rows."""

from __future__ import annotations

import json
import uuid

import pytest
from django.utils import timezone

from assessments.models import Answer, Channel, Followed, Report, SharedLink
from riskboard.accounts.models import ApiToken, AuditEntry, Workspace
from riskboard.accounts.scope import inside
from riskboard.jobs.models import Job
from tests.accounts.test_access import member, signed_in
from tests.web.test_api import API, caller
from tests.web.test_board import follow, follow_made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _people(no_wake):
    member("admin")


def post(path: str, body=None, *, role: str = "analyst", scope: str = "", method: str = "post", **headers):
    return getattr(caller(role, scope=scope), method)(
        API + path, json.dumps({} if body is None else body), content_type="application/json", headers=headers
    )


def get(path: str, role: str = "viewer"):
    return caller(role).get(API + path)


def test_a_vendor_is_followed_tagged_put_away_and_brought_back(run_jobs):
    asked = {"target": "microsoft-bpos-2011", "rto": "4h", "tags": ["Mail", "old"], "note": "the case"}
    made = post("vendors/", asked)
    assert made.status_code == 202
    assert post("vendors/", asked).json()["uid"] == made.json()["uid"]
    run_jobs()
    path = "vendors/microsoft-bpos-2011/"
    assert get(path).json()["tags"] == ["mail", "old"]
    changed = post(path, {"tags": ["new"]}, method="patch").json()
    assert (changed["tags"], changed["note"]) == (["new"], "the case")
    assert post(path + "put-away/").json()["archived_at"]
    assert get("vendors/").json()["results"] == []
    assert [one["slug"] for one in get("vendors/?away=true").json()["results"]] == ["microsoft-bpos-2011"]
    assert post(path + "bring-back/").json()["archived_at"] is None
    assert post(path + "judge/").json()["kind"] == "assess"
    assert AuditEntry.objects.filter(kind="followed", actor="token analyst").count() >= 3


@pytest.mark.parametrize(
    ("body", "field"),
    [({"tags": ["x" * 41]}, "tags"), ({"tags": [f"t{n}" for n in range(21)]}, "tags"), ({"note": "x" * 501}, "note"),
     ({"tags": "mail"}, "tags"), ({"tags": ["a\x00"]}, "tags")],
)  # fmt: skip
def test_what_cannot_be_written_of_a_vendor_names_its_field(body, field):
    follow_made("one")
    answer = post("vendors/one/", body, method="patch")
    assert answer.status_code == 400
    assert field in answer.json()["errors"]


def test_many_vendors_change_at_once():
    for name in ("one", "two", "three"):
        follow_made(name)
    both = {"vendors": ["one", "two", "nobody"]}
    assert post("vendors/bulk/", both | {"act": "tag", "tags": ["payroll"]}).json() == {"changed": 2}
    assert post("vendors/bulk/", both | {"act": "put-away"}).json() == {"changed": 2}
    assert post("vendors/bulk/", both | {"act": "bring-back"}).json() == {"changed": 2}
    assert post("vendors/bulk/", both | {"act": "judge"}).json() == {"changed": 2}
    assert post("vendors/bulk/", both | {"act": "tag"}).status_code == 400
    assert Followed.objects.get(vendor__slug="three").tags == []


def test_incidents_are_narrowed_and_each_told_in_full():
    follow("microsoft-bpos-2011")
    every = get("vendors/microsoft-bpos-2011/incidents/").json()["results"]
    assert get("vendors/microsoft-bpos-2011/incidents/?q=zzz").json()["results"] == []
    told = get(f"vendors/microsoft-bpos-2011/incidents/{every[0]['id']}/").json()
    assert (told["id"], told["title"]) == (every[0]["external_id"], every[0]["title"])
    assert get("vendors/microsoft-bpos-2011/incidents/999999999999999999999/").status_code == 404


def test_answers_are_saved_from_what_was_seen_and_say_what_they_do():
    follow("github")
    read = get("vendors/github/answers/")
    assert (len(read.json()), {one["answer"] for one in read.json()}) == (17, {"unknown"})
    sent = {"answers": {"B1": {"answer": "yes", "evidence": "https://vendor.example/export"}}}
    assert post("vendors/github/answers/", sent, method="patch").status_code == 428
    seen = {"If-Match": read.headers["ETag"]}
    saved = post("vendors/github/answers/", sent, method="patch", **seen)
    assert saved.json()["changed"] == ["B1"]
    assert saved.json()["backup_after"] != saved.json()["backup_before"]
    assert post("vendors/github/answers/", sent, method="patch", **seen).status_code == 412
    assert Answer.objects.get().by == "token analyst"


@pytest.mark.parametrize(
    "answers",
    [{"B1": {"answer": "maybe"}}, {"B99": {"answer": "yes"}}, {"B1": {"answer": "yes", "evidence": "javascript:x"}},
     {"B1": {}}, [], "B1"],
)  # fmt: skip
def test_an_answer_that_cannot_stand_changes_nothing(answers):
    follow("github")
    tag = get("vendors/github/answers/").headers["ETag"]
    answer = post("vendors/github/answers/", {"answers": answers}, method="patch", **{"If-Match": tag})
    assert answer.status_code == 400
    assert not Answer.objects.exists()


def test_a_vendor_answers_by_a_link_made_by_api_until_it_is_ended(client):
    follow("github")
    made = post("vendors/github/links/").json()
    assert client.get(made["url"].split("://", 1)[1].partition("/")[2].join(("/", ""))).status_code == 200
    listed = get("vendors/github/links/").json()["results"]
    assert "url" not in listed[0]
    assert post(f"vendors/github/links/{made['uid']}/end/").json()["revoked_at"]


def test_evidence_is_entered_taken_back_and_brought_back():
    follow("github")
    path = "vendors/github/evidence/"
    one = {"title": "Mail was gone", "started_at": "2026-03-01T10:00:00Z", "source_kind": "ticket"}
    assert post(path, one).json() == {"found": 1, "new": 1, "changed": 0, "known": 0, "withdrawn": 0}
    assert post(path, one).json()["known"] == 1
    assert post(path, one | {"started_at": "soon"}).json()["errors"].keys() == {"started_at"}
    name = get(path).json()["results"][0]["name"]
    assert post(path + "withdraw/", {"name": name}).json() == {"changed": 1}
    assert post(path + "restore/", {"name": name}).json() == {"changed": 1}
    assert post(path + "withdraw/", {"name": "x"}).status_code == 400
    table = get(path + "table/").content
    looked = caller("analyst").post(API + path + "table/?dry_run=true", table, content_type="text/csv")
    assert [line["act"] for line in looked.json()["lines"]] == ["same"]
    assert looked.json()["new"] == looked.json()["known"] == 0, "nothing was taken"
    wrong = caller("analyst").post(API + path + "table/", b"title,started_at\nx,soon\n", content_type="text/csv")
    assert wrong.status_code == 400
    assert any(place.startswith("row 2") for place in wrong.json()["errors"])


def test_a_table_of_vendors_is_looked_at_and_taken_as_on_the_page():
    follow_made("one")
    table = b"vendor,tags\none,payroll\n"
    looked = caller("analyst").post(f"{API}imports/vendors/?dry_run=true", table, content_type="text/csv").json()
    assert (looked["changes"], looked["done"]) == (1, None)
    assert Followed.objects.get().tags == []
    taken = caller("analyst").post(f"{API}imports/vendors/", table, content_type="text/csv").json()
    assert (taken["done"], Followed.objects.get().tags) == (1, ["payroll"])
    again = caller("analyst").post(f"{API}imports/vendors/", table, content_type="text/csv").json()
    assert (again["changes"], again["done"]) == (0, 0)
    wrong = caller("analyst").post(f"{API}imports/vendors/", b"vendor\nno such\n", content_type="text/csv")
    assert "row 2, vendor" in wrong.json()["errors"]


def test_exports_are_the_pages_own_bytes():
    follow_made("one")
    page = signed_in(member("viewer", email="v@example.org")).get("/vendors.csv?q=one")
    assert get("exports/vendors/csv/?q=one").content == page.content
    assert get("exports/vendors/xlsx/").content[:2] == b"PK"
    assert get("exports/register/csv/").status_code == 200
    assert get("exports/vendors/pdf/").status_code == 404


def test_the_portfolio_and_a_comparison_say_what_their_pages_say():
    follow("github")
    follow("aws")
    told = get("portfolio/").json()
    assert told["vendors"] == 2
    assert told["headline"].endswith(".")
    beside = get("compare/?v=github&v=aws").json()
    assert beside["vendors"] == ["github", "aws"]
    assert all(len(row["cells"]) == 2 for row in beside["rows"])
    assert get("compare/?v=github").status_code == 400
    assert get("compare/workbook/?v=github&v=aws").content[:2] == b"PK"
    assert len(post("compare/judge/", {"vendors": ["github", "aws"], "rto": "8h"}).json()) == 2
    assert post("compare/judge/", {"vendors": ["github"], "rto": "soon"}).status_code == 400


def test_the_catalogue_and_the_palette_find_what_the_pages_find():
    follow("github")
    found = get("catalogue/?q=github&limit=5").json()["results"]
    assert next(one for one in found if one["slug"] == "github")["followed"]
    first = get("catalogue/?limit=3").json()
    second = get(first["next"].partition(API)[2]).json()
    assert first["results"][-1]["slug"] < second["results"][0]["slug"]
    assert get("catalogue/?cursor=nonsense").status_code == 404
    assert any(one["name"] == "GitHub" for one in get("find/?q=github").json())
    assert len(get("method/").json()["checks"]) > 40


def test_a_report_is_asked_for_checked_shared_and_made_again():
    row = follow("github").newest
    made = post("reports/", {"kind": "vendor", "assessments": [str(row.uid)]})
    assert (made.status_code, made.json()["kind"]) == (202, "report")
    assert post("reports/", {"kind": "portfolio", "assessments": [str(row.uid)]}).status_code == 400
    assert post("reports/", {"kind": "continuity"}).status_code == 400
    Job.objects.update(state="failed")
    assert post(f"jobs/{made.json()['uid']}/again/").status_code == 202
    assert get("jobs/?kind=report&state=queued").json()["results"]
    report = Report.objects.create(kind="vendor", format="pdf", key="k", sha256="0" * 64, size=1, name="x")
    assert post(f"reports/{report.uid}/verify/").json()["kind"] == "verify"
    link = post("links/", {"kind": "report", "report": str(report.uid), "days": "7"}).json()
    assert "/shared/report/" in link["url"]
    assert post(f"links/{link['uid']}/end/").json()["revoked_at"]
    assert SharedLink.objects.get().made_by == "token analyst"


def test_reports_are_asked_for_three_times_in_ten_seconds_and_no_more():
    rows = [follow(slug).newest for slug in ("github", "aws", "slack", "trello")]
    codes = [post("reports/", {"kind": "vendor", "assessments": [str(row.uid)]}) for row in rows]
    assert [one.status_code for one in codes] == [202, 202, 202, 429]
    assert 1 <= int(codes[-1].headers["Retry-After"]) <= 10
    other = post("reports/", {"kind": "vendor", "assessments": [str(rows[3].uid)]}, role="approver")
    assert other.status_code == 202, "each asker has rates of their own"


def test_tables_are_taken_ten_times_an_hour_and_no_more(settings):
    follow_made("one")
    settings.IMPORT_RATE = "2/hour"
    sent = [
        caller("analyst").post(f"{API}imports/vendors/", b"vendor\none\n", content_type="text/csv") for _ in range(3)
    ]
    assert [one.status_code for one in sent] == [200, 200, 429]


def test_what_a_request_may_not_set_is_passed_over():
    mine, others = Workspace.main(), Workspace.objects.create(name="Others", slug="others")
    ours = {
        "uid": str(uuid.uuid4()),
        "workspace": others.pk,
        "signing_key": "whsec_mine",
        "paused_at": "2020-01-01T00:00:00Z",
    }
    asked = {"name": "Ops", "kind": "webhook", "address": "https://hooks.example.org/x", "events": ["plan-due"]}
    made = post("channels/", asked | ours, role="admin")
    assert made.status_code == 201
    with inside(mine):
        (row,) = Channel.objects.all()
    assert row.workspace == mine
    assert str(row.uid) != ours["uid"]
    assert row.paused_at is None
    assert made.json()["signing_key"] != ours["signing_key"]
    post(f"channels/{row.uid}/", {"name": "Ops 2"} | ours, role="admin", method="patch")
    with inside(mine):
        row.refresh_from_db()
    assert (row.name, row.workspace, row.paused_at) == ("Ops 2", mine, None)


def test_channels_are_an_administrators_and_their_secrets_are_told_once():
    asked = {"name": "Ops", "kind": "webhook", "address": "https://hooks.example.org/x", "events": ["plan-due"]}
    assert post("channels/", asked).status_code == 403
    made = post("channels/", asked, role="admin")
    assert made.json()["signing_key"].startswith("whsec_")
    uid = made.json()["uid"]
    assert "signing_key" not in get(f"channels/{uid}/", "admin").json()
    assert b"hooks.example.org/x" not in get("channels/", "admin").content
    changed = post(f"channels/{uid}/", {"name": "Ops 2", "quiet_from": "22:00"}, role="admin", method="patch")
    assert changed.json()["errors"].keys() == {"quiet_to"}
    assert post(f"channels/{uid}/", {"name": "Ops 2"}, role="admin", method="patch").json()["name"] == "Ops 2"
    assert post(f"channels/{uid}/pause/", role="admin").json()["paused_at"]
    assert post(f"channels/{uid}/resume/", role="admin").json()["paused_at"] is None
    assert post(f"channels/{uid}/new-key/", role="admin").json()["signing_key"] != made.json()["signing_key"]
    assert get(f"channels/{uid}/deliveries/", "admin").json()["results"] == []
    assert caller("admin").delete(f"{API}channels/{uid}/").status_code == 204
    assert not Channel.objects.exists()


def test_a_token_knows_itself_and_can_end_itself():
    me = get("me/", "admin").json()
    assert (me["role"], me["workspace"]["slug"], me["token"]["scope"]) == ("admin", "main", "")
    assert me["token"]["hint"] == ApiToken.objects.get().hint
    assert post(f"tokens/{me['token']['uid']}/revoke/", role="admin").json()["revoked_at"]
    assert get("me/", "admin").status_code == 401
    browser = signed_in(member("viewer", email="v@example.org")).get(f"{API}me/").json()
    assert (browser["token"], browser["name"]) == (None, "v@example.org")


def test_a_token_kept_to_reports_makes_reports_and_nothing_else():
    row = follow("github").newest
    Job.objects.create(kind="assess", queue="score", due_at=timezone.now())
    kept = caller("analyst", scope="reports")
    asked = post("reports/", {"kind": "vendor", "assessments": [str(row.uid)]}, scope="reports")
    assert asked.status_code == 202
    assert [one["kind"] for one in kept.get(f"{API}jobs/").json()["results"]] == ["report"]
    assert kept.get(f"{API}me/").json()["token"]["scope"] == "reports"
    for path in ("vendors/", "plan/", "audit/", "assessments/"):
        assert kept.get(API + path).status_code == 403, path
    assert kept.get("/reports/").status_code == 403, "pages are for people"


def test_people_and_the_trail_are_told_to_administrators_of_that_workspace_alone():
    other = Workspace.objects.create(slug="other", name="Other")
    member("viewer", email="theirs@example.org", workspace=other)
    assert get("members/", "admin").json()["results"][0]["email"] == "admin@example.org"
    assert b"theirs@" not in get("members/", "admin").content + get("audit/", "admin").content
    for path in ("members/", "audit/", "tokens/", "channels/"):
        assert get(path, "approver").status_code == 403


def test_a_body_larger_than_any_plan_is_refused_unread():
    answer = caller("analyst").put(f"{API}plan/", b" " * (9 * 2**20), content_type="application/json")
    assert answer.status_code == 413
