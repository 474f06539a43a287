"""No figure of the method moves unnoticed: the bundled histories come out as they did."""

from __future__ import annotations

from typing import Any

import pytest

from tests.assessments.verdicts import Case, cases, known, verdict

CASES = list(cases())


def differences(was: Any, now: Any, at: str = "") -> list[str]:
    """Where the two differ, each as "path: was -> now"; figures beyond what another machine's last digits explain."""
    if isinstance(was, dict) and isinstance(now, dict):
        return [found for name in {**was, **now} for found in differences(was.get(name), now.get(name), f"{at}.{name}")]
    if isinstance(was, list | tuple) and isinstance(now, list | tuple) and len(was) == len(now):
        return [
            found for n, (a, b) in enumerate(zip(was, now, strict=True)) for found in differences(a, b, f"{at}[{n}]")
        ]
    if isinstance(was, float | int) and isinstance(now, float | int):
        return [] if now == pytest.approx(was, rel=1e-9, abs=1.1e-4) else [f"{at}: {was} -> {now}"]
    return [] if was == now else [f"{at}: {was} -> {now}"]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bundled_history_comes_out_as_it_did(case: Case):
    moved = differences(known()[str(case)], verdict(case))
    assert not moved, (
        "raise the method's version, say so in CHANGELOG.md, then run python -m tests.assessments.verdicts: "
        + "; ".join(moved[:9])
    )


def test_the_file_holds_each_case_and_no_other():
    assert list(known()) == [str(case) for case in CASES]


def test_a_difference_is_told_with_its_place():
    assert differences({"a": [1, {"b": 2.0}]}, {"a": [1, {"b": 2.00001}]}) == []
    assert differences({"a": [1, {"b": 2.0}]}, {"a": [1, {"b": 2.1}], "c": None}) == [".a[1].b: 2.0 -> 2.1"]
    assert differences(["B"], ["C"]) == ["[0]: B -> C"]
    assert differences([1], [1, 2]) == [": [1] -> [1, 2]"]
