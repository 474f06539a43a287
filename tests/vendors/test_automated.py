"""Sentences of monitors are known as such; sentences a person could write are not."""

from __future__ import annotations

import pytest

from vendors.sources.automated import machine_written


@pytest.mark.parametrize(
    "text",
    [
        "API went down.", "API went down", "Website (EU) recovered.",
        "🛑 API is down", "🟩 API has recovered.", "⚠️ Search is degraded",
        "In `1a2b3c4d`, API was **down**", "Resolved in [`1a2b3c4d`]", "Monitor is down", "Monitoring detected API unreachable.",
        "This is an automated message.", "Automatically resolved by Uptime Robot.", "HTTPS check failed", "ping monitor for X is down",
        "  API\nwent down.  ",
    ],
)  # fmt: skip
def test_a_monitors_sentence_is_known(text):
    assert machine_written(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "The API is down.", "We are monitoring the result.", "The API went down and we look at why. More soon.",
        "Most services recovered. We keep watching search.", "In the last hour, logins failed.", "Resolved in all regions.",
        "We check the logs.", "We automated the fail-over and it worked as planned in Frankfurt.",
        "API went down. " * 60,
    ],
)  # fmt: skip
def test_what_a_person_could_write_is_not(text):
    assert not machine_written(text)
