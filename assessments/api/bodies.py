"""A file as the body of a request: its bytes, and what is wrong with its cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rest_framework import serializers
from rest_framework.request import Request

from assessments.questionnaire.answer_files import Fault as PlaceFault
from vendors.evidence.tables import Fault as CellFault

MOST_TOLD = 200  # faults of one file


def sent_as_file(request: Request) -> bytes:
    """The bytes that were sent; none where the body was no file."""
    return request.data if isinstance(request.data, bytes) else b""


def refuse_cells(faults: Sequence[CellFault]) -> None:
    """Raises ValidationError with what is wrong with which cell, where anything is; nothing was taken then."""
    _refuse((f"row {one.row}, {one.column}", one.what) for one in faults[:MOST_TOLD])


def refuse_places(faults: Sequence[PlaceFault]) -> None:
    """The same for files whose faults name their place themselves."""
    _refuse((one.place, one.what) for one in faults[:MOST_TOLD])


def _refuse(faults: Iterable[tuple[str, str]]) -> None:
    told = {place: [what] for place, what in faults}
    if told:
        raise serializers.ValidationError(told)
