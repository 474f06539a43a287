"""Every page there is, with data and without, in both themes, wide and on a phone: axe finds nothing, and nothing spills over.

A route that answers GET with a page and stands in no list here fails the first test.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

import allauth.mfa
import axe_playwright_python
import django_htmx
import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

import riskboard.settings
from assessments import plans
from assessments.continuity import examples
from assessments.models import Channel, QuestionnaireLink, SharedLink
from assessments.notify import outbox
from assessments.notify.found import Found
from assessments.scoring.model import Needs
from assessments.verbs import assess_vendor
from riskboard.accounts.models import Invitation, Membership, Role, Workspace, digest
from riskboard.jobs import queue
from riskboard.jobs.models import Job, State
from tests.browser.test_main_job import _synchronous, browser  # noqa: F401 - fixtures
from vendors.catalogue import index
from vendors.ingest import ingest_facts
from vendors.models import Incident

SLUG, TOKEN = "microsoft-bpos-2011", "a" * 43
# What answers with a file, JSON or a redirect, changes something, or cannot be reached here, and why.
NO_PAGE = {
    "healthz", "readyz", "metrics", "vendor-search", "report", "assessment-json", "assessment-xlsx", "facts-json", "readyz-web",
    "vendor-answers-table", "answers-table", "vendors-list", "vendors-table", "plan-register-table", "plan-export", "download-report",
    "shared-report", "shared-badge", "shared-badge-json", "shared-calendar", "audit-table", "mfa_download_recovery_codes",
    "ask-file", "evidence-file", "evidence-table", "incidents-table", "catalogue-table", "plan-judged-table",
    "plan-dora", "plan-export-kind", "plan-items-table", "people-table", "tokens-table", "links-table", "channels-table",
    "messages-table", "operation-table", "reports-table", "plan-history-table", "plan-milestones-table",
    # by POST alone
    "ask-remove-file", "ask-restore-file", "remove-evidence-file", "restore-evidence-file", "delete-evidence-file", "list-columns",
    "save-view", "remove-view", "plan-attach", "choose-language", "make-workspace", "leave-workspace", "delete-workspace",
    "retry-job", "discard-job", "look-again", "free-host", "start", "cancel-job", "make-questionnaire-link", "end-questionnaire-link",
    "vendors-bulk", "vendor-note", "compare-judge", "add-channel", "send-again", "test-channel", "pause-channel", "new-channel-key",
    "remove-channel", "plan-judge", "plan-example", "plan-undo", "plan-look", "plan-accept", "plan-empty", "plan-restore",
    "plan-freeze",
    "plan-remove", "make-report", "again-report", "check-report", "share-report", "share-badge", "share-calendar", "end-link",
    "choose-workspace", "invite", "withdraw-invitation", "change-member", "change-workspace", "make-token", "revoke-token",
    # sign-in's own: these redirect unless one is in the middle of something, which tests/browser/test_sign_in.py is
    "account_email_verification_sent", "account_set_password", "account_confirm_login_code", "mfa_authenticate", "mfa_reauthenticate",
    "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_reauthenticate_webauthn",
    "mfa_remove_webauthn", "mfa_edit_webauthn", "mfa_login_webauthn", "socialaccount_signup", "openid_connect_login",
    "openid_connect_callback", "vendor-answers-file", "answers-file",
}  # fmt: skip
PAGES = {
    "operation": ["/settings/operation/"], "home": ["/"], "add": ["/add/"], "catalogue": ["/catalogue/", "/catalogue/?q=zzzz"],
    "find": ["/find/?q=tr", "/find/?q=zzzz"], "vendors": ["/vendors/", "/vendors/?q=nothing", "/vendors/?away=true"],
    "compare": ["/compare/"], "notifications": ["/settings/notifications/"], "imports": ["/imports/"], "plan": ["/plan/"],
    "plan-lint": ["/plan/check/"], "plan-answers": ["/plan/answers/"], "plan-organisation": ["/plan/organisation/"],
    "plan-register": ["/plan/register/"], "plan-commitments": ["/plan/commitments/"], "plan-files": ["/plan/files/"],
    "plan-history": ["/plan/history/"], "plan-items": ["/plan/processes/", "/plan/contacts/"],
    "plan-new": ["/plan/services/new/", "/plan/exercises/new/"], "reports": ["/reports/"], "links": ["/settings/links/"],
    "method": ["/method/"], "style": ["/style/"], "program-docs": ["/api-docs/"],
    "profile": ["/settings/"], "people": ["/settings/people/"],
    "workspaces": ["/settings/workspaces/"], "tokens": ["/settings/tokens/"], "audit": ["/settings/audit/"], "setup": ["/setup/"],
}  # fmt: skip
WITH_DATA = {
    "job": ["/jobs/{open}/", "/jobs/{failed}/"], "assessment": ["/assessments/{assessment}/"],
    "questionnaire": ["/vendors/{slug}/questionnaire/"], "ask": ["/ask/{token}/"], "evidence": ["/vendors/{slug}/evidence/"],
    "vendor": ["/vendors/{slug}/"], "incidents": ["/vendors/{slug}/incidents/"], "incident": ["/vendors/{slug}/incidents/{incident}/"],
    "what-if": ["/vendors/trello/what-if/?rto=4h&takeover=1h"], "compare": ["/compare/?v=trello&v={slug}"],
    "notification-channel": ["/settings/notifications/{channel}/"], "plan-revision": ["/plan/history/1/"],
    "plan-compare": ["/plan/milestones/compare/"], "plan-edit": ["/plan/services/hosted-email/", "/plan/contacts/it-manager/"],
    "join": ["/join/{token}/"],
    "account_reauthenticate": ["/account/reauthenticate/"], "account_email": ["/account/email/"],
    "account_change_password": ["/account/password/change/"], "mfa_index": ["/account/2fa/"],
    "mfa_activate_totp": ["/account/2fa/totp/activate/"], "mfa_list_webauthn": ["/account/2fa/webauthn/"],
    "mfa_add_webauthn": ["/account/2fa/webauthn/add/"], "socialaccount_connections": ["/account/3rdparty/"],
    "usersessions_list": ["/account/sessions/"], "account_logout": ["/account/logout/"], "account_inactive": ["/account/inactive/"],
    "account_confirm_email": ["/account/confirm-email/x/"],
    "socialaccount_login_cancelled": ["/account/3rdparty/login/cancelled/"],
    "socialaccount_login_error": ["/account/3rdparty/login/error/"],
}  # fmt: skip
SIGNED_OUT = {
    "account_login": ["/account/login/"], "account_signup": ["/account/signup/"],
    "account_reset_password": ["/account/password/reset/"], "account_reset_password_done": ["/account/password/reset/done/"],
    "account_reset_password_from_key": ["/account/password/reset/key/1-x/"],
    "account_reset_password_from_key_done": ["/account/password/reset/key/done/"],
}  # fmt: skip
HTMX = "static/django_htmx/htmx-2.min.js"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
RUN = "options => axe.run(document, options).then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]))"
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
# Every theme and every width with every rule, and the two other pairs for what colours alone decide.
LOOKS = (("light", 1200, EVERYTHING), ("dark", 1200, COLOURS), ("dark", 360, EVERYTHING), ("light", 360, COLOURS))


def _names() -> Iterator[str]:
    def walk(patterns) -> Iterator[str]:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from walk(one.url_patterns)
            elif one.name and not one.name.startswith("api-"):
                yield one.name

    yield from walk(get_resolver().url_patterns)


@pytest.mark.django_db  # the first to load the API asks which workspace is meant
def test_every_route_is_visited_or_said_to_show_no_page():
    known = NO_PAGE | set(PAGES) | set(WITH_DATA) | set(SIGNED_OUT)
    assert sorted(set(_names()) - known) == [], "visit these, or say in NO_PAGE why there is nothing to see"


def test_all_scripts_together_stay_small():
    """60 KB as they travel: htmx, ours, and those of sign-in."""
    served = [Path(riskboard.settings.__file__).parent / "static/js", Path(allauth.mfa.__file__).parent / "static"]
    files = [*(one for folder in served for one in folder.rglob("*.js")), Path(django_htmx.__file__).parent / HTMX]
    assert len(files) > 4
    assert sum(len(gzip.compress(one.read_bytes(), 6)) for one in files) <= 60_000


def faults(page, url: str) -> list[str]:
    """What is wrong with that page in any look, each in a line."""
    page.set_viewport_size({"width": 1200, "height": 900})
    page.emulate_media(color_scheme="light")
    page.goto(url)
    page.evaluate(AXE)
    found = []
    for theme, width, options in LOOKS:
        page.emulate_media(color_scheme=theme)
        page.set_viewport_size({"width": width, "height": 900})
        found += [f"{url} {theme} {width}: {rule} {nodes}" for rule, nodes in page.evaluate(RUN, options)]
        if width == 360 and page.evaluate("document.documentElement.scrollWidth") > 360:
            found.append(f"{url} {theme}: wider than a phone")
    return found


def too_wide(page, url: str, language: str) -> list[str]:
    """That page on a phone in a language of longer words: what is wrong in a line, if anything."""
    page.goto(url)
    assert page.locator("html").get_attribute("lang") == language
    width = page.evaluate("document.documentElement.scrollWidth")
    return [f"{url} {language}: {width} pixels wide"] if width > 360 else []


def crawled(page, base: str, paths: list[str]) -> list[str]:
    """The faults of all those pages."""
    return [line for path in paths for line in faults(page, base + path)]


def opened(browser):  # noqa: F811
    page = browser.new_context(reduced_motion="reduce").new_page()
    page.set_default_timeout(90_000)  # the first page of a process loads every template
    return page


def flat(*tables: dict[str, list[str]]) -> list[str]:
    return [path for table in tables for paths in table.values() for path in paths]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_before_anything_is_there(browser, live_server):  # noqa: F811
    plain = [path for path in flat(PAGES) if path != "/settings/"]  # nobody has an account yet
    assert crawled(opened(browser), live_server.url, [*plain, "/nowhere/"]) == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_with_data(browser, live_server, settings):  # noqa: F811
    filled = _furnished()
    page = opened(browser)
    page.context.add_cookies([{"name": "sessionid", "value": filled.pop("session"), "url": live_server.url}])
    paths = [path.format(slug=SLUG, token=TOKEN, **filled) for path in flat(PAGES, WITH_DATA)]
    assert crawled(page, live_server.url, paths) == []
    assert crawled(opened(browser), live_server.url, flat(SIGNED_OUT)) == []
    page.set_viewport_size({"width": 360, "height": 900})
    for language in ("de", "fr"):
        page.context.set_extra_http_headers({"Accept-Language": language})
        assert [line for path in paths for line in too_wide(page, live_server.url + path, language)] == []


def _furnished() -> dict[str, str]:
    """An installation with something everywhere: what stands in the addresses, and the administrator's session."""
    now, main = timezone.now(), Workspace.main()
    for slug, rto in ((SLUG, 4.0), ("trello", 8.0), ("together-ai", 24.0)):
        facts = index.load(slug)
        row = assess_vendor(ingest_facts(facts), needs=Needs(rto_hours=rto), as_of=facts.as_of)
    made = plans.replace_plan(
        examples.load(SLUG), seen_revision=0, author="IT manager", summary="began with the example"
    )
    queue.run(plans.judge_later(made).pk)
    plans.freeze("Before the drill", author="IT manager", as_of=now)
    channel = Channel.objects.create(
        events=["plan-due"], name="On call", kind="webhook", address_secret="x", hint="https://hooks.example.org/…"
    )
    outbox.collect([Found("k", "plan-due", "Overdue: a drill", "/plan/", now)], now=now)
    SharedLink.objects.create(kind="calendar", token_sha256="c" * 64, made_by="this machine")
    later = now + timezone.timedelta(days=7)
    incident = Incident.objects.filter(page__vendor__slug=SLUG).latest("pk")
    QuestionnaireLink.objects.create(
        vendor=incident.page.vendor, token_sha256=digest(TOKEN), expires_at=later, made_by="this machine"
    )
    Invitation.objects.create(
        workspace=main, email="new@example.org", role=Role.VIEWER, token_sha256=digest(TOKEN), expires_at=later
    )
    jobs = {
        state: Job.objects.create(
            kind="report", queue="report", state=state, progress=30, due_at=now, args={}, error="The disk is full"
        )
        for state in (State.RUNNING, State.FAILED)
    }
    user = get_user_model().objects.create_user(
        username="admin", email="admin@example.org", password="three blind mice, run"
    )
    Membership.objects.create(workspace=main, user=user, role=Role.ADMIN)
    client = Client()
    client.post(reverse("account_login"), {"login": "admin@example.org", "password": "three blind mice, run"})
    return {
        "assessment": str(row.uid), "incident": str(incident.pk), "channel": str(channel.uid), "open": str(jobs[State.RUNNING].uid),
        "failed": str(jobs[State.FAILED].uid), "session": client.session.session_key,
    }  # fmt: skip
