"""`riskboard plan`: the answer, the lint, the promises and what is due, from the shell."""

from __future__ import annotations

import json

import pytest

from riskboard.cli import main


def test_the_case_of_2011_is_told_from_the_shell(capsys):
    assert main(["plan", "microsoft-bpos-2011"]) == 0
    told = capsys.readouterr().out
    assert "CANNOT BE MET  Order intake by e-mail on Hosted e-mail and calendars (BPOS) (RTO 4 h)" in told
    assert "any critical process stopped beyond its RTO within 12 months: 95%" in told
    assert "error   P30  Head of sales can be reached only by what fails" in told
    assert "promise, due soon: Microsoft BPOS (May 2011), A post-mortem of the queues of 19 May" in told
    assert "due 2011-05-31 (in 11 days)" in told


def test_the_document_holds_all_of_it(capsys, tmp_path):
    assert main(["plan", "microsoft-bpos-2011", "--json", str(tmp_path / "plan.json")]) == 0
    made = json.loads((tmp_path / "plan.json").read_bytes())
    assert set(made) == {"answer", "lint", "promises", "register", "reminders"}
    assert made["answer"]["schema"] == "riskboard.answer/1"
    capsys.readouterr()
    assert main(["plan", "microsoft-bpos-2011", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == made


def test_another_day_finds_the_promise_late(capsys):
    assert main(["plan", "microsoft-bpos-2011", "--as-of", "2011-06-02"]) == 0
    assert "promise, late" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("plan", "options", "code"),
    [
        ("microsoft-bpos-2011", [], 0),
        ("microsoft-bpos-2011", ["--fail-on", "error"], 1),
        ("microsoft-bpos-2011", ["--fail-on", "advice", "--json"], 1),
        ("complete", ["--fail-on", "advice"], 0),
    ],
)
def test_a_script_is_told_by_the_exit_code_where_it_asks(capsys, plan, options, code):
    assert main(["plan", plan, *options]) == code


def test_only_what_is_as_bad_as_asked_fails(capsys, tmp_path):
    lone = tmp_path / "lone.toml"  # a process without an owner, impact or approval: warnings and advice, no error
    lone.write_text('[[processes]]\nid = "a"\nname = "A"\n', encoding="utf-8")
    assert main(["plan", str(lone), "--fail-on", "error"]) == 0
    assert main(["plan", str(lone), "--fail-on", "warning"]) == 1


FAULTS = [
    ("missing.toml", None, "cannot be read"),
    ("broken.toml", "[[processes]\n", "is no plan"),
    ("unknown.toml", '[[processes]]\nid = "a"\nname = "A"\nrto = 4\n', "unknown field `rto`"),
    (
        "dangling.toml",
        '[[processes]]\nid = "a"\nname = "A"\nowner = "b"\n',
        "'a' names 'b', which is not among the contacts",
    ),
    ("broken.json", "{", "not readable as JSON"),
]


@pytest.mark.parametrize(("name", "text", "what"), FAULTS)
def test_a_file_that_is_no_plan_is_refused_in_one_line(capsys, tmp_path, name, text, what):
    path = tmp_path / name
    if text is not None:
        path.write_text(text, encoding="utf-8")
    assert main(["plan", str(path)]) == 1
    said = capsys.readouterr().err
    assert what in said
    assert said.count("\n") == 1


def test_a_vendor_that_is_not_bundled_is_judged_from_its_facts(capsys, tmp_path):
    from tests.assessments.making import make_facts, make_incident
    from vendors.facts_file import dumps

    facts = tmp_path / "facts.json"
    facts.write_bytes(dumps(make_facts(tuple(make_incident(n, hours=9.0) for n in range(1, 20)))))
    plan = tmp_path / "plan.toml"
    plan.write_text(
        '[[processes]]\nid = "a"\nname = "A"\nrto_hours = 4\n[[services]]\nid = "s"\nname = "S"\nvendor = "vendor"\n'
        '[[dependencies]]\nid = "d"\nprocess = "a"\nservice = "s"\n',
        encoding="utf-8",
    )
    assert main(["plan", str(plan)]) == 0
    assert "not judged: vendor" in capsys.readouterr().out
    assert main(["plan", str(plan), "--facts", str(facts)]) == 0
    assert "CANNOT BE MET" in capsys.readouterr().out
