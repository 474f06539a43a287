"""The rows of DORA's register of information as a workbook: in words, in codes, and what is missing in them."""

from __future__ import annotations

from collections.abc import Sequence

from assessments.continuity import dora
from assessments.continuity.plan import Plan
from assessments.files.tables import Sheet, workbook
from riskboard.locales import N_, _
from riskboard.phrasebook import said, word

_FAULTS = (N_("Level"), N_("Field"), N_("Row"), N_("What"), N_("Is wrong"), N_("Rule"), N_("In the plan"))


def dora_workbook(plan: Plan) -> bytes:
    """XLSX of five sheets: each template in words and in the taxonomy's codes, and every fault the linter finds.

    The templates are the supervisor's and stay English; the faults are said in the language spoken.
    """
    functions, services = dora.functions(plan), dora.services(plan)
    faults = [
        (
            word("level of a message", one.level),
            one.code,
            one.row,
            one.name,
            said(one.text),
            one.rule or None,
            f"{one.kind} {one.item}, {one.field}",
        )
        for one in dora.lint(plan)
    ]
    return workbook(
        [
            _sheet("b_06.01", dora.FUNCTIONS, functions),
            _sheet("b_07.01", dora.SERVICES, services),
            _sheet("b_06.01 coded", dora.FUNCTIONS, dora.coded(dora.FUNCTIONS, functions)),
            _sheet("b_07.01 coded", dora.SERVICES, dora.coded(dora.SERVICES, services)),
            Sheet(_("Faults"), [_(name) for name in _FAULTS], faults),
        ]
    )


def _sheet(title: str, columns: Sequence[dora.Column], rows: list[list[str]]) -> Sheet:
    return Sheet(title, [column.code for column in columns], [[column.name for column in columns], *rows])
