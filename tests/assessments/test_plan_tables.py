"""The plan as tables: out and in gives the same plan, whatever is in it; every fault names its cell."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from assessments.continuity import plan as p
from assessments.continuity import plan_file
from assessments.continuity.examples import load
from assessments.continuity.plan import KINDS, Plan
from assessments.planning import tables
from riskboard.errors import Refused
from riskboard.locales import LANGUAGES, speaking

COMPLETE, BPOS = (plan_file.normalise(load(name)) for name in ("complete", "microsoft-bpos-2011"))


def book(sheets: dict[str, list[list[object]]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def of(data: bytes, plan: Plan = BPOS, **options) -> Plan:
    return tables.load(data, plan, **options)


@pytest.mark.parametrize("plan", [COMPLETE, BPOS, Plan()], ids=["complete", "bpos", "empty"])
def test_a_workbook_of_the_whole_plan_goes_out_and_comes_back_the_same(plan):
    data = tables.to_workbook(plan)
    assert of(data, plan) == plan
    again = of(data, Plan())
    assert all(getattr(again, kind) == getattr(plan, kind) for kind in KINDS)
    assert tables.to_workbook(of(data, plan)) == data, "the same again gives the same bytes"


@pytest.mark.parametrize("kind", KINDS)
def test_one_kind_as_csv_goes_out_and_comes_back_the_same(kind):
    data = tables.to_table(kind, COMPLETE, "csv")
    assert of(data, COMPLETE, name=f"{kind}.csv") == COMPLETE
    if kind in ("dependencies", "exercises", "runbooks", "commitments", "decisions"):  # nothing refers to these
        without = replace(COMPLETE, **{kind: ()})
        assert of(data, without, name=f"{kind}.csv") == COMPLETE


TEXT = st.text(st.sampled_from("ab1 =+-@'\"\t\n,;|<é＝\u202e%"), max_size=12)
HOURS = st.none() | st.sampled_from([0.25, 1 / 3, 1.0, 4.5, 24.0, 36.0, 87_600.0]) | st.floats(0.01, 87_000)
NAMES = TEXT.filter(lambda text: bool(text))
PROCESS = st.builds(
    p.Process, id=st.sampled_from(["a", "b-1", "c"]), name=NAMES, description=TEXT, critical=st.booleans(), rto_hours=HOURS,
    mtd_hours=HOURS,
    cost_per_hour=st.none() | st.floats(0, 1e12), working_hours=TEXT, reviewed_on=st.none() | st.dates(date(1990, 1, 1)),
    impact=st.builds(p.Impact, h1=st.none() | st.sampled_from(p.SEVERITIES)),
)  # fmt: skip
CONTACT = st.builds(
    p.Contact, id=st.sampled_from(["x", "y"]), name=NAMES, note=TEXT,
    channels=st.lists(st.builds(p.Channel, kind=st.just("phone"), address=TEXT, via=st.just(("slack",))), max_size=3).map(tuple),
)  # fmt: skip
PLANS = st.builds(
    Plan, processes=st.lists(PROCESS, unique_by=lambda one: one.id, max_size=3).map(tuple),
    contacts=st.lists(CONTACT, unique_by=lambda one: one.id, max_size=2).map(tuple),
).map(plan_file.normalise)  # fmt: skip


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(PLANS)
def test_bringing_back_what_was_taken_changes_nothing_whatever_it_holds(plan):
    for kind in ("processes", "contacts"):
        assert tables.load(tables.to_table(kind, plan, "csv"), plan, name=f"{kind}.csv") == plan


@settings(max_examples=5, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(PLANS)
def test_the_same_holds_of_a_workbook(plan):
    assert tables.load(tables.to_workbook(plan), plan) == plan


@pytest.mark.parametrize("taken", LANGUAGES)
@pytest.mark.parametrize("brought", LANGUAGES)
def test_a_workbook_taken_in_one_language_is_brought_back_in_any(taken, brought):
    with speaking(taken):
        data = tables.to_workbook(BPOS)
    names = openpyxl.load_workbook(io.BytesIO(data)).sheetnames
    assert names[0] == {"en": "Processes", "de": "Prozesse", "fr": "Processus"}[taken]
    with speaking(brought):
        assert tables.load(data, BPOS) == BPOS
        assert tables.load(data, Plan(organisation=BPOS.organisation)).processes == BPOS.processes


def test_a_row_without_an_id_is_new_once_and_then_the_same():
    data = b"name,critical,rto_hours\nPay the staff,yes,3d\n"
    first = of(data, name="processes.csv")
    made = next(one for one in first.processes if one.id == "pay-the-staff")
    assert (made.name, made.critical, made.rto_hours) == ("Pay the staff", True, 72.0)
    assert of(data, first, name="processes.csv") == first


@pytest.mark.parametrize(
    "text", ["'tis", "'=x", "''=x", "\n''=x", "\t'=x", "'\t=a\n\u202e-@", " = ", "＝x", "\u202e=x", "-", "a\r\nb", "'"]
)
def test_marks_before_a_formula_are_no_change_in_either_format(text):
    plan = plan_file.normalise(Plan(processes=(p.Process(id="a", name="A", description=text),)))
    assert tables.load(tables.to_workbook(plan), plan) == plan
    assert tables.load(tables.to_table("processes", plan, "csv"), plan, name="processes.csv") == plan


def test_columns_and_items_that_are_left_out_stay():
    item = BPOS.processes[0]
    changed = of(f"id,owner\n{item.id},\n".encode(), name="processes.csv")
    assert changed.processes[0] == replace(item, owner=None)
    assert len(changed.processes) == len(BPOS.processes)


def test_items_are_taken_out_only_where_one_asks_for_it():
    data = b"id,name\ndesk,Desk\n"
    assert len(of(data, name="contacts.csv").contacts) == len(BPOS.contacts) + 1
    with pytest.raises(tables.TableError, match="not among the contacts"):
        of(data, name="contacts.csv", removes=True)
    alone = of(data, Plan(contacts=(p.Contact(id="x", name="X"),)), name="contacts.csv", removes=True)
    assert [one.id for one in alone.contacts] == ["desk"]


def test_a_reference_may_be_a_name_also_of_something_in_the_same_file():
    made = of(
        book(
            {
                "Services": [["name", "vendor"], ["Chat", "Slack"]],
                "Processes": [["name"], ["Support"]],
                "Dependencies": [["process", "service", "essential", "share"], ["support", "CHAT", "no", "60 %"]],
            }
        ),
        Plan(),
    )
    link = made.dependencies[0]
    assert (link.process, link.service, link.essential, link.share) == ("support", "chat", False, 0.6)


def test_cells_that_people_type_are_read_as_they_look():
    made = openpyxl.Workbook()
    made.active.title = "Fallbacks"
    made.active.append(["name", "service", "capacity", "people_trained", "takeover_hours"])
    made.active.append(["Paper", BPOS.services[0].id, 0.6, 3.0, "2h"])
    made.active["C2"].number_format = "0%"
    out = io.BytesIO()
    made.save(out)
    one = next(one for one in of(out.getvalue()).fallbacks if one.id == "paper")
    assert (one.capacity, one.people_trained, one.takeover_hours) == (0.6, 3, 2.0)
    days = book({"Exercises": [["kind", "held_on", "result"], ["restore", date(2026, 2, 1), "passed"]]})
    assert of(days).exercises[-1].held_on == date(2026, 2, 1)


FAULTS = [
    ({"Processes": [["name", "rto_hours"], ["A", 4]]}, "Processes!B2", "4 of what? Write 4h"),
    ({"Processes": [["name", "rto_hours"], ["A", "soon"]]}, "Processes!B2", "soon"),
    ({"Processes": [["name", "critical"], ["A", "maybe"]]}, "Processes!B2", "Write yes or no"),
    ({"Processes": [["name", "cost_per_hour"], ["A", -1]]}, "Processes!B2", "a number from 0"),
    ({"Processes": [["name", "impact.h1"], ["A", "dire"]]}, "Processes!B2", "Choose one of the list"),
    ({"Processes": [["name", "owner"], ["A", "nobody"]]}, "Processes!B2", "'nobody' is not among the contacts"),
    ({"Processes": [["name"], ["A"], ["A"]]}, "Processes!A3", "about the same; give each an id"),
    ({"Processes": [["id", "name"], ["a", "A"], ["a", "B"]]}, "Processes!A3", "the same id as Processes!A2"),
    ({"Processes": [["id", "name"], ["A b", "A"]]}, "Processes!A2", "small letters, digits and hyphens, like a-b"),
    ({"Processes": [["id", "name"], ["a", ""]]}, "Processes!B2", "this is needed"),
    ({"Processes": [["name", "colour"], ["A", "red"]]}, "Processes!B1", "'colour' is no column of the processes"),
    ({"Processes": [["name", "impact"], ["A", "red"]]}, "Processes!B1", "is no column"),
    ({"Services": [["name"], ["A"]]}, "Services!A2", "this is needed"),
    ({"Contacts": [["name", "channels.1.kind", "channels.1.address"], ["A", "drum", "x"]]}, "Contacts!B2", "Choose one"),
    ({"Exercises": [["kind", "held_on", "result"], ["restore", "2026-02-30", "passed"]]}, "Exercises!B2", "is no date"),
    ({"Exercises": [["kind", "held_on", "result", "evidence"], ["restore", "2026-02-03", "passed", "ftp://x"]]},
     "Exercises!D2", "link"),
    ({"Commitments": [["vendor", "kind", "said", "source", "made_on", "due_on"],
                      ["slack", "rto", "x", "y", "2026-02-01", "2026-01-01"]]}, "Commitments!F2", "is due before it was made"),
    ({"Processes": [["name"], ["x" * 300]]}, "Processes!A2", "at most 200"),
]  # fmt: skip


@pytest.mark.parametrize(("sheets", "place", "what"), FAULTS, ids=[f"{place} {what}" for _, place, what in FAULTS])
def test_every_fault_names_its_cell(sheets, place, what):
    with pytest.raises(tables.TableError) as refused:
        of(book(sheets))
    assert place in [at for at, _ in refused.value.faults], refused.value.faults
    assert any(what in told for _, told in refused.value.faults), refused.value.faults


def test_all_faults_of_a_file_are_told_at_once():
    with pytest.raises(tables.TableError) as refused:
        of(book({"Processes": [["name", "rto_hours"], ["A", 4], ["B", 5]], "Contacts": [["id", "name"], ["c", ""]]}))
    assert [at for at, _ in refused.value.faults] == ["Processes!B2", "Processes!B3", "Contacts!B2"]


@pytest.mark.parametrize(
    ("data", "name", "told"),
    [
        (b"name\nA\n", "list.csv", "name the file after what it holds"),
        (b"", "processes.csv", "is empty"),
        (b"name,name\nA,B\n", "processes.csv", "twice"),
        (book({"Sheet1": [["name"], ["A"]]}), "a.xlsx", "no sheet of the file is one of Processes"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "a.xlsx", "locked with a password"),
    ],
)
def test_what_is_no_table_of_the_plan_is_refused_in_a_sentence(data, name, told):
    with pytest.raises(Refused, match=told):
        of(data, name=name)


def test_a_csv_is_known_by_its_columns_where_its_name_says_nothing():
    assert of(b"process,service,essential\n", name="x.csv") == BPOS


def test_no_cell_runs_as_a_formula():
    plan = Plan(processes=(p.Process(id="a", name="=cmd()", description="+1"),))
    made = openpyxl.load_workbook(io.BytesIO(tables.to_workbook(plan)))
    assert all(cell.data_type != "f" for sheet in made for row in sheet for cell in row)
    assert b"'=cmd()" in tables.to_table("processes", plan, "csv")


@pytest.mark.parametrize("plan", [COMPLETE, BPOS, Plan()], ids=["complete", "bpos", "empty"])
def test_toml_holds_the_whole_plan(plan):
    assert plan_file.loads_toml(plan_file.dumps_toml(plan)) == plan


@pytest.mark.parametrize("raw", [b"\xff", b"a = ", b'schema = "riskboard.plan/9"', b"processes = 5"])
def test_a_toml_file_that_is_no_plan_is_refused(raw):
    with pytest.raises(plan_file.PlanError):
        plan_file.loads_toml(raw)
