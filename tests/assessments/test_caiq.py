"""A CAIQ workbook of whatever order and heading is read; anything else is refused with the reason."""

from __future__ import annotations

import io
import zipfile

import pytest

from assessments.questionnaire import caiq
from assessments.questionnaire.items import items
from riskboard.errors import Refused
from tests.caiq_workbook import HEADINGS
from tests.caiq_workbook import caiq as made

TICKED = {"IPY-02.1": ("Yes", "By REST."), "BCR-10.1": ("No", "")}


def test_every_item_is_mapped_or_says_why_not_and_none_is_both():
    table = caiq.mapping()
    mapped, none = {one.item for one in table.maps}, set(table.none)
    assert mapped | none == {one.item for one in items()}
    assert not mapped & none
    assert all(one.reason.endswith(".") for one in table.maps)
    assert all(one.yes in ("partial", "unknown") for one in table.maps), "no question asks for full marks"


LAYOUTS = [
    {},
    {"first": True},
    {"before": ()},
    {"before": (("CAIQ",),) * 10},
    {"title": "CAIQ", "before": (("Version 4.0.2",),)},
    {"title": "Sheet 7", "before": ()},
    {"headings": HEADINGS[::-1]},
    {"headings": ("Question ID", "CSP CAIQ Answer")},
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_columns_are_found_by_their_headings_wherever_they_stand(layout):
    found = caiq.read(made(TICKED, **layout))
    assert found.ticks["IPY-02.1"].answer == "yes"
    assert found.ticks["BCR-10.1"].answer == "no"
    assert found.ticks["BCR-01.1"].answer == ""
    assert not found.faults


@pytest.mark.parametrize(
    ("title", "first_row", "version"),
    [("CAIQv4.0.3", "", "4.0.3"), ("CAIQ", "CAIQ v4.0.2", "4.0.2"), ("A", "Version 4.1", "4.1"), ("A", "", "")],
)
def test_the_version_is_what_the_workbook_says(title, first_row, version):
    assert caiq.read(made(TICKED, title=title, before=((first_row,),))).version == version


WORDS = [("Yes", "yes"), ("YES ", "yes"), ("no", "no"), ("N/A", "na"), ("Not applicable", "na"), (None, "")]


@pytest.mark.parametrize(("ticked", "read"), WORDS)
def test_what_was_ticked_is_read_however_it_is_written(ticked, read):
    assert caiq.read(made({"BCR-08.1": (ticked, ""), "BCR-10.1": ("yes", "")})).ticks["BCR-08.1"].answer == read


PROPOSED = [
    ("B1", {"IPY-02.1": ("yes", "")}, "partial"), ("B1", {"IPY-02.1": ("no", "")}, "unknown"),
    ("B2", {"IPY-02.1": ("yes", "")}, "partial"), ("B2", {"IPY-02.1": ("no", "")}, "no"),
    ("B5", {"BCR-08.1": ("yes", "")}, "unknown"), ("B5", {"BCR-08.1": ("no", "")}, "no"),
    ("B7", {"BCR-11.1": ("yes", "")}, "partial"), ("B8", {"BCR-08.3": ("no", "")}, "no"),
    ("B11", {"BCR-11.1": ("na", ""), "BCR-10.1": ("yes", "")}, "unknown"), ("B15", {"IPY-04.1": ("no", "")}, "no"),
    ("B17", {"BCR-10.1": ("yes", "")}, "partial"), ("B3", {"IPY-04.1": ("yes", "")}, "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "ticked", "answer"), PROPOSED)
def test_an_answer_is_worth_what_its_question_asked_and_no_more(item, ticked, answer):
    found = {one.item: one for one in caiq.propose(caiq.read(made(ticked)))}
    assert len(found) == 17
    assert found[item].answer == answer


def test_the_vendors_words_are_kept_short_and_plain():
    note = next(
        one.note for one in caiq.propose(caiq.read(made({"IPY-02.1": ("yes", "a\u202eb\n" * 400)}))) if one.item == "B2"
    )
    assert len(note) <= 500
    assert "\u202e" not in note


FAULTS = [
    ({"BCR-08.1": ("perhaps", "")}, "CAIQv4.0.3!C5", "neither Yes, No nor NA"),
    ({"BCR-8.1": ("yes", ""), "BCR-10.1": ("yes", "")}, "", ""),
    ({"bcr-08.01": ("yes", ""), "BCR-10.1": ("yes", "")}, "CAIQv4.0.3!A15", "stands at CAIQv4.0.3!C5 already"),
]


@pytest.mark.parametrize(("ticked", "place", "what"), FAULTS)
def test_a_cell_that_cannot_be_read_is_named(ticked, place, what):
    faults = caiq.read(made(ticked)).faults
    assert [(one.place, what in one.what) for one in faults] == ([(place, True)] if place else [])


def zipped(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return out.getvalue()


def with_part(name: str) -> bytes:
    out = io.BytesIO(made(TICKED))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(name, b"x")
    return out.getvalue()


REFUSED = [
    (b"%PDF-1.7", "is no workbook; save it as .xlsx"),
    (b"question id,answer\n", "is no workbook; save it as .xlsx"),
    (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "locked with a password, or is of the old kind .xls"),
    (with_part("xl/vbaProject.bin"), "holds macros"),
    (zipped({"xl/workbook.xml": b" " * 30_000_000}), "unpacks to far more than it holds"),
    (zipped({"word/document.xml": b"<x/>"}), "no workbook that can be read"),
    (zipped({f"xl/{n}.xml": b"<x/>" for n in range(300)} | {"xl/workbook.xml": b"<x/>"}), "no workbook that can be read"),
    (b"PK\x03\x04" + b"\0" * (caiq.MAX_BYTES + 1), "larger than 8 MiB"),
    (made(TICKED, headings=("Question ID", "Question")), "is no CAIQ"),
    (made({}, ), "answers none of the questions"),
    (made(TICKED, title="CAIQ v3.1", before=()), "of CAIQ version 3; version 4 is read"),
    (made(TICKED, title="CAIQ", headings=("Control ID", "Consensus Assessment Answers"), before=()), "of CAIQ version 3"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_is_no_caiq_of_this_version_is_refused_in_a_sentence(data, told):
    with pytest.raises(Refused, match=told):
        caiq.read(data)
