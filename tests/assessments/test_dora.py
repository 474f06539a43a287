"""The register of information: a complete plan fills its rows, an incomplete one is told field by field where to fill it."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
from msgspec.structs import replace

from assessments.continuity import dora
from assessments.continuity import plan as p
from assessments.continuity.examples import load
from assessments.continuity.plan_file import checked
from riskboard.cli import main

LEI = "EXAMPLEPAYMENTS00084"


def whole() -> p.Plan:
    return load("complete")


def service(**fields) -> p.Plan:
    """The complete plan with its first reported service changed."""
    plan = whole()
    first = dora.reported(plan)[0]
    return replace(plan, services=tuple(replace(one, **fields) if one.id == first.id else one for one in plan.services))


def registered(**fields) -> p.Plan:
    return service(registration=replace(dora.reported(whole())[0].registration, **fields))


def process(**fields) -> p.Plan:
    plan = whole()
    first = next(one for one in plan.processes if one.critical)
    return replace(
        plan, processes=tuple(replace(one, **fields) if one.id == first.id else one for one in plan.processes)
    )


def test_a_complete_plan_passes_and_every_field_is_filled():
    assert dora.lint(whole()) == ()
    for columns, rows in ((dora.FUNCTIONS, dora.functions(whole())), (dora.SERVICES, dora.services(whole()))):
        assert rows
        for row in rows:
            assert [column.code for column, cell in zip(columns, row, strict=True) if not cell] == []


def test_the_fields_are_those_of_the_two_templates():
    assert [column.code for column in dora.FUNCTIONS] == [f"b_06.01.{n:03}0" for n in range(1, 11)]
    assert [column.code for column in dora.SERVICES] == [f"b_07.01.{n:03}0" for n in range(1, 13)]


FAULTS = [
    (process(function_id=""), "b_06.01.0010", "error", "processes", "function_id"),
    (process(licensed_activity=" "), "b_06.01.0020", "error", "processes", "licensed_activity"),
    (replace(whole(), organisation=replace(whole().organisation, lei="")), "b_06.01.0040", "error", "organisation", "lei"),
    (replace(whole(), organisation=replace(whole().organisation, lei=LEI[:-1] + "5")), "b_06.01.0040", "error", "organisation", "lei"),
    (process(critical_because=""), "b_06.01.0060", "error", "processes", "critical_because"),
    (process(reviewed_on=None), "b_06.01.0070", "warning", "processes", "reviewed_on"),
    (process(rto_hours=None), "b_06.01.0080", "error", "processes", "rto_hours"),
    (process(rpo_hours=None), "b_06.01.0090", "error", "processes", "rpo_hours"),
    (process(impact_of_discontinuing=None), "b_06.01.0100", "error", "processes", "impact_of_discontinuing"),
    (service(contract=p.Contract()), "b_07.01.0010", "error", "services", "contract"),
    (registered(provider_id=""), "b_07.01.0020", "error", "services", "registration"),
    (registered(provider_id="EXAMPLE"), "b_07.01.0020", "error", "services", "registration"),
    (registered(provider_id_kind="VAT"), "b_07.01.0030", "warning", "services", "registration"),
    (registered(service_type="S20"), "b_07.01.0040", "error", "services", "registration"),
    (registered(substitutability=None), "b_07.01.0050", "error", "services", "registration"),
    (registered(substitutability="highly complex", substitutability_reason=""), "b_07.01.0060", "error", "services", "registration"),
    (registered(last_audit_on=None), "b_07.01.0070", "warning", "services", "registration"),
    (service(exit=p.ExitPlan(strategy="x", alternatives=("y",))), "b_07.01.0090", "error", "services", "exit"),
    (registered(impact_of_discontinuing=None), "b_07.01.0100", "error", "services", "registration"),
    (service(exit=p.ExitPlan(strategy="x", reintegration="easy")), "b_07.01.0120", "warning", "services", "exit"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "code", "level", "kind", "field"), FAULTS)
def test_what_is_missing_or_wrong_is_named_with_its_place(plan, code, level, kind, field):
    found = dora.lint(plan)
    assert {(one.code, one.level, one.kind, one.field) for one in found} == {(code, level, kind, field)}


def test_a_key_that_is_used_twice_is_refused():
    ids = [one.function_id for one in whole().processes]
    critical = [one for one in whole().processes if one.critical]
    twice = process(function_id=next(one for one in ids if one != critical[0].function_id))
    assert {one.code for one in dora.lint(twice)} == {"b_06.01.0010"}
    first, second = dora.reported(whole())[:2]
    same = service(
        contract=second.contract,
        registration=replace(
            first.registration,
            provider_id=second.registration.provider_id,
            service_type=second.registration.service_type,
        ),
    )
    assert {one.code for one in dora.lint(same)} == {"b_07.01.0010"}


def test_only_services_of_critical_functions_are_reported():
    plan = checked(
        p.Plan(
            processes=(p.Process(id="a", name="A", critical=True), p.Process(id="b", name="B")),
            services=(p.Service(id="s", name="S", vendor="v"), p.Service(id="t", name="T", vendor="v")),
            dependencies=(
                p.Dependency(id="a-s", process="a", service="s"), p.Dependency(id="b-t", process="b", service="t"),
            ),
        )
    )  # fmt: skip
    assert [one.id for one in dora.reported(plan)] == ["s"]


@pytest.mark.parametrize(("hours", "text"), [(0.25, "1"), (4.0, "4"), (4.6, "5"), (0.0, "0"), (None, "")])
def test_hours_are_whole_and_never_rounded_to_nothing(hours, text):
    assert dora.functions(p.Plan(processes=(p.Process(id="a", name="A", rpo_hours=hours),)))[0][8] == text


def test_a_day_that_is_not_set_is_written_as_the_templates_ask():
    assert dora.functions(p.Plan(processes=(p.Process(id="a", name="A"),)))[0][6] == "9999-12-31"
    known = p.Process(id="a", name="A", reviewed_on=date(2026, 2, 1))
    assert dora.functions(p.Plan(processes=(known,)))[0][6] == "2026-02-01"


@pytest.mark.parametrize(
    ("text", "good"), [(LEI, True), (LEI[:-2] + "85", False), ("", False), ("x" * 20, False), (LEI.lower(), False)]
)
def test_an_lei_is_known_by_its_check_digits(text, good):
    assert dora.is_lei(text) is good


def test_the_files_carry_codes_and_no_living_formula(tmp_path, capsys):
    assert main(["dora", "complete", "--out", str(tmp_path)]) == 0
    assert "complete" in capsys.readouterr().out
    rows = list(csv.reader(io.StringIO((tmp_path / "b_06.01.csv").read_text(encoding="utf-8"))))
    assert rows[0][0] == "b_06.01.0010"
    assert len(rows) == 2 + len(whole().processes)
    hostile = dora.csv_of(dora.FUNCTIONS, dora.functions(p.Plan(processes=(p.Process(id="a", name="=cmd()"),))))
    assert b"'=cmd()" in hostile


def test_an_incomplete_plan_fails_from_the_shell_and_names_what_is_missing(capsys):
    assert main(["dora", "microsoft-bpos-2011"]) == 1
    said = capsys.readouterr().out
    assert (
        "b_06.01.0010  Order intake by e-mail: function identifier is not stated (processes order-intake, function id)"
        in said
    )
    assert "b_07.01.0020  Hosted e-mail and calendars (BPOS): provider's identifier is not stated" in said


def test_one_provider_may_serve_two_types_under_one_contract():
    first, second = dora.reported(whole())[:2]
    other = next(kind for kind in ("S01", "S02") if kind != second.registration.service_type)
    registration = replace(first.registration, provider_id=second.registration.provider_id, service_type=other)
    assert not dora.lint(service(contract=second.contract, registration=registration))


RULES = [
    (process(function_id=""), 805), (replace(whole(), organisation=replace(whole().organisation, lei="")), 805),
    (service(contract=p.Contract()), 805), (registered(provider_id=""), 805), (process(rto_hours=None), 0),
    (process(function_id=next(one.function_id for one in whole().processes if not one.critical)), 806),
    (replace(whole(), dependencies=()), 807),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "rule"), RULES)
def test_a_fault_names_the_filing_rule_that_would_reject_it(plan, rule):
    assert rule in {one.rule for one in dora.lint(plan)}


CODES = [
    (dora.FUNCTIONS, "b_06.01.0050", "yes", "eba_BT:x28"), (dora.FUNCTIONS, "b_06.01.0100", "high", "eba_ZZ:x793"),
    (dora.FUNCTIONS, "b_06.01.0020", "payments", "payments"), (dora.SERVICES, "b_07.01.0030", "lei", "eba_qCO:qx2000"),
    (dora.SERVICES, "b_07.01.0030", "VAT", "VAT"), (dora.SERVICES, "b_07.01.0040", "S14", "eba_TA:S14"),
    (dora.SERVICES, "b_07.01.0050", "highly complex", "eba_ZZ:x960"), (dora.SERVICES, "b_07.01.0090", "highly complex", "eba_ZZ:x968"),
    (dora.SERVICES, "b_07.01.0110", "assessment not performed", "eba_BT:x21"),
    (dora.SERVICES, "b_07.01.0070", "9999-12-31", "9999-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("columns", "code", "word", "member"), CODES)
def test_a_word_has_the_taxonomys_code_where_it_is_known_and_stays_a_word_where_not(columns, code, word, member):
    row = [word if column.code == code else "" for column in columns]
    assert dora.coded(columns, [row])[0][[column.code for column in columns].index(code)] == member


def test_every_word_a_plan_can_hold_in_a_coded_column_has_its_code():
    for columns, rows in ((dora.FUNCTIONS, dora.functions(whole())), (dora.SERVICES, dora.services(whole()))):
        for row in rows:
            pairs = [(column, cell) for column, cell in zip(columns, row, strict=True) if column.codes]
            unknown = [column.code for column, cell in pairs if not {cell, cell.upper()} & set(column.codes)]
            assert unknown == []


def test_the_workbook_holds_both_templates_in_words_and_codes_and_the_faults(tmp_path):
    assert main(["dora", "microsoft-bpos-2011", "--xlsx", str(tmp_path / "d.xlsx")]) == 1
    book = openpyxl.load_workbook(tmp_path / "d.xlsx")
    assert book.sheetnames == ["b_06.01", "b_07.01", "b_06.01 coded", "b_07.01 coded", "Faults"]
    assert book["b_06.01 coded"]["E3"].value == "eba_BT:x28"
    assert book["Faults"].max_row > 10
    assert main(["dora", "complete", "--coded", "--out", str(tmp_path)]) == 0
    assert "eba_BT:x28" in (tmp_path / "b_06.01.csv").read_text(encoding="utf-8")
