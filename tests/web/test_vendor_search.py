"""The search behind the target field: its options, its JSON, and what the first page does without a script."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
SCRIPT = Path(settings.BASE_DIR) / "riskboard" / "static" / "js" / "combobox.js"


def values(client, query: str) -> list[str]:
    page = client.get("/vendors/search", {"q": query}).content.decode()
    assert page.count('role="option"') == page.count('aria-selected="false"') == page.count('id="vendor-')
    return re.findall(r'data-value="([^"]*)"', page)


def test_the_first_option_is_the_page_of_the_vendor_typed_and_a_bundled_record_follows(client):
    found = values(client, "github")
    assert found[0] == "https://www.githubstatus.com"
    assert found[-1] == "github"


@pytest.mark.parametrize("query", ["gihtub", "GitH", "githubstatus.com", "www.githubst"])
def test_a_slip_a_beginning_a_domain_and_a_host_find_the_page(client, query):
    assert "https://www.githubstatus.com" in values(client, query)


@pytest.mark.parametrize("query", ["", "  ", "qqqqqqq", "x" * 5000, "\x00", "<b>", "%", "'\""])
def test_what_finds_nothing_is_answered_with_no_option(client, query):
    answer = client.get("/vendors/search", {"q": query})
    assert answer.status_code == 200
    assert b"option" not in answer.content


def test_without_a_query_nothing_is_found(client):
    assert client.get("/vendors/search").content.strip() == b""


def test_json_is_answered_where_it_is_asked_for(client):
    answer = client.get("/vendors/search", {"q": "githb"}, headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/json"
    assert "Accept" in answer["Vary"]
    first = answer.json()["vendors"][0]
    assert first["slug"] == "github"
    assert first["category"] == "dev-tools"
    assert first["pages"][0] == {"url": "https://www.githubstatus.com", "platform": "statuspage"}
    assert first["matched"] == {"field": "name", "text": "GitHub", "why": "its name is one slip from githb"}


@pytest.mark.parametrize("accept", ["*/*", "text/html", "text/html,application/json;q=0.5", "image/png", ""])
def test_any_other_reader_gets_options(client, accept):
    answer = client.get("/vendors/search", {"q": "github"}, headers={"Accept": accept})
    assert answer["Content-Type"].startswith("text/html")


def test_it_is_read_only(client):
    assert client.post("/vendors/search", {"q": "github"}).status_code == 405


def test_the_fragment_and_the_script_run_under_a_policy_without_inline_code(client):
    for path in ("/vendors/search?q=s", "/"):
        page = client.get(path).content.decode()
        assert not re.search(r"<style|<script>|\sstyle=|\son[a-z]+=", page)
    assert "script-src 'self'" in client.get("/vendors/search?q=s")["Content-Security-Policy"]


def test_the_field_works_without_the_script(client):
    page = client.get("/").content.decode()
    assert 'list="vendors"' in page
    assert 'role="combobox"' not in page
    assert re.search(r'role="listbox"[^>]* hidden>', page)


def test_the_script_is_small():
    assert SCRIPT.stat().st_size <= 2048


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Zooom", "that of Zoom is https://status.zoom.us."),
        ("nobody knows it", "status page&#x27;s address."),
        ("x" * 2000, "status page&#x27;s address."),
    ],
)
def test_a_name_that_is_not_bundled_is_refused_with_the_page_to_paste(client, name, told):
    answer = client.post("/assess/", {"target": name, "rto": "4h"})
    assert answer.status_code == 400
    assert told in answer.content.decode()
