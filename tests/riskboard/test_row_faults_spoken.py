"""What is wrong with a cell of a file that is brought in is said in the reader's language, and so is where it stands."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from assessments.questionnaire import answer_files
from riskboard.locales import speaking
from riskboard.phrasebook import known, said
from vendors.evidence import monitors, reported

NOW = datetime(2026, 11, 1, tzinfo=UTC)
INCIDENTS = f"""title,started_at,ended_at,impact,source_url,source_kind,components
,,,,,press,
A,2026-01-02T00:00Z,2026-01-01T00:00Z,huge,ftp://x,rumour,{"|".join(map(str, range(300)))}
B,soon,,,https://u:p@x/,,
C,2024-01-01T00:00Z,2026-01-01T00:00Z,,,,
{"x" * 3000},2026-01-01T00:00Z,,,,,
D,2026-01-01T00:00Z,,,,,
D,2026-01-01T00:00Z,,,,,
""".encode()
ANSWERS = b"""vendor,item,answer,evidence,note,answered_on
github,B99,perhaps,not a link,,never
github,B1,,https://x.example,,
github,B2,yes,,,
github,B2,yes,,,
"""
SEEN = b"start,end,monitor\n2026-02-01T00:00Z,2026-01-01T00:00Z,m\nsoon,,m\n"


def faults() -> list[str]:
    every = [
        *reported.read_csv(INCIDENTS, as_of=NOW).faults,
        *answer_files.read(ANSWERS).faults,
        *monitors.read(SEEN, as_of=NOW).faults,
    ]
    assert len(every) >= 18
    return [one.what for one in every] + [one.place for one in every if isinstance(one, answer_files.Fault)]


@pytest.mark.parametrize("code", ["de", "fr"])
def test_no_fault_of_a_row_stays_english(code):
    with speaking(code):
        english = [what for what in faults() if not known(what) or said(what) == what]
    assert english == []


@pytest.mark.parametrize("code", ["de", "fr"])
def test_words_that_must_be_typed_are_not_translated(code):
    with speaking(code):
        told = " ".join(said(what) for what in faults())
    for word in ("none, minor, major", "yes, partial, no, withheld", "press, letter, login-dashboard"):
        assert word in told
