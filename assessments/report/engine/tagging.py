"""What the PDF engine leaves out of the structure that a screen reader follows, put in before the file is written.

Each mending names what two independent checkers of PDF/UA found without it (`tests/assessments/test_report_checkers.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pydyf

PRINT = 4  # the Print flag of an annotation


def mend(document: Any, pdf: pydyf.PDF) -> None:
    """Mend the structure of a drawn document: for `write_pdf(finisher=...)`. Costs a walk over its boxes and objects."""
    elements = {one.number: one for one in pdf.objects if isinstance(one, dict) and one.get("Type") == "/StructElem"}
    _scope_headers(document)
    _join_lists(elements)
    _drop_empty_spans(elements)
    _leave_out_margins(pdf, elements)
    for one in pdf.objects:
        if isinstance(one, dict) and one.get("Type") == "/Annot":
            one["F"] = PRINT  # what a link looks like on screen is what it looks like on paper


def _scope_headers(document: Any) -> None:
    """Say of each header cell whether it heads a row or a column: the engine only names headers from the cells they head."""
    for page in document.pages:
        for box in page._page_box.descendants(placeholders=True):
            if box.element_tag == "th" and isinstance(mark := getattr(box, "mark", None), dict):
                mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"


def _join_lists(elements: dict[int, Any]) -> None:
    """Make items of a list its children where a `div` groups them: in HTML it may, in PDF nothing stands between."""
    for one in elements.values():
        if one["S"] == "/L":
            kids = pydyf.Array()
            for kid in one["K"]:
                between = elements.get(_number(kid))
                if between is None or between["S"] != "/Div":
                    kids.append(kid)
                    continue
                kids.extend(between["K"])
                for number in map(_number, between["K"]):
                    if number in elements:
                        elements[number]["P"] = one.reference
            one["K"] = kids


def _drop_empty_spans(elements: dict[int, Any]) -> None:
    """Leave out what holds nothing: a screen reader stops at it."""
    empty = {number for number, one in elements.items() if one["S"] == "/Span" and not one["K"]}
    for one in elements.values():
        if any(_number(kid) in empty for kid in one["K"]):
            one["K"] = pydyf.Array([kid for kid in one["K"] if _number(kid) not in empty])


def _leave_out_margins(pdf: pydyf.PDF, elements: dict[int, Any]) -> None:
    """Mark running headers, footers and page numbers as artifacts: the engine tags them, and hangs the tags on nothing."""
    numbers = list(map(_number, pdf.page_references))
    hanging: dict[int, set[int]] = {}
    reached = set(_below(pdf, elements))
    for number, one in elements.items():
        if number not in reached:
            marks = {kid for kid in one["K"] if isinstance(kid, int)}
            hanging.setdefault(_number(one["Pg"]), set()).update(marks)
    tree = pdf.objects[_number(pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["ParentTree"])]["Nums"]
    for index, number in enumerate(numbers):
        marks = hanging.get(number, set())
        if not marks:
            continue
        owners = tree[2 * index + 1]
        for mark in marks:
            owners[mark] = "null"
        _as_artifacts(pdf.objects[_number(pdf.objects[number]["Contents"])].stream, marks)


def _as_artifacts(stream: list[Any], marks: set[int]) -> None:
    """Rename those marked sequences of a page's drawing."""
    for place, item in enumerate(stream):
        if isinstance(item, pydyf.Dictionary) and item.get("MCID") in marks:
            stream[place - 1], stream[place] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})


def _below(pdf: pydyf.PDF, elements: dict[int, Any]) -> Iterator[int]:
    """Numbers of all elements that hang on the root."""
    waiting = [_number(kid) for kid in pdf.objects[_number(pdf.catalog["StructTreeRoot"])]["K"]]
    while waiting:
        number = waiting.pop()
        if number in elements:
            yield number
            waiting += [_number(kid) for kid in elements[number]["K"]]


def _number(reference: Any) -> int:
    """The number of the object that is referred to; -1 for a mark, which refers to none."""
    return int(reference.split()[0]) if isinstance(reference, bytes | str) else -1
