"""The API's documentation as a page: all of the schema, and nothing from elsewhere."""

from __future__ import annotations

import html
import re

import pytest

from assessments.api.docs_page import read, type_of
from tests.web.test_api_page_table import operations

pytestmark = pytest.mark.django_db


def test_every_operation_and_every_type_is_drawn(client):
    page = html.unescape(client.get("/api-docs/").content.decode())
    for method, path in operations():
        assert f"<code>{method} {path}</code>" in page
    groups, records = read()
    assert sum(map(len, groups.values())) == len(operations())
    assert len(records) > 100
    assert "Say conflicts=keep" not in page
    assert "Answers that changed since the file was taken" in page
    assert all(told for one in groups.values() for told in [operation.told for operation in one]), (
        "each says what it does"
    )


def test_it_needs_no_network_and_no_script_of_its_own(client):
    page = client.get("/api-docs/").content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    assert "<script" not in main
    assert not re.search(r'(?:src|href)="(?:https?:)?//', main)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"$ref": "#/components/schemas/Job"}, "Job"),
        ({"type": ["string", "null"], "format": "date-time"}, "string (date-time) or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Job"}}, "list of Job"),
        (
            {"type": "object", "properties": {"results": {"type": "array", "items": {"type": "integer"}}}},
            "page of integer",
        ),
        ({"anyOf": [{"type": "null"}, {"enum": ["a4", None]}]}, "null or “a4” or null"),
        ({"const": 3}, "3"),
        ({}, "anything"),
    ],
)
def test_a_type_is_told_in_a_few_words(schema, words):
    assert type_of(schema) == words
