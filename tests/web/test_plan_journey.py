"""From an empty plan to an answer, as somebody new to it goes: a process, a service, what ties them, and what then is known."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from assessments import plans
from assessments.report.plan_figures import sentence
from tests.web.test_plan_pages import body

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]


def heading(page: str) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", "", found.group(1)).split())


def enter(client, vendor: str) -> None:
    process = {"name": "Releases", "critical": "yes", "rto_hours": "4h", "cost_per_hour": "500"}
    assert client.post("/plan/processes/new/", process).status_code == 302
    assert client.post("/plan/services/new/", {"name": "Code hosting", "vendor": vendor}).status_code == 302
    tied = {"process": "releases", "service": "code-hosting", "essential": "yes"}
    assert client.post("/plan/dependencies/new/", tied).status_code == 302


def test_a_first_answer_needs_a_process_a_service_and_what_ties_them(client, run_jobs):
    enter(client, "Microsoft BPOS (May 2011)")
    assert "It is being judged now" in body(client.get("/plan/"))
    run_jobs()
    page = body(client.get("/plan/"))
    assert "changed since" not in page
    assert heading(page) == "Your one critical process would break its promise in an outage like those seen."
    assert "Nothing takes over" in body(client.get("/plan/answers/"))


def test_a_vendor_nobody_assessed_is_not_known_and_never_comfort(client, run_jobs):
    enter(client, "Our printer Ltd")
    run_jobs()
    page = body(client.get("/plan/"))
    assert heading(page) == "Whether your one critical process would keep its promise is not known."
    assert "our-printer-ltd" in body(client.get("/plan/answers/"))
    assert 'class="badge pass"' not in page


def test_a_plan_with_no_critical_process_says_so(client, run_jobs):
    client.post("/plan/processes/new/", {"name": "Canteen"})
    run_jobs()
    assert (
        heading(body(client.get("/plan/"))) == "No process is marked critical yet, so nothing can be said of the whole."
    )
    assert plans.newest_judgement() is not None


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ("bbb", "All of your three critical processes would break their promise in an outage like those seen."),
        ("bkk", "One of your three critical processes would break its promise in an outage like those seen."),
        ("bru", "One of your three critical processes would break its promise in an outage like those seen; "
                "one is at risk and one is not known."),
        ("kkk", "None of your three critical processes would break its promise in an outage like those seen."),
        ("kru", "Of your three critical processes, one is at risk and one is not known."),
        ("uuk", "Of your three critical processes, two are not known."),
        ("uu", "Whether your two critical processes would keep their promise is not known."),
        ("r", "The promise of your one critical process is at risk."),
        ("k", "Your one critical process would not break its promise in an outage like those seen."),
    ],
)  # fmt: skip
def test_the_sentence_of_the_overview_never_leaves_out_what_is_not_known(verdicts, told):
    words = {"b": "cannot be met", "r": "at risk", "u": "not known", "k": "kept"}
    processes = [SimpleNamespace(critical=True, verdict=words[one]) for one in verdicts]
    assert (
        sentence(SimpleNamespace(processes=[*processes, SimpleNamespace(critical=False, verdict="not known")])) == told
    )
