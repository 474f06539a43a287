"""Figures, lengths and dates as each language writes them, and stored sentences said in it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from riskboard.errors import Refused
from riskboard.locales import DAY, FULL, MINUTE, duration, figure, figures, language, speaking, when
from riskboard.phrasebook import _looked_up, known, made_of, said

NNBSP, NBSP = "\u202f", "\u00a0"
BOOK = made_of(
    [
        (None, "{n} outage", "{n} Ausfall"),
        (None, "{n} outages", "{n} Ausfälle"),
        (None, "The copy of {one_name} {told}.", "Die Kopie von {one_name} {told}."),
        (None, "is old", "ist alt"),
        (None, "{share:.0%} of {count} posts", "{share} von {count} Meldungen"),
        (None, "hours of major outage", "Stunden großer Ausfälle"),
        ("audience", "staff", "Belegschaft"),
    ]
)


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (1234.5, ",.1f", {"en": "1,234.5", "de": "1.234,5", "fr": f"1{NNBSP}234,5"}),
        (0.83, ".0%", {"en": "83%", "de": f"83{NBSP}%", "fr": f"83{NNBSP}%"}),
        (0.0, ".2f", {"en": "0.00", "de": "0,00", "fr": "0,00"}),
        (-2.5, ".1f", {"en": "-2.5", "de": "-2,5", "fr": "-2,5"}),
    ],
)
@pytest.mark.parametrize("code", ["en", "de", "fr"])
def test_a_figure_is_written_as_the_language_writes_it(value, form, written, code):
    with speaking(code):
        assert figure(value, form).replace(NNBSP, " ").replace(NBSP, " ") == written[code].replace(NNBSP, " ").replace(
            NBSP, " "
        )


@pytest.mark.parametrize(
    "text", ["2.1.0", "https://a.example/1.5", "ISO 22301", "RB-9C773322645D", "a1.5b", "10:30", "2026-13-45"]
)
@pytest.mark.parametrize("code", ["de", "fr"])
def test_versions_addresses_names_and_times_are_no_figures(text, code):
    with speaking(code):
        assert figures(text) == text


@pytest.mark.parametrize(
    ("code", "day", "minute", "full", "length"),
    [
        ("en", "2026-05-01", "2026-05-01 09:05", "01 May 2026", "1 d 2 h"),
        ("de", "01.05.2026", "01.05.2026 09:05", "1. Mai 2026", "1 Tag 2 h"),
        ("fr", "01/05/2026", "01/05/2026 09:05", "1 mai 2026", "1 j 2 h"),
    ],
)
def test_days_and_lengths_are_written_as_the_language_writes_them(code, day, minute, full, length):
    at = datetime(2026, 5, 1, 9, 5, tzinfo=UTC)
    with speaking(code):
        assert (when(date(2026, 5, 1), DAY), when(at, MINUTE), when(at, FULL)) == (day, minute, full)
        assert duration(26.0).replace(NBSP, " ") == length


def test_a_language_there_is_none_of_is_refused_and_the_one_before_is_spoken_again():
    with speaking("de"):
        with speaking("fr"):
            assert language() == "fr"
        assert language() == "de"
    with pytest.raises(Refused, match="no language 'xx'"), speaking("xx"):
        pass


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        ("1 outage", "1 Ausfall"),
        ("1,200 outages", "1.200 Ausfälle"),
        ("some outage", None),  # a count is a number
        ("50% of 1,200 posts", f"50{NBSP}% von 1.200 Meldungen"),
        ("many of 3 posts", None),
        ("The copy of staff is old.", "Die Kopie von staff ist alt."),  # a name is nobody's word but its owner's
        ("Mail: API: hours of major outage", "Mail: API: Stunden großer Ausfälle"),
        ("staff", "Belegschaft"),
        ("Nobody wrote this.", None),
    ],
)
def test_a_stored_sentence_is_found_by_its_template(stored, told):
    with speaking("de"):
        assert _looked_up(BOOK, stored, 0) == told


def test_a_sentence_the_book_does_not_know_is_shown_as_it_is():
    with speaking("de"):
        assert said("The moon was in the seventh house.") == "The moon was in the seventh house."
        assert not known("The moon was in the seventh house.")
    assert known("The moon was in the seventh house.")
