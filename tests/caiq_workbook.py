"""A CAIQ v4 workbook made by code, with ids and our own short words only: the questions' words are their authors'."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

QUESTIONS = (
    "BCR-01.1", "BCR-08.1", "BCR-08.2", "BCR-08.3", "BCR-10.1", "BCR-10.2", "BCR-11.1", "IPY-01.1", "IPY-02.1", "IPY-03.1", "IPY-04.1",
)  # fmt: skip
HEADINGS = (
    "Question ID", "Question", "CSP CAIQ Answer", "SSRM Control Ownership", "CSP Implementation Description (Optional/Recommended)",
    "CSC Responsibilities (Optional/Recommended)", "CCM Control ID",
)  # fmt: skip


def caiq(
    answers: Mapping[str, tuple[str, str]],
    *,
    title: str = "CAIQv4.0.3",
    headings: Sequence[str] = HEADINGS,
    before: Sequence[Sequence[str]] = (("CONSENSUS ASSESSMENTS, version 4.0.3",), ()),
    first: bool = False,
) -> bytes:
    """The workbook's bytes. `answers`: by question id, what was ticked and the vendor's words; the others are left empty."""
    book = Workbook()
    book.active.title = "Introduction"
    book.active.append(["Instructions"])
    sheet = book.create_sheet(title, 0 if first else None)
    for row in before:
        sheet.append(list(row))
    sheet.append(list(headings))
    for question in (*QUESTIONS, *(one for one in answers if one not in QUESTIONS)):
        ticked, words = answers.get(question, ("", ""))
        cells = {
            "Question ID": question, "Question": "(words of the questionnaire)", "CSP CAIQ Answer": ticked,
            "CSP Implementation Description (Optional/Recommended)": words, "CCM Control ID": question.split(".")[0],
        }  # fmt: skip
        sheet.append([cells.get(heading, "") for heading in headings])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
