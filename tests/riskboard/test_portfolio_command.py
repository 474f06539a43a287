"""`riskboard portfolio`: the example runs, every bad file is refused in one sentence, and scenarios say who is down."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from riskboard.cli import main

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "portfolio.toml"
TWO = '[[services]]\nvendor = "modal"\n[[services]]\nvendor = "trello"\n'


def test_the_example_runs_and_prints_the_same_twice(capsys: pytest.CaptureFixture[str]) -> None:
    printed = []
    for _ in range(2):
        assert main(["portfolio", str(EXAMPLE), "--years", "500", "--json"]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    told = json.loads(printed[0])
    assert [one["name"] for one in told["services"]] == ["github", "pagerduty", "slack", "trello"]
    assert told["any_critical_with_fallbacks"]["value"] <= told["any_critical"]["value"]


def test_the_table_prints_no_certainty(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", str(EXAMPLE), "--years", "50"]) == 0
    out = capsys.readouterr().out
    assert "with fallbacks" in out
    assert "100%" not in out


def test_a_scenario_says_who_is_down_and_how_long_past_the_rto(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", str(EXAMPLE), "--scenario", "us-east-1", "--json"]) == 0
    struck = {one["name"]: one for one in json.loads(capsys.readouterr().out)["struck"]}
    assert {name: one["over_rto_hours"] for name, one in struck.items()} == {"slack": 11.0, "trello": 0.0}


ATLASSIAN = (
    '[[services]]\nvendor = "jira"\nfallback = {service = "trello", takeover = "2h"}\n'
    '[[services]]\nvendor = "trello"\nstandby = true\n'
)


@pytest.fixture
def atlassian(tmp_path: Path) -> str:
    path = tmp_path / "portfolio.toml"
    path.write_text(ATLASSIAN)
    return str(path)


def test_what_nobody_declared_is_taken_from_the_incidents_and_shown_with_them(
    atlassian: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["portfolio", atlassian, "--years", "50"]) == 0
    out = capsys.readouterr().out
    assert "jira stands on aws: 5 incidents blame it" in out
    assert "2025-10-20  https://jira-software.status.atlassian.com/incidents/wh0w6jjt6g5l" in out
    assert main(["portfolio", atlassian, "--years", "50", "--json"]) == 0
    inferred = json.loads(capsys.readouterr().out)["inferred"]
    assert {name: [one["upstream"] for one in taken] for name, taken in inferred.items()} == {
        "jira": ["aws"],
        "trello": ["aws"],
    }
    assert len(inferred["jira"][0]["incidents"]) == 5


def test_inference_turned_off_leaves_what_the_file_declares(atlassian: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", atlassian, "--years", "50", "--no-infer", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["inferred"] == {}
    assert "no-dependencies-known" in told["flags"]


def test_a_scenario_finds_the_fallback_that_stands_on_the_same_cloud(
    atlassian: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["portfolio", atlassian, "--scenario", "us-east-1"]) == 0
    out = capsys.readouterr().out
    assert "its fallback does not hold; both stand on aws (incident-text)" in out
    assert main(["portfolio", atlassian, "--scenario", "us-east-1", "--no-infer"]) == 0
    assert "strikes none of the services" in capsys.readouterr().out


def test_the_result_is_written_where_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "result.json"
    assert main(["portfolio", str(EXAMPLE), "--years", "50", "--json", str(out)]) == 0
    assert json.loads(out.read_bytes())["years"] == 50
    assert "simulated years" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services = 1", "no portfolio file"),
        ("]", "no portfolio file"),
        ('[[services]]\nvendor = "modal"\ncolour = "red"', "colour"),
        ('[[services]]\nvendor = "modall"', "did you mean modal"),
        ('[[services]]\nvendor = "modal"\nrto = "soon"', "no length of time"),
        (TWO.replace("trello", "modal"), "a name of its own"),
        ('[[services]]\nvendor = "modal"\ndepends_on = [{upstream = "x", share = 0.5}]', "not among the upstreams"),
        ('[[upstreams]]\nid = "x"\n[[services]]\nvendor = "modal"', "x needs a kind"),
        ('[[upstreams]]\nid = "okta"\nrate = nan\n' + TWO, "finite"),
        ('[[upstreams]]\nid = "okta"\nkind = "moon"\n' + TWO, "moon"),
        (TWO + 'fallback = {service = "modal", takeover = "1h", capacity = 2}', "capacity"),
        (TWO + 'fallback = {service = "slack", takeover = "1h"}', "another service of the portfolio"),
        (TWO + 'depends_on = [{upstream = "okta", share = 0.5, evidence = "rumour"}]', "rumour"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "portfolio.toml"
    path.write_text(text)
    assert main(["portfolio", str(path), "--years", "10"]) == 1
    told = capsys.readouterr()
    assert says in told.err
    assert told.err.count("\n") == 1
    assert not told.out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nowhere.toml"], "cannot be read"),
        ([str(EXAMPLE), "--scenario", "comet"], "known are bpos and us-east-1"),
        ([str(EXAMPLE), "--years", "0"], "years must be"),
        ([str(EXAMPLE), "--seed", "-1"], "seed"),
    ],
)
def test_a_bad_argument_is_refused(arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["portfolio", *arguments]) == 1
    assert says in capsys.readouterr().err
