"""Sixty ways to smuggle a script into words of others, seen by a real browser: none runs, and none even tries (quality bar S6)."""

from __future__ import annotations

import itertools
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.utils import timezone
from msgspec.structs import replace

from assessments import plans
from assessments.continuity.plan import Process
from assessments.models import Followed, SharedLink
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import digest, new_secret
from tests.browser.test_main_job import _synchronous, browser  # noqa: F401 - fixtures
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident as IncidentRow
from vendors.records import Component, Incident, Update

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RUN = ("alert(1)", "window.ran=1", "window['ran']=1", "import('data:text/javascript,window.ran=1')")
AROUND = (
    "<script>{}</script>", "</script><script>{}</script>", "<img src=x onerror={}>", "\"><svg onload={}>", "'><svg/onload={}>",
    "<a href=javascript:{}>x</a>", "<iframe srcdoc='<script>{}</script>'></iframe>", "<details open ontoggle={}>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror={}>", "javascript:{}", "<body onpageshow={}>",
    "</title></textarea></style><input autofocus onfocus={}>", "{{{{constructor.constructor('{}')()}}}}",
    "<svg><animate onbegin={} attributeName=x dur=1s>", "\u2028<script>{}</script>",
)  # fmt: skip
PAYLOADS = [around.format(run) for around, run in itertools.product(AROUND, RUN)]


def test_there_are_sixty():
    assert len(set(PAYLOADS)) == len(PAYLOADS) >= 60


def spoilt():
    """A real record whose every word is one of the payloads."""
    facts = index.load("microsoft-bpos-2011")
    page, at = facts.pages[0], facts.incidents[0].started_at
    told = tuple(
        Update(posted_at=at + timedelta(minutes=n), state="investigating", text=words)
        for n, words in enumerate(PAYLOADS)
    )
    incidents = tuple(
        Incident(
            id=f"i{n}", page=page.url, title=words, impact="major", status="resolved", started_at=at - timedelta(days=n),
            first_posted_at=at - timedelta(days=n), resolved_at=at - timedelta(days=n) + timedelta(hours=9), end_known="stated",
            components=(words[:200],), updates=told if n == 0 else told[n : n + 1],
        )
        for n, words in enumerate(PAYLOADS)
    )  # fmt: skip
    parts = tuple(Component(id=f"c{n}", name=words[:200]) for n, words in enumerate(PAYLOADS))
    return replace(facts, incidents=incidents, pages=(replace(page, components=parts),))


@pytest.fixture
def hostile():
    """An installation where everything that somebody wrote is hostile: the addresses of its pages."""
    facts = spoilt()
    vendor = ingest_facts(facts)
    vendor.name = PAYLOADS[2]
    vendor.save()
    row = assess_vendor(vendor, needs=Needs(rto_hours=4.0), as_of=facts.as_of)
    Followed.objects.filter(vendor=vendor).update(note=" ".join(PAYLOADS[:20]), tag_line=PAYLOADS[0])
    for n, words in enumerate(PAYLOADS[:20]):
        plans.save_item("processes", Process(id=f"p{n}", name=words[:200]), seen=None, author=words[:100])
    secret = new_secret()
    SharedLink.objects.create(
        kind="badge",
        vendor=vendor,
        token_sha256=digest(secret),
        made_by="t",
        expires_at=timezone.now() + timedelta(days=1),
    )
    newest = IncidentRow.objects.filter(page__vendor=vendor).latest("started_at")
    everything = quote(" ".join(PAYLOADS))
    slug = vendor.slug
    return [
        "/", "/vendors/", f"/vendors/{slug}/", f"/vendors/{slug}/incidents/", f"/vendors/{slug}/incidents/?page=2",
        f"/vendors/{slug}/incidents/{newest.pk}/", f"/vendors/{slug}/what-if/?rto=4h", f"/vendors/{slug}/evidence/",
        f"/vendors/{slug}/questionnaire/", f"/assessments/{row.uid}/", f"/compare/?v={slug}", "/plan/", "/plan/processes/",
        "/plan/history/", "/settings/audit/", f"/vendors/?q={everything[:1500]}", f"/find/?q={everything[:1500]}",
        f"/catalogue/?q={everything[:1500]}", f"/add/?q={everything[:1500]}", f"/vendors/?sort={everything[:500]}",
        f"/{everything[:500]}", f"/shared/badge/{secret}.svg",
    ]  # fmt: skip


def test_no_word_of_others_runs_and_the_policy_has_nothing_to_stop(browser, live_server, hostile):  # noqa: F811
    page = browser.new_page(reduced_motion="reduce")
    page.set_default_timeout(90_000)
    noticed: list[str] = []
    page.on("dialog", lambda dialog: (noticed.append(f"{page.url}: a dialog"), dialog.dismiss()))
    page.on(
        "console",
        lambda one: noticed.append(f"{page.url}: {one.text}") if "Content Security Policy" in one.text else None,
    )
    seen = 0
    for path in hostile:
        answer = page.goto(live_server.url + path)
        assert answer.status < 500, path
        seen += answer.text().count("onerror=") + answer.text().count("window.ran")
        if page.evaluate("window.ran !== undefined"):
            noticed.append(f"{path}: it ran")
    assert noticed == []
    assert seen > 200, "the payloads are on the pages, as words"


def test_what_runs_is_noticed(browser):  # noqa: F811
    page = browser.new_page()
    noticed = []
    page.on("dialog", lambda dialog: (noticed.append("a dialog"), dialog.dismiss()))
    page.set_content(PAYLOADS[0] + PAYLOADS[1])
    assert noticed == ["a dialog"]
    assert page.evaluate("window.ran") == 1
