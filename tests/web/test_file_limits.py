"""How large a file and how many: refused before it is read, with what to do, and nothing lost."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from riskboard.uploads import LARGEST_BODY
from tests.accounts.test_access import member, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_wake")]
PAGES = ["/imports/", "/imports/answers/", "/plan/files/look/"]


def bring(client, page: str):
    return client.post(page, {"file": SimpleUploadedFile("a.csv", b"x")})


@pytest.mark.parametrize("page", PAGES)
def test_the_eleventh_file_of_an_hour_waits_and_says_how_long(client, page):
    assert {bring(client, page).status_code for _ in range(10)} == {400}, "no table, but read"
    refused = bring(client, page)
    assert refused.status_code == 429
    assert 3500 < int(refused["Retry-After"]) <= 3600
    assert "the file is still with you" in refused.content.decode()
    assert client.get(page.replace("look/", "")).status_code == 200
    assert client.post(page, {"action": "accept"}).status_code != 429, "what was looked at may still be taken"


def test_each_person_has_their_own_count_over_all_pages(client, settings):
    settings.IMPORT_RATE = "2/hour"
    first, second = signed_in(member("analyst")), signed_in(member("admin"))
    assert [bring(first, page).status_code for page in PAGES] == [400, 400, 429]
    assert bring(second, PAGES[0]).status_code == 400


@pytest.mark.parametrize("path", [*PAGES, "/vendors/github/questionnaire/file/", "/ask/x/", "/nowhere/"])
def test_what_is_too_large_is_refused_before_it_is_parsed(client, path, monkeypatch):
    monkeypatch.setattr(
        "django.http.request.HttpRequest._load_post_and_files", lambda self: pytest.fail("it was parsed")
    )
    answer = client.post(
        path, b"", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(LARGEST_BODY + 1)
    )
    assert answer.status_code == 413
    assert "That file is too large" in answer.content.decode()


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
def test_a_length_that_is_none_is_refused(client, length):
    assert client.post("/imports/", b"", content_type="text/plain", CONTENT_LENGTH=length).status_code == 413


def test_fifty_megabytes_are_refused_as_a_program_reads_it(client):
    answer = client.post("/api/v1/assessments/", b"", content_type="application/json", CONTENT_LENGTH=str(50 * 2**20))
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
